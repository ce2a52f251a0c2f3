package io.outrider.policy.eval;

import io.outrider.policy.builtin.BuiltinContext;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One evaluation under way. Used by one thread, once.
final class Eval implements BuiltinContext.Budget {
  /// The clock is looked at once in so many steps.
  private static final int CLOCK_MASK = 0xFF;

  final Engine engine;
  final EvalOptions options;
  Env env;

  /// Whether the path being followed is possible and not certain.
  boolean maybe;

  /// Whether anything unknown has been met; from then on an error need not happen with the real
  /// values.
  boolean touched;

  @Nullable Explanation explanation;
  @Nullable Coverage coverage;
  final @Nullable List<String> printed;

  private long steps;
  private int depth;
  private long deadline;
  private @Nullable BuiltinContext builtins;

  Eval(Engine engine, @Nullable RegoValue input, EvalOptions options) {
    this.engine = engine;
    this.options = options;
    this.printed = options.prints() ? new ArrayList<>() : null;
    this.env =
        new Env(null, input, engine.data(), null, null, options.unknowns(), engine.ruleSetCount());
  }

  /// Charges one element visited or one solution tried.
  void tick() {
    if (++steps > options.maxSteps()) {
      throw stepLimit();
    }
    if ((steps & CLOCK_MASK) == 0) {
      checkClock();
    }
  }

  @Override
  public void spend(long cost) {
    long before = steps;
    steps += cost;
    if (steps > options.maxSteps() || steps < 0) {
      throw stepLimit();
    }
    if ((before & ~CLOCK_MASK) != (steps & ~CLOCK_MASK)) {
      checkClock();
    }
  }

  private EvalException stepLimit() {
    return new EvalException(
        EvalException.Kind.TOO_MANY_STEPS,
        "eval_step_limit_error",
        "more than " + options.maxSteps() + " steps",
        null);
  }

  private void checkClock() {
    long now = System.nanoTime();
    if (deadline == 0) {
      // Short evaluations never come here and pay for no clock at all.
      deadline = now + options.maxNanos();
    } else if (now - deadline > 0) {
      throw new EvalException(
          EvalException.Kind.TOO_SLOW,
          "eval_time_limit_error",
          "more than " + options.maxNanos() / 1_000_000 + " ms",
          null);
    }
  }

  /// Begins a rule or function inside another one.
  void enter(Span at) {
    if (++depth > options.maxDepth()) {
      throw new EvalException(
          EvalException.Kind.TOO_DEEP,
          "eval_depth_limit_error",
          "more than " + options.maxDepth() + " rules inside each other",
          at);
    }
    tick();
  }

  void leave() {
    depth--;
  }

  int depth() {
    return depth;
  }

  void resetDepth(int to) {
    depth = to;
  }

  long steps() {
    return steps;
  }

  BuiltinContext builtins() {
    BuiltinContext known = builtins;
    if (known == null) {
      known = options.builtinContext(engine, this);
      builtins = known;
    }
    return known;
  }
}
