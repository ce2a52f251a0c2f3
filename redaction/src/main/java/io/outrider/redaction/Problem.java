package io.outrider.redaction;

import java.util.Objects;

/// A rule, or a whole source of rules, that cannot be used, and why. It is never dropped in
/// silence.
///
/// @param source the name of the source, such as a file name
/// @param line where the rule starts, from 1; 0 when unknown
/// @param rule the id of the rule, or `""` when the source as a whole is meant
/// @param severity whether the rule was left out, or works with a difference
/// @param reason one sentence
public record Problem(String source, int line, String rule, Severity severity, String reason) {
  public Problem {
    Objects.requireNonNull(source);
    Objects.requireNonNull(rule);
    Objects.requireNonNull(severity);
    Objects.requireNonNull(reason);
  }

  /// What the problem costs.
  public enum Severity {
    /// The rule (or the source) is not used.
    ERROR,
    /// The rule is used with the difference that the reason names, or is about files and has
    /// nothing to say about messages.
    WARNING
  }
}
