package io.outrider.policy.eval;

import io.outrider.policy.syntax.Span;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/// The expressions that an evaluation reached, and the heads of the rules that held in it.
///
/// Only an engine that was made to explain itself has the steps that fill it; others pay nothing.
public final class Coverage {
  private final Set<Span> reached = new HashSet<>();

  Coverage() {}

  /// Where they stand in the texts.
  public Set<Span> reached() {
    return Collections.unmodifiableSet(reached);
  }

  /// Stands before an expression, or between a body and what the rule then gives.
  static final class Hit extends Step {
    private final Span at;

    Hit(Span at) {
      this.at = at;
    }

    static Step before(Span at, Step step) {
      Hit hit = new Hit(at);
      hit.next = step;
      return hit;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      Coverage coverage = cx.coverage;
      if (coverage != null) {
        coverage.reached.add(at);
      }
      return next.run(cx, f);
    }
  }
}
