package io.outrider.upstream.stdio;

/// How a child ended.
public sealed interface ExitStatus {

  /// The end in words, for logs and operators.
  String describe();

  /// It never ran.
  ///
  /// @param reason what was in the way, such as `command not found: npx`
  record NotStarted(String reason) implements ExitStatus {
    @Override
    public String describe() {
      return "not started: " + reason;
    }
  }

  /// It ran and ended.
  ///
  /// @param code its exit code; 128 + n when signal n ended it
  /// @param requested whether this side had asked it to end
  record Ended(int code, boolean requested) implements ExitStatus {
    @Override
    public String describe() {
      String how =
          code > 128 && code < 160 ? "ended by signal " + (code - 128) : "exit code " + code;
      return requested ? how + ", as asked" : how;
    }
  }
}
