package io.outrider.redaction.match;

/// A regular expression that this engine does not take, and why.
public final class RegexSyntaxException extends Exception {
  public RegexSyntaxException(String message) {
    super(message);
  }
}
