package io.outrider.sinks;

/// A receiver looked at what it got and will not take it, now or later: too large, not in a form it
/// knows.
public final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  public Refused(String message) {
    super(message);
  }

  public Refused(String message, Throwable cause) {
    super(message, cause);
  }
}
