package io.outrider.sinks;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait after each failure in a row: doubling up to a cap, with half of it by chance,
/// so that many proxies do not knock at once. Not thread-safe.
final class Backoff {
  /// Long enough for a connection to be reset, short enough not to be noticed.
  static final Duration FIRST = Duration.ofMillis(250);

  /// A receiver that comes back is noticed within a minute.
  static final Duration CAP = Duration.ofMinutes(1);

  private final RandomGenerator random;
  private long next = FIRST.toNanos();

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  Duration next() {
    long half = next / 2;
    next = Math.min(next * 2, CAP.toNanos());
    return Duration.ofNanos(half + random.nextLong(half + 1));
  }

  /// The longest wait there is: for what repeating soon would not help.
  Duration longest() {
    next = CAP.toNanos();
    return next();
  }

  void reset() {
    next = FIRST.toNanos();
  }
}
