package io.outrider.policy.compile;

import io.outrider.policy.compile.IrTerm.Local;
import io.outrider.policy.syntax.Diagnostic;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Orders bodies so that every variable is bound before it is needed, and reports those that
/// nothing binds.
///
/// The body is gone through again and again in the order it is written; an expression is taken as
/// soon as all it needs is bound by those taken before or by itself. So what is in order stays as
/// written.
final class Safety {
  private final Context cx;
  private final Set<LocalVar> reported = new HashSet<>();

  Safety(Context cx) {
    this.cx = cx;
  }

  /// Orders the body and the bodies nested in it; `bound` are the variables known from outside.
  ///
  /// @return the variables known after the body
  BitSet order(IrBody body, BitSet bound) {
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
        BitSet outputs = Outputs.of(expr, safe);
        BitSet needed = IrVars.direct(expr);
        needed.andNot(outputs);
        BitSet inner = IrVars.closed(expr);
        inner.and(bodyVars);
        needed.or(inner);
        needed.andNot(safe);
        if (needed.isEmpty()) {
          ordered.add(expr);
          safe.or(outputs);
          pending.remove(i--);
          progress = true;
        }
      }
    }
    if (!pending.isEmpty()) {
      report(pending, safe);
      ordered.addAll(pending);
    }
    body.order(ordered);
    BitSet known = (BitSet) bound.clone();
    for (IrExpr expr : ordered) {
      nested(expr, known);
      known.or(IrVars.direct(expr));
    }
    return safe;
  }

  private void nested(IrExpr expr, BitSet known) {
    if (expr instanceof IrExpr.Every every) {
      BitSet inside = (BitSet) known.clone();
      inside.set(every.value().slot());
      LocalVar key = every.key();
      if (key != null) {
        inside.set(key.slot());
      }
      order(every.body(), inside);
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
            BitSet after = order(body, outside);
            head.forEach(term -> checkHead(term, after));
            for (IrTerm term : head) {
              IrVars.walk(term, this);
            }
          }
        };
    IrVars.walk(expr, visitor);
  }

  /// Reports variables of a head that the body leaves unbound.
  void checkHead(IrTerm term, BitSet safe) {
    IrVars.walk(
        term,
        local -> {
          if (!safe.get(local.var().slot())) {
            unsafe(local);
          }
        });
  }

  private void report(List<IrExpr> pending, BitSet safe) {
    Map<LocalVar, Local> unsafe = new LinkedHashMap<>();
    BitSet bindable = new BitSet();
    for (IrExpr expr : pending) {
      // A variable that another pending expression would bind is a consequence, not the cause.
      if (expr instanceof IrExpr.CallExpr c
          && c.out() instanceof Local l
          && l.var().isGenerated()) {
        bindable.set(l.var().slot());
      }
      if (expr instanceof IrExpr.Unify u && u.directional()) {
        bindable.or(Outputs.bindable(u.left()));
      }
    }
    for (IrExpr expr : pending) {
      IrVars.Visitor visitor =
          new IrVars.Visitor() {
            @Override
            public void local(Local local) {
              int slot = local.var().slot();
              if (!safe.get(slot) && !bindable.get(slot)) {
                unsafe.putIfAbsent(local.var(), local);
              }
            }
          };
      IrVars.walk(expr, visitor);
    }
    if (unsafe.isEmpty()) {
      for (IrExpr expr : pending) {
        IrVars.walk(
            expr,
            local -> {
              if (!safe.get(local.var().slot()) && !local.var().isGenerated()) {
                unsafe.putIfAbsent(local.var(), local);
              }
            });
      }
    }
    if (unsafe.isEmpty()) {
      IrExpr first = pending.getFirst();
      cx.problems()
          .accept(Diagnostic.error(Diagnostic.UNSAFE, first.at(), "expression is unsafe", null));
      return;
    }
    unsafe.values().forEach(this::unsafe);
  }

  private void unsafe(Local local) {
    LocalVar var = local.var();
    if (!reported.add(var)) {
      return;
    }
    if (var.isGenerated()) {
      cx.problems()
          .accept(Diagnostic.error(Diagnostic.UNSAFE, local.at(), "expression is unsafe", null));
      return;
    }
    String name = var.isWildcard() ? "_" : var.name();
    cx.problems()
        .accept(
            Diagnostic.error(
                Diagnostic.UNSAFE,
                local.at(),
                "var " + name + " is unsafe",
                var.isWildcard()
                    ? "nothing binds it here; move the expression into a rule of its own and negate that"
                    : "nothing gives " + name + " a value: misspelt, or an import is missing?"));
  }
}
