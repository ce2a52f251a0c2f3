package io.outrider.app.terminal;

/// Ends a command with a message for the user and exit status 2. Not a bug: no stack trace is
/// shown.
public final class Fatal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Fatal(String message) {
    super(message, null, false, false);
  }
}
