package io.outrider.policy.builtin;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What one evaluation lends to the built-ins it calls: its moment, its source of randomness, the
/// compiled patterns shared by all evaluations, and the budget that long work is charged to. Used
/// by one thread at a time.
public final class BuiltinContext {
  /// Takes the cost of long work and stops it by throwing when the evaluation may not go on.
  @FunctionalInterface
  public interface Budget {
    /// No limit; for tests and tools.
    Budget UNLIMITED = steps -> {};

    /// Charges a number of steps, one for each element or character looked at or built.
    void spend(long steps);
  }

  private final long timeNanos;
  private final long seed;
  private final PatternCache patterns;
  private final Budget budget;
  private @Nullable Random random;
  private @Nullable Map<Object, Object> remembered;

  /// @param timeNanos the evaluation's fixed time, in nanoseconds since 1970-01-01T00:00:00Z
  /// @param seed the seed of all randomness of this evaluation
  public BuiltinContext(long timeNanos, long seed, PatternCache patterns, Budget budget) {
    this.timeNanos = timeNanos;
    this.seed = seed;
    this.patterns = patterns;
    this.budget = budget;
  }

  /// The evaluation's fixed time, in nanoseconds since the epoch.
  public long timeNanos() {
    return timeNanos;
  }

  public PatternCache patterns() {
    return patterns;
  }

  /// Charges work to the evaluation's budget; throws what the evaluation stops with when the budget
  /// is used up.
  public void spend(long steps) {
    budget.spend(steps);
  }

  Random random() {
    Random r = random;
    if (r == null) {
      r = new Random(seed);
      random = r;
    }
    return r;
  }

  /// The value remembered under a key in this evaluation, made on the first call.
  @SuppressWarnings(
      "unchecked") // Each key class is used with one value class only, by the built-in that owns
  // it.
  <K, V> V remember(K key, Function<K, V> make) {
    Map<Object, Object> map = remembered;
    if (map == null) {
      map = new HashMap<>();
      remembered = map;
    }
    return (V) map.computeIfAbsent(key, k -> make.apply(key));
  }
}
