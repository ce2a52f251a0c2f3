package io.outrider.policy.builtin;

/// An error in the arguments of a built-in. The message is OPA's where OPA has one, without the
/// function's name.
public final class BuiltinException extends RuntimeException {
  /// What went wrong, as OPA classifies it.
  public enum Kind {
    /// An argument has the wrong type.
    TYPE("eval_type_error"),
    /// An argument has the right type and a value the function cannot take.
    BUILTIN("eval_builtin_error"),
    /// Two results where one may be.
    CONFLICT("eval_conflict_error"),
    /// A call that the compiler would not have made.
    INTERNAL("eval_internal_error");

    private final String code;

    Kind(String code) {
      this.code = code;
    }

    /// OPA's error code, such as `eval_builtin_error`.
    public String code() {
      return code;
    }
  }

  private final Kind kind;

  public BuiltinException(Kind kind, String message) {
    // Policies may run into this on every call, so no stack trace is taken.
    super(message, null, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /// The text OPA prints after the code: the function's name and the message.
  public String describe(String function) {
    return function + ": " + getMessage();
  }
}
