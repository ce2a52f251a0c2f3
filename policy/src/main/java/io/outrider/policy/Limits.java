package io.outrider.policy;

import java.time.Duration;
import java.util.Objects;

/// How much one evaluation may cost. Passing a limit is an error, and an error is a deny; it is
/// never "undefined".
///
/// @param steps solutions tried and elements visited, at most
/// @param depth rules and functions inside each other, at most
/// @param time wall-clock time, at most
public record Limits(long steps, int depth, Duration time) {
  /// One million steps is some 20 ms of work, a thousand times what an ordinary decision takes.
  public static final long DEFAULT_STEPS = 1_000_000;

  /// Rego has no recursion, so depth is bounded by the policy; 512 stays clear of a small thread
  /// stack.
  public static final int DEFAULT_DEPTH = 512;

  /// A decision that takes longer would stall every call on its event loop.
  public static final Duration DEFAULT_TIME = Duration.ofMillis(100);

  public static final Limits DEFAULT = new Limits(DEFAULT_STEPS, DEFAULT_DEPTH, DEFAULT_TIME);

  public Limits {
    if (steps <= 0) {
      throw new IllegalArgumentException("steps: " + steps + " (expected: > 0)");
    }
    if (depth <= 0) {
      throw new IllegalArgumentException("depth: " + depth + " (expected: > 0)");
    }
    Objects.requireNonNull(time, "time");
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("time: " + time + " (expected: > 0)");
    }
  }
}
