package io.outrider.audit.store;

import java.io.IOException;

/// There was no room for the next journal segment. Nothing was written and nothing is lost; the
/// same write may succeed later.
public final class NoRoomException extends IOException {
  private static final long serialVersionUID = 1L;

  NoRoomException(String message, Throwable cause) {
    super(message, cause);
  }
}
