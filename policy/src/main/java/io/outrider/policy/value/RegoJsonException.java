package io.outrider.policy.value;

/// The text is not JSON, or is deeper or larger than this reader takes. The message carries line
/// and column, and never the text itself.
public final class RegoJsonException extends RuntimeException {
  public RegoJsonException(String message) {
    super(message);
  }
}
