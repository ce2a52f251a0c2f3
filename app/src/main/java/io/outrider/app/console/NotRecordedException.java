package io.outrider.app.console;

/// The log cannot record that it is read, so it is not shown.
public final class NotRecordedException extends Exception {
  private static final long serialVersionUID = 1L;

  public NotRecordedException(String reason) {
    super(reason);
  }
}
