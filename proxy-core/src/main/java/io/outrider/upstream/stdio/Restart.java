package io.outrider.upstream.stdio;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// When a program that keeps ending may be started again. Thread-safe; it starts nothing itself and
/// waits for nothing: the owner asks, and tells what happened to each [Run].
///
/// ```
/// Startable --a run ends too early--> Down --time passes--> Startable
/// ```
///
/// The first end after a good run may be followed by a new start at once. Each further end, without
/// a stable run between, doubles the wait up to a bound; a little randomness keeps many proxies
/// from starting the same server at the same moment. While the program is down, whoever needs it is
/// refused with the reason instead of being made to wait for a server that does not stay up.
/// Several runs may be under way at a time: the server of each session is one.
public final class Restart {

  /// @param initial the first wait, above 0
  /// @param max the longest wait, at least `initial`
  /// @param jitter how far a wait may lie from its nominal length: 0.2 is 20 % either way; 0 to 1
  /// @param stableAfter a run of at least this length wipes the slate clean
  public record Backoff(Duration initial, Duration max, double jitter, Duration stableAfter) {

    public Backoff {
      if (!initial.isPositive() || max.compareTo(initial) < 0) {
        throw new IllegalArgumentException(
            "backoff: " + initial + " to " + max + " (expected: above 0, and growing)");
      }
      if (!(jitter >= 0 && jitter <= 1)) {
        throw new IllegalArgumentException("jitter: " + jitter + " (expected: 0 to 1)");
      }
      if (stableAfter.isNegative()) {
        throw new IllegalArgumentException(
            "stableAfter: " + stableAfter + " (expected: not negative)");
      }
    }

    /// Half a second, doubling up to half a minute: a server that needs a second to get well is
    /// back soon, and one that never will costs two starts a minute. It has proved itself after a
    /// minute.
    public static Backoff defaults() {
      return new Backoff(
          Duration.ofMillis(500), Duration.ofSeconds(30), 0.2, Duration.ofMinutes(1));
    }
  }

  /// What may be done now.
  public sealed interface State {

    /// It may be started.
    record Startable() implements State {}

    /// It ended, and may not be started yet.
    ///
    /// @param reason how it ended last
    /// @param failures ends in a row without a stable run between
    /// @param retryIn how long until it may be started
    record Down(String reason, int failures, Duration retryIn) implements State {}
  }

  private final Backoff backoff;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private int failures;
  private long retryAt;
  private String reason = "";

  /// @param nanoTime a monotonic clock, as [System#nanoTime]
  public Restart(Backoff backoff, LongSupplier nanoTime, RandomGenerator random) {
    this.backoff = backoff;
    this.nanoTime = nanoTime;
    this.random = random;
  }

  public synchronized State state() {
    long left = failures == 0 ? 0 : retryAt - nanoTime.getAsLong();
    return left > 0
        ? new State.Down(reason, failures, Duration.ofNanos(left))
        : new State.Startable();
  }

  /// Begins a run, unless the program is down: the caller then starts it, and must tell of its end.
  public synchronized @Nullable Run tryStart() {
    return state() instanceof State.Startable ? new Run(nanoTime.getAsLong()) : null;
  }

  /// The program from one start to its end. Only the first word about the end counts.
  public final class Run {
    private final long startedAt;
    private boolean over;

    private Run(long startedAt) {
      this.startedAt = startedAt;
    }

    /// It ended without being asked to.
    ///
    /// @param how what to tell those who are refused meanwhile
    /// @return how long until it may be started again
    public Duration exited(String how) {
      synchronized (Restart.this) {
        long now = nanoTime.getAsLong();
        if (!over) {
          over = true;
          reason = how;
          if (now - startedAt >= backoff.stableAfter().toNanos()) {
            failures = 0;
          }
          failures++;
          retryAt = now + nextWait();
        }
        return Duration.ofNanos(failures == 0 ? 0 : Math.max(0, retryAt - now));
      }
    }

    /// It ends because it is asked to: that is no failure.
    public void stopped() {
      synchronized (Restart.this) {
        over = true;
      }
    }
  }

  private long nextWait() {
    if (failures == 1) {
      return 0;
    }
    // Doublings beyond 2^30 would be years: the bound has long been reached.
    double nominal =
        Math.min(
            backoff.max().toNanos(),
            backoff.initial().toNanos() * Math.pow(2, Math.min(failures - 2, 30)));
    double factor = 1 + backoff.jitter() * (2 * random.nextDouble() - 1);
    return (long) Math.min(backoff.max().toNanos(), nominal * factor);
  }
}
