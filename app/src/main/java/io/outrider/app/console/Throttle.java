package io.outrider.app.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/// Counts failures to sign in, by address and in all. Tokens are 256 random bits: this is not what
/// keeps guesses out, but what keeps them cheap for us and few in the log. Thread-safe.
final class Throttle {
  static final Duration WINDOW = Duration.ofMinutes(1);
  static final int PER_ADDRESS = 10;

  /// From all addresses together: somebody who has many must not fill the log.
  static final int IN_ALL = 100;

  private final InstantSource clock;
  private final Map<String, Deque<Instant>> byAddress = new LinkedHashMap<>();
  private final Deque<Instant> all = new ArrayDeque<>();

  Throttle(InstantSource clock) {
    this.clock = clock;
  }

  /// Whether failures from this address are neither answered nor recorded one by one now.
  synchronized boolean closed(String address) {
    forget();
    Deque<Instant> own = byAddress.get(address);
    return all.size() >= IN_ALL || (own != null && own.size() >= PER_ADDRESS);
  }

  synchronized void failed(String address) {
    forget();
    Instant now = clock.instant();
    all.add(now);
    byAddress.computeIfAbsent(address, a -> new ArrayDeque<>()).add(now);
  }

  /// Bounded by it: there are never more addresses than failures in the window.
  private void forget() {
    Instant old = clock.instant().minus(WINDOW);
    trim(all, old);
    byAddress.values().forEach(failures -> trim(failures, old));
    byAddress.values().removeIf(Deque::isEmpty);
  }

  private static void trim(Deque<Instant> failures, Instant old) {
    while (!failures.isEmpty() && failures.peek().isBefore(old)) {
      failures.remove();
    }
  }
}
