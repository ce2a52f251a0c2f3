package io.outrider.review.index;

import java.io.IOException;

/// The index is not what it should be. It is thrown away and built anew; nothing is lost by that.
final class DamagedIndexException extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedIndexException(String what) {
    super("index: damaged: " + what);
  }

  DamagedIndexException(String what, Throwable cause) {
    super("index: damaged: " + what, cause);
  }
}
