package io.outrider.redaction.check;

/// A test of one candidate. Pure and thread-safe.
@FunctionalInterface
public interface Check {
  /// Whether the bytes in `[start, stop)` may be what the rule looks for. The text around them is
  /// bounded by `[begin, end)`.
  boolean accepts(byte[] text, int begin, int end, int start, int stop);

  /// Whether a value may be accepted that begins with the bytes in `[start, stop)` and may go on.
  default boolean mayAccept(byte[] text, int start, int stop) {
    return true;
  }
}
