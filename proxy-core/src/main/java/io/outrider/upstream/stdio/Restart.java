package io.outrider.upstream.stdio;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// When a child that keeps ending may be started again. Thread-safe; it starts nothing itself and
/// waits for nothing: the owner asks, and tells what happened.
///
/// ```
/// Startable --started--> Running --exited--> Down --time passes--> Startable
/// ```
///
/// The first end after a good run may be followed by a new start at once. Each further end, without
/// a stable run between, doubles the wait up to a bound; a little randomness keeps many proxies
/// from starting the same server at the same moment. While the child is down, whoever needs it is
/// refused with the reason instead of being made to wait for a server that does not stay up.
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

    /// It was started and has not ended.
    record Running() implements State {}

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
  private boolean running;
  private long startedAt;
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
    if (running) {
      return new State.Running();
    }
    long left = failures == 0 ? 0 : retryAt - nanoTime.getAsLong();
    return left > 0
        ? new State.Down(reason, failures, Duration.ofNanos(left))
        : new State.Startable();
  }

  /// Claims the right to start: true for exactly one caller, who then starts the child and must
  /// tell of its end. False when it runs already or is down.
  public synchronized boolean tryStart() {
    if (!(state() instanceof State.Startable)) {
      return false;
    }
    running = true;
    startedAt = nanoTime.getAsLong();
    return true;
  }

  /// The child ended without being asked to. Does nothing unless it was running.
  ///
  /// @param how what to tell those who are refused meanwhile
  /// @return how long until it may be started again
  public synchronized Duration exited(String how) {
    long now = nanoTime.getAsLong();
    if (running) {
      running = false;
      reason = how;
      if (now - startedAt >= backoff.stableAfter().toNanos()) {
        failures = 0;
      }
      failures++;
      retryAt = now + nextWait();
    }
    return Duration.ofNanos(Math.max(0, retryAt - now));
  }

  /// The child ended because it was asked to: that is no failure.
  public synchronized void stopped() {
    running = false;
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
