package io.outrider.enforce;

import io.outrider.policy.PolicySet;
import io.outrider.redaction.Redactor;
import java.util.concurrent.atomic.AtomicReference;

/// The rules in force, swapped whole. A call reads them once. Thread-safe.
public final class LiveRules {

  private final AtomicReference<Rules> current;

  public LiveRules(Rules first) {
    current = new AtomicReference<>(first);
  }

  public Rules current() {
    return current.get();
  }

  public void replace(PolicySet policy) {
    current.updateAndGet(rules -> rules.with(policy));
  }

  public void replace(Redactor redactor) {
    current.updateAndGet(rules -> rules.with(redactor));
  }

  public void replace(Rules rules) {
    // Tokens that were given out must stay good.
    current.updateAndGet(before -> rules.with(before.vault()));
  }
}
