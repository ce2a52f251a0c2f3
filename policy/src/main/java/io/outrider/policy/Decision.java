package io.outrider.policy;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The answer to one input. There is no third case: what is not an [Allow] is a [Deny].
public sealed interface Decision {

  /// Elements of `warn`; they never block.
  List<Reason> warnings();

  /// The rules that contributed, by file and row, in the order they did.
  List<RuleRef> rules();

  /// Every named package allowed and none denied.
  ///
  /// @param obligations all of them must be carried out, else the call must be refused
  /// @param labels for audit and metrics
  record Allow(
      List<Obligation> obligations,
      List<Reason> warnings,
      Map<String, String> labels,
      List<RuleRef> rules)
      implements Decision {
    public Allow {
      obligations = List.copyOf(obligations);
      warnings = List.copyOf(warnings);
      labels = Map.copyOf(labels);
      rules = List.copyOf(rules);
    }
  }

  /// The call must not happen. `reasons` is never empty.
  record Deny(Cause cause, List<Reason> reasons, List<Reason> warnings, List<RuleRef> rules)
      implements Decision {
    public Deny {
      Objects.requireNonNull(cause, "cause");
      reasons = List.copyOf(reasons);
      warnings = List.copyOf(warnings);
      rules = List.copyOf(rules);
      if (reasons.isEmpty()) {
        throw new IllegalArgumentException("reasons: [] (expected: at least one)");
      }
    }
  }

  /// What kind of deny it is: a policy's intent, a policy's silence, or a policy that does not
  /// work.
  enum Cause {
    /// A `deny` rule produced an element.
    DENY_RULE,
    /// No `deny`, but `allow` is undefined or `false` in a package that must allow.
    NOT_ALLOWED,
    /// A built-in failed, rules contradicted each other, or a limit on steps, depth or time was
    /// passed.
    EVALUATION_FAILED,
    /// A rule of the contract has a value of the wrong type, such as `allow := "true"`.
    BAD_DECISION
  }
}
