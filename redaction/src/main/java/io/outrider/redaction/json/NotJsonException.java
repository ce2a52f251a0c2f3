package io.outrider.redaction.json;

/// The bytes are not a JSON text, or nest too deep. Names the place, never the content.
public final class NotJsonException extends Exception {
  public NotJsonException(String message) {
    super(message);
  }
}
