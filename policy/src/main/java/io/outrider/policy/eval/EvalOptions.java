package io.outrider.policy.eval;

import io.outrider.policy.builtin.BuiltinContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How an evaluation goes about it.
///
/// @param maxSteps elements visited and solutions tried, at most
/// @param maxDepth rules inside each other, at most
/// @param maxNanos wall-clock time, at most
/// @param strict whether a failing built-in stops the evaluation; otherwise its call is undefined
/// @param unknowns documents that are not known, or null
/// @param prints whether the output of `print` is kept
/// @param explain whether to remember which rules held and where others failed
/// @param clock the moment that `time.now_ns` gives, read at most once
/// @param random seeds of `rand.intn` and the like
public record EvalOptions(
    long maxSteps,
    int maxDepth,
    long maxNanos,
    boolean strict,
    @Nullable Unknown unknowns,
    boolean prints,
    boolean explain,
    InstantSource clock,
    RandomGenerator random) {
  public EvalOptions {
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(random, "random");
  }

  public EvalOptions withUnknowns(@Nullable Unknown newUnknowns) {
    return new EvalOptions(
        maxSteps, maxDepth, maxNanos, strict, newUnknowns, prints, explain, clock, random);
  }

  public EvalOptions withStrict(boolean newStrict) {
    return new EvalOptions(
        maxSteps, maxDepth, maxNanos, newStrict, unknowns, prints, explain, clock, random);
  }

  /// For people: what was printed, and why rules held or failed.
  public EvalOptions explaining() {
    return new EvalOptions(
        maxSteps, maxDepth, maxNanos, strict, unknowns, true, true, clock, random);
  }

  BuiltinContext builtinContext(Engine engine, BuiltinContext.Budget budget) {
    Instant now = clock.instant();
    long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    return new BuiltinContext(nanos, random.nextLong(), engine.patterns(), budget);
  }
}
