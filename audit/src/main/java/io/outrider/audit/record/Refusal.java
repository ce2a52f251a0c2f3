package io.outrider.audit.record;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/// A call that was not forwarded, and why. Nothing of it reached an upstream.
///
/// @param slug the stable name of the refusal, such as `refused.denied`
/// @param reasons human-readable reasons, most important first; may repeat what clients were not
///   told
/// @param decision what the policy said; [Decision#NONE] when the call never got that far
public record Refusal(CallFacts call, String slug, List<String> reasons, Decision decision)
    implements AuditRecord {

  public Refusal {
    Objects.requireNonNull(call, "call");
    Checks.slug(slug);
    reasons = List.copyOf(reasons);
    Objects.requireNonNull(decision, "decision");
  }

  @Override
  public Instant time() {
    return call.time();
  }
}
