package io.outrider.policy.reference;

import io.outrider.policy.compile.Program;
import io.outrider.policy.compile.Query;
import io.outrider.policy.eval.Engine;
import io.outrider.policy.eval.EvalException;
import io.outrider.policy.eval.EvalOptions;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks the engine and the reference evaluator the same.
public final class Comparison {
  private static final long NANOS = 1_795_000_000_000_000_000L;
  private static final long SEED = 1;

  private final Program program;
  private final RegoObject data;
  private final Engine engine;

  public Comparison(Program program, RegoObject data) {
    this.program = program;
    this.data = data;
    this.engine = new Engine(program, data, false);
  }

  /// Null if both agree: the engine's solutions are those of the reference, and an error that stops
  /// the engine is one that the reference has met too.
  public @Nullable String difference(Query query, @Nullable RegoValue input, boolean strict) {
    Reference reference = new Reference(program, data, NANOS, new Random(SEED).nextLong());
    Set<Map<String, RegoValue>> expected = new HashSet<>(reference.query(query, input));
    List<Map<String, RegoValue>> found;
    try {
      found = engine.session(input, options(strict)).query(query);
    } catch (EvalException e) {
      return reference.errors().contains(e.code())
          ? null
          : "engine: " + e.code() + ": " + e.text() + ", reference: " + reference.errors();
    }
    if (reference.errors().contains(EvalException.CONFLICT)) {
      // Which of the values counts, and whether the conflict is met at all, depends on what is
      // looked at.
      return null;
    }
    return expected.equals(new HashSet<>(found))
        ? null
        : "engine: " + found + ", reference: " + expected;
  }

  private static EvalOptions options(boolean strict) {
    return new EvalOptions(
        50_000_000,
        2_000,
        60_000_000_000L,
        strict,
        null,
        false,
        false,
        InstantSource.fixed(Instant.ofEpochSecond(NANOS / 1_000_000_000, NANOS % 1_000_000_000)),
        new Random(SEED));
  }
}
