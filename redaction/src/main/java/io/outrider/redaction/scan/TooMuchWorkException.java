package io.outrider.redaction.scan;

/// A text costs more to search than any honest one: the search was given up.
public final class TooMuchWorkException extends Exception {
  TooMuchWorkException(String message) {
    super(message);
  }
}
