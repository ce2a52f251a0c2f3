package io.outrider.policy.compile;

import io.outrider.policy.compile.IrExpr.IrWith;
import io.outrider.policy.compile.IrExpr.Target;
import io.outrider.policy.compile.IrTerm.Local;
import io.outrider.policy.compile.IrTerm.Root;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which variables an expression gives values to, once those it is given have theirs. This is OPA's
/// reckoning, by which policies are accepted or not; it takes every equation that could bind
/// something to do so, whether or not the values will allow it.
final class Bindings {
  private Bindings() {}

  /// The variables that `expr` binds when those in `safe` are bound.
  static BitSet of(IrExpr expr, BitSet safe) {
    for (IrWith with : expr.withs()) {
      IrTerm value = replacement(with);
      if (value != null && !within(value, safe)) {
        return new BitSet();
      }
    }
    return switch (expr) {
      case IrExpr.Test e -> iterated(List.of(e.term()), safe);
      case IrExpr.Unify e -> ofEquation(e, safe);
      case IrExpr.CallExpr e -> ofCall(e, safe);
      case IrExpr.Every e -> iterated(List.of(e.domain()), safe);
      case IrExpr.Not e -> new BitSet();
      case IrExpr.Logic e -> new BitSet();
      case IrExpr.Holds e -> new BitSet();
      case IrExpr.Print e -> new BitSet();
    };
  }

  /// The variables that are bound after all of the expressions, in the order given.
  static BitSet after(List<IrExpr> exprs, BitSet safe) {
    BitSet known = (BitSet) safe.clone();
    exprs.forEach(expr -> known.or(of(expr, known)));
    return known;
  }

  private static @org.jspecify.annotations.Nullable IrTerm replacement(IrWith with) {
    return switch (with.target()) {
      case Target.InInput t -> t.value();
      case Target.InData t -> t.value();
      case Target.ByValue t -> t.value();
      case Target.ByFunction t -> null;
    };
  }

  private static boolean within(IrTerm term, BitSet safe) {
    BitSet vars = IrVars.direct(term);
    vars.andNot(safe);
    return vars.isEmpty();
  }

  private static BitSet ofCall(IrExpr.CallExpr e, BitSet safe) {
    IrTerm out = e.out();
    List<IrTerm> terms = new ArrayList<>(e.call().args());
    if (out != null) {
      terms.add(out);
    }
    BitSet bound = iterated(terms, safe);
    if (out == null) {
      return bound;
    }
    BitSet needed = new BitSet();
    e.call().args().forEach(arg -> bindable(arg, false, needed));
    needed.andNot(bound);
    needed.andNot(safe);
    if (!needed.isEmpty()) {
      return new BitSet();
    }
    bindable(out, false, bound);
    return bound;
  }

  private static BitSet ofEquation(IrExpr.Unify e, BitSet safe) {
    BitSet known = iterated(List.of(e.left(), e.right()), safe);
    known.or(safe);
    if (e.directional()) {
      // The left side of := only receives; what it holds must not make the right side known.
      known.andNot(IrVars.direct(e.left()));
    }
    Equation equation = new Equation(known);
    equation.unify(e.left(), e.right());
    BitSet bound = (BitSet) known.clone();
    bound.or(equation.bound);
    bound.andNot(safe);
    return bound;
  }

  /// The variables that references bind by going through what they refer to: all in their keys,
  /// once their heads are known.
  private static BitSet iterated(List<IrTerm> terms, BitSet safe) {
    BitSet bound = new BitSet();
    terms.forEach(term -> iterated(term, safe, bound));
    return bound;
  }

  private static void iterated(IrTerm term, BitSet safe, BitSet bound) {
    switch (term) {
      case IrTerm.Ref t -> {
        if (isSafe(t, safe)) {
          t.path().forEach(key -> bindable(key, true, bound));
          if (t.root() instanceof Root.Of head) {
            iterated(head.term(), safe, bound);
          }
          t.path().forEach(key -> iterated(key, safe, bound));
        }
      }
      case IrTerm.Arr t -> t.items().forEach(item -> iterated(item, safe, bound));
      case IrTerm.SetOf t -> t.items().forEach(item -> iterated(item, safe, bound));
      case IrTerm.Obj t ->
          t.pairs()
              .forEach(pair -> {
                iterated(pair.key(), safe, bound);
                iterated(pair.value(), safe, bound);
              });
      case IrTerm.Const t -> {}
      case Local t -> {}
      case IrTerm.Compr t -> {}
      case IrTerm.Template t -> {}
    }
  }

  private static boolean isSafe(IrTerm.Ref ref, BitSet safe) {
    return !(ref.root() instanceof Root.Of head) || within(head.term(), safe);
  }

  /// The variables in a term but for those in nested bodies and at the heads of references; those
  /// in the keys of objects only with `keys`.
  private static void bindable(IrTerm term, boolean keys, BitSet vars) {
    switch (term) {
      case Local t -> vars.set(t.var().slot());
      case IrTerm.Arr t -> t.items().forEach(item -> bindable(item, keys, vars));
      case IrTerm.SetOf t -> {
        if (keys) {
          t.items().forEach(item -> bindable(item, true, vars));
        }
      }
      case IrTerm.Obj t ->
          t.pairs()
              .forEach(pair -> {
                if (keys) {
                  bindable(pair.key(), true, vars);
                }
                bindable(pair.value(), keys, vars);
              });
      case IrTerm.Ref t -> t.path().forEach(key -> bindable(key, keys, vars));
      case IrTerm.Const t -> {}
      case IrTerm.Compr t -> {}
      case IrTerm.Template t -> {}
    }
  }

