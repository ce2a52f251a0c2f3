package io.outrider.redaction.rule;

/// A text that is not TOML: the line and the reason.
public final class TomlException extends Exception {
  private final int line;

  TomlException(int line, String reason) {
    super(reason);
    this.line = line;
  }

  /// The line of the mistake, from 1.
  public int line() {
    return line;
  }
}
