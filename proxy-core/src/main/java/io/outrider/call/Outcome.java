package io.outrider.call;

/// How a call ended. Closed: every place that must treat an ending breaks when one is added.
public sealed interface Outcome permits Outcome.Completed, Refusal, Failure {

  /// The stable name used in audit, metrics, logs and `docs/errors.md`.
  String slug();

  /// The server answered and the answer was delivered.
  ///
  /// @param isError the server's own answer was an error, or a tool result with `isError`
  record Completed(boolean isError) implements Outcome {
    @Override
    public String slug() {
      return "completed";
    }
  }
}
