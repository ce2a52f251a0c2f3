package io.outrider.audit.record;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the gates said about one call, and on which ground.
///
/// @param rules every rule that took part, most decisive first
/// @param bundleDigest digest of the policy bundle that was asked
/// @param configDigest digest of the configuration snapshot the call kept
/// @param warnings what the policy warned of
/// @param obligations obligations carried out
/// @param labels labels the policy attached
/// @param redactions what was taken out of the request before it was forwarded
/// @param evaluationNanos time the policy took
/// @param limitWaitNanos time the call waited for its turn
public record Decision(
    Verdict verdict,
    List<Rule> rules,
    @Nullable String bundleDigest,
    @Nullable String configDigest,
    List<String> warnings,
    List<String> obligations,
    Map<String, String> labels,
    List<Redaction> redactions,
    long evaluationNanos,
    long limitWaitNanos) {

  /// What the policy decided.
  public enum Verdict {
    ALLOW("allow"),
    DENY("deny"),
    /// The policy denied, but it runs in shadow mode and the call was let through.
    SHADOW_DENY("shadow_deny"),
    /// The policy was not asked.
    NONE("none");

    private final String slug;

    Verdict(String slug) {
      this.slug = slug;
    }

    /// The name in the log; never changes.
    public String slug() {
      return slug;
    }
  }

  /// The policy was not asked.
  public static final Decision NONE =
      new Decision(
          Verdict.NONE, List.of(), null, null, List.of(), List.of(), Map.of(), List.of(), 0, 0);

  public Decision {
    Objects.requireNonNull(verdict, "verdict");
    rules = List.copyOf(rules);
    warnings = List.copyOf(warnings);
    obligations = List.copyOf(obligations);
    labels = labels.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(labels));
    redactions = List.copyOf(redactions);
    Checks.notNegative("evaluationNanos", evaluationNanos);
    Checks.notNegative("limitWaitNanos", limitWaitNanos);
  }
}