  /// One equation: what becomes known on either side because of the other.
  private static final class Equation {
    private final BitSet safe;
    private final BitSet bound = new BitSet();

    /// Variables that become known together with others: for each, those it waits for.
    private final Map<Integer, BitSet> waiting = new HashMap<>();

    Equation(BitSet safe) {
      this.safe = safe;
    }

    private boolean isKnown(int slot) {
      return safe.get(slot) || bound.get(slot);
    }

    void unify(IrTerm a, IrTerm b) {
      List<IrTerm> as = Unifier.items(a);
      List<IrTerm> bs = Unifier.items(b);
      if (a instanceof Local x) {
        variable(x, b);
      } else if (b instanceof Local y) {
        variable(y, a);
      } else if (as != null && bs != null) {
        items(as, bs);
      } else if (a instanceof IrTerm.Obj x && b instanceof IrTerm.Obj y) {
        pairs(x, y);
      } else {
        pattern(a, b);
        pattern(b, a);
      }
    }

    private void variable(Local var, IrTerm other) {
      int slot = var.var().slot();
      switch (other) {
        case Local y -> {
          int second = y.var().slot();
          if (isKnown(second)) {
            bind(slot);
          } else if (isKnown(slot)) {
            bind(second);
          } else {
            wait(slot, second);
            wait(second, slot);
          }
        }
        case IrTerm.Arr t -> all(slot, t);
        case IrTerm.Obj t -> all(slot, t);
        case IrTerm.Ref t -> {
          if (isSafe(t, safe)) {
            bind(slot);
          }
        }
        default -> bind(slot);
      }
    }

    /// A variable and a pattern: each side tells the other.
    private void all(int slot, IrTerm pattern) {
      BitSet vars = patternVars(pattern);
      if (isKnown(slot)) {
        vars.stream().forEach(this::bind);
        return;
      }
      vars.andNot(safe);
      vars.andNot(bound);
      if (vars.isEmpty()) {
        bind(slot);
      } else {
        vars.stream().forEach(v -> wait(slot, v));
      }
    }

    private void items(List<IrTerm> a, List<IrTerm> b) {
      for (int i = 0; a.size() == b.size() && i < a.size(); i++) {
        unify(a.get(i), b.get(i));
      }
    }

    private void pairs(IrTerm.Obj a, IrTerm.Obj b) {
      if (a.pairs().size() != b.pairs().size()) {
        return;
      }
      Map<Object, IrTerm> byKey = new HashMap<>();
      b.pairs().forEach(pair -> byKey.put(key(pair.key()), pair.value()));
      for (IrTerm.Pair pair : a.pairs()) {
        IrTerm other = byKey.get(key(pair.key()));
        if (other != null) {
          unify(pair.value(), other);
        }
      }
    }

    private static Object key(IrTerm key) {
      return key instanceof IrTerm.Const c ? c.value() : key instanceof Local l ? l.var() : key;
    }

    private void pattern(IrTerm pattern, IrTerm value) {
      boolean array = pattern instanceof IrTerm.Arr;
      if (!array && !(pattern instanceof IrTerm.Obj)) {
        return;
      }
      boolean matches =
          switch (value) {
            case IrTerm.Ref t -> isSafe(t, safe);
            case IrTerm.Compr t -> array || t.kind() == IrTerm.ComprKind.OBJECT;
            default -> false;
          };
      if (matches) {
        patternVars(pattern).stream().forEach(this::bind);
      } else if (pattern instanceof IrTerm.Obj o
          && value instanceof IrTerm.Const c
          && c.value() instanceof io.outrider.policy.value.RegoObject object
          && object.size() == o.pairs().size()) {
        for (IrTerm.Pair pair : o.pairs()) {
          if (pair.key() instanceof IrTerm.Const k && object.containsKey(k.value())) {
            patternVars(pair.value()).stream().forEach(this::bind);
          }
        }
      }
    }

    private static BitSet patternVars(IrTerm pattern) {
      BitSet vars = new BitSet();
      patternVars(pattern, vars);
      return vars;
    }

    private static void patternVars(IrTerm term, BitSet vars) {
      switch (term) {
        case IrTerm.SetOf t -> t.items().forEach(item -> patternVars(item, vars));
        case IrTerm.Arr t -> t.items().forEach(item -> patternVars(item, vars));
        case IrTerm.Obj t -> t.pairs().forEach(pair -> patternVars(pair.value(), vars));
        case IrTerm.Ref t -> t.path().forEach(key -> patternVars(key, vars));
        case Local t -> vars.set(t.var().slot());
        default -> {}
      }
    }

    private void wait(int slot, int forSlot) {
      waiting.computeIfAbsent(slot, k -> new BitSet()).set(forSlot);
    }

    private void bind(int slot) {
      bound.set(slot);
      BitSet parts = waiting.remove(slot);
      if (parts != null) {
        parts.stream().forEach(this::bind);
      }
      for (Map.Entry<Integer, BitSet> entry : List.copyOf(waiting.entrySet())) {
        BitSet others = entry.getValue();
        if (others.get(slot)) {
          others.clear(slot);
          if (others.isEmpty() && waiting.containsKey(entry.getKey())) {
            bind(entry.getKey());
          }
        }
      }
    }
  }
}
