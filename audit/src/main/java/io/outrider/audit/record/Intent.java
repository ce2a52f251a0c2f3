package io.outrider.audit.record;

import java.time.Instant;
import java.util.Objects;

/// The decision to forward one call, written and made durable before the first byte leaves for the
/// upstream.
public record Intent(CallFacts call, Decision decision) implements AuditRecord {

  public Intent {
    Objects.requireNonNull(call, "call");
    Objects.requireNonNull(decision, "decision");
    if (decision.verdict() == Decision.Verdict.DENY) {
      throw new IllegalArgumentException(
          "verdict of an intent: DENY (expected: ALLOW, SHADOW_DENY or NONE)");
    }
  }

  @Override
  public Instant time() {
    return call.time();
  }
}
