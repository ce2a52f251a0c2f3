package io.outrider.audit.store;

import java.io.IOException;

/// Somebody else holds the log's lock: it is open, in this process or another.
public final class LogInUseException extends IOException {
  private static final long serialVersionUID = 1L;

  public LogInUseException(String message) {
    super(message);
  }

  public LogInUseException(String message, Throwable cause) {
    super(message, cause);
  }
}
