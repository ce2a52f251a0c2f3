package io.outrider.app.config;

import java.time.Duration;
import java.util.Optional;

/// Durations as the configuration writes them: `500ms`, `2s`, `5m`, `1h`, `1d`.
public final class Durations {
  private Durations() {}

  /// The duration, or nothing if the text is not one.
  public static Optional<Duration> parse(String text) {
    try {
      return Optional.of(Scalars.duration(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
