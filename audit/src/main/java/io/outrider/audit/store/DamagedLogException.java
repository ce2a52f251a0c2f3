package io.outrider.audit.store;

import java.io.IOException;

/// What is on disk cannot have been left by a crash: acknowledged records were changed or are gone,
/// or the folder was rolled back. Going on would hide it.
public final class DamagedLogException extends IOException {
  private static final long serialVersionUID = 1L;

  public DamagedLogException(String message) {
    super(message);
  }

  public DamagedLogException(String message, Throwable cause) {
    super(message, cause);
  }
}
