package io.outrider.policy.eval;

import io.outrider.policy.syntax.Span;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Stops an evaluation: a failed built-in, a conflict between rules, or a limit.
public final class EvalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public static final String CONFLICT = "eval_conflict_error";
  public static final String INTERNAL = "eval_internal_error";

  private final Kind kind;
  private final String code;
  private final transient @Nullable Span at;

  /// What went wrong, for whoever has to tell apart a broken policy from a costly one.
  public enum Kind {
    /// A built-in refused its arguments, or rules contradict each other.
    ERROR,
    TOO_MANY_STEPS,
    TOO_DEEP,
    TOO_SLOW,
    /// What was asked for has more elements and characters than may be given out.
    TOO_BIG
  }

  EvalException(Kind kind, String code, String message, @Nullable Span at) {
    super(message, null, false, false);
    this.kind = Objects.requireNonNull(kind, "kind");
    this.code = Objects.requireNonNull(code, "code");
    this.at = at;
  }

  static EvalException conflict(String message, @Nullable Span at) {
    return new EvalException(Kind.ERROR, CONFLICT, message, at);
  }

  public Kind kind() {
    return kind;
  }

  /// The code OPA gives the error, or one of our own for a limit (`eval_step_limit_error`, ...).
  public String code() {
    return code;
  }

  /// The place in the policy, or null where there is no single one.
  public @Nullable Span at() {
    return at;
  }

  /// The message without place and code.
  public String text() {
    return String.valueOf(getMessage());
  }
}
