package io.outrider.sinks;

import java.io.IOException;
import java.time.Duration;

/// A receiver asked for some time.
public final class Later extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Duration after;

  /// @param after how long it asked for
  public Later(String message, Duration after) {
    super(message);
    this.after = after;
  }

  Duration after() {
    return after;
  }
}
