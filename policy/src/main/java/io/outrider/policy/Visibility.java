package io.outrider.policy;

import io.outrider.policy.Decision.Cause;
import java.util.List;
import java.util.Objects;

/// Whether a tool belongs into the list shown to a client, judged before anyone knows the arguments
/// of a call.
public sealed interface Visibility {

  /// Some arguments may make the call allowed. It says nothing about which.
  record Visible() implements Visibility {}

  /// No arguments can make the call allowed, or a `visible` rule is false, or judging failed.
  /// `reasons` is never empty.
  record Hidden(Cause cause, List<Reason> reasons, List<RuleRef> rules) implements Visibility {
    public Hidden {
      Objects.requireNonNull(cause, "cause");
      reasons = List.copyOf(reasons);
      rules = List.copyOf(rules);
    }
  }
}
