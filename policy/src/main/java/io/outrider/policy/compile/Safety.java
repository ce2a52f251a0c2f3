package io.outrider.policy.compile;

import io.outrider.policy.compile.IrTerm.Local;
import io.outrider.policy.syntax.Span;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Orders bodies so that every variable is bound before it is needed, and reports those that
/// nothing binds.
///
/// The body is gone through again and again in the order it is written; an expression is taken as
/// soon as all it needs is bound by those taken before or by itself. So what is in order stays as
/// written.
final class Safety {
  private final Context cx;

  Safety(Context cx) {
    this.cx = cx;
  }

  /// An expression that needs variables nothing binds.
  private record Unsafe(IrExpr expr, BitSet vars) {}

  /// Orders the body and the bodies nested in it; `bound` are the variables known from outside.
  ///
  /// @return the variables known after the body
  BitSet order(IrBody body, BitSet bound) {
    Map<Integer, LocalVar> vars = new HashMap<>();
    IrVars.deep(body, List.of(), local -> vars.put(local.var().slot(), local.var()));
    List<Unsafe> unsafe = new ArrayList<>();
    BitSet after = order(body, bound, unsafe);
    report(unsafe, vars);
    return after;
  }

  private BitSet order(IrBody body, BitSet bound, List<Unsafe> unsafe) {
    List<IrExpr> pending = new ArrayList<>(body.exprs());
    List<IrExpr> ordered = new ArrayList<>(pending.size());
    BitSet bodyVars = new BitSet();
    pending.forEach(e -> bodyVars.or(IrVars.direct(e)));
    BitSet safe = (BitSet) bound.clone();
    boolean progress = true;
    while (progress && !pending.isEmpty()) {
      progress = false;
      for (int i = 0; i < pending.size(); i++) {
        IrExpr expr = pending.get(i);
        BitSet outputs = Bindings.of(expr, safe);
        BitSet needed = needed(expr, bodyVars, bound, outputs, safe);
        if (needed.isEmpty()) {
          ordered.add(expr);
          safe.or(outputs);
          pending.remove(i--);
          progress = true;
        }
      }
    }
    for (IrExpr expr : pending) {
      BitSet outputs = Bindings.of(expr, safe);
      unsafe.add(new Unsafe(expr, needed(expr, bodyVars, bound, outputs, safe)));
    }
    BitSet known = (BitSet) bound.clone();
    for (IrExpr expr : ordered) {
      nested(expr, known, unsafe);
      known.or(IrVars.direct(expr));
    }
    ordered.addAll(pending);
    body.order(ordered);
    return safe;
  }

  private static BitSet needed(
      IrExpr expr, BitSet bodyVars, BitSet bound, BitSet outputs, BitSet safe) {
    BitSet needed = IrVars.direct(expr);
    BitSet inner = IrVars.closed(expr);
    inner.and(bodyVars);
    inner.andNot(bound);
    if (!inner.isEmpty() && inner.equals(outputs)) {
      // What it binds is used in its own nested body, which would be evaluated first.
      return inner;
    }
    needed.or(inner);
    needed.andNot(outputs);
    needed.andNot(safe);
    return needed;
  }

  private void nested(IrExpr expr, BitSet known, List<Unsafe> unsafe) {
    if (expr instanceof IrExpr.Every every) {
      BitSet inside = (BitSet) known.clone();
      inside.set(every.value().slot());
      LocalVar key = every.key();
      if (key != null) {
        inside.set(key.slot());
      }
      order(every.body(), inside, unsafe);
    }
    IrVars.Visitor visitor =
        new IrVars.Visitor() {
          @Override
          public void local(Local local) {}

          @Override
          public void closure(IrBody body, List<IrTerm> head) {
            if (expr instanceof IrExpr.Every every && body == every.body()) {
              return;
            }
            BitSet outside = (BitSet) known.clone();
            // What the expression around the body uses is known too: it was taken only because it
            // is.
            outside.or(IrVars.direct(expr));
            BitSet inBody = (BitSet) outside.clone();
            body.exprs().forEach(e -> inBody.or(IrVars.direct(e)));
            BitSet lost = new BitSet();
            head.forEach(term -> lost.or(IrVars.direct(term)));
            lost.andNot(inBody);
            if (!lost.isEmpty()) {
              unsafe.add(new Unsafe(expr, lost));
            }
            order(body, outside, unsafe);
            for (IrTerm term : head) {
              IrVars.walk(term, this);
            }
          }
        };
    IrVars.walk(expr, visitor);
  }

  /// Reports variables of a head that the body does not mention.
  void checkHead(List<IrTerm> terms, IrBody body, BitSet bound) {
    BitSet known = (BitSet) bound.clone();
    body.exprs().forEach(e -> known.or(IrVars.plain(e)));
    for (IrTerm term : terms) {
      IrVars.walk(
          term,
          local -> {
            if (!known.get(local.var().slot()) && !local.var().isGenerated()) {
              unsafe(Stage.SAFE_HEADS, local.var(), local.at());
            }
          });
    }
  }

  private void report(List<Unsafe> unsafe, Map<Integer, LocalVar> vars) {
    BitSet assigned = new BitSet();
    for (Unsafe u : unsafe) {
      if (u.expr() instanceof IrExpr.Unify e && e.directional()) {
        assigned.or(IrVars.direct(e.left()));
      } else if (u.expr() instanceof IrExpr.CallExpr e
          && e.out() instanceof Local l
          && l.var().origin() == LocalVar.Origin.ASSIGNED) {
        assigned.set(l.var().slot());
      }
    }
    Map<LocalVar, Span> places = new LinkedHashMap<>();
    for (Unsafe u : unsafe) {
      u.vars().stream()
          .mapToObj(vars::get)
          .filter(v -> v != null && !v.isGenerated())
          .forEach(v -> places.merge(v, u.expr().at(), (a, b) -> a.start() <= b.start() ? a : b));
    }
    // A variable that cannot be assigned because of another one is a consequence, not the cause.
    boolean causes = places.keySet().stream().anyMatch(v -> !assigned.get(v.slot()));
    places.forEach((var, at) -> {
      if (!causes || !assigned.get(var.slot())) {
        unsafe(Stage.SAFE_BODIES, var, at);
      }
    });
    if (places.isEmpty()) {
      for (Unsafe u : unsafe) {
        cx.problems().unsafe(Stage.SAFE_BODIES, u.expr().at(), "expression is unsafe", null);
      }
    }
  }

  private void unsafe(Stage stage, LocalVar var, Span at) {
    String name = var.isWildcard() ? "_" : var.name();
    cx.problems()
        .unsafe(
            stage,
            at,
            "var " + name + " is unsafe",
            var.isWildcard()
                ? "nothing binds it here; move the expression into a rule of its own and negate that"
                : "nothing gives " + name + " a value: misspelt, or an import is missing?");
  }
}
