package io.outrider.redaction;

/// The redactor could not do its work: the text is not JSON, or nests or costs more than the limits
/// allow. Whoever catches it must refuse the message. The text of the exception never quotes the
/// input.
public final class RedactionException extends RuntimeException {
  public RedactionException(String message) {
    super(message);
  }

  public RedactionException(String message, Throwable cause) {
    super(message, cause);
  }
}
