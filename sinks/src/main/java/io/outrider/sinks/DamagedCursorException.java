package io.outrider.sinks;

/// A cursor cannot be trusted, so its sink does not start: to guess would be to skip or to repeat
/// without saying so.
public final class DamagedCursorException extends Exception {
  private static final long serialVersionUID = 1L;

  DamagedCursorException(String message) {
    super(message);
  }
}
