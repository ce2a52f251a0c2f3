package io.outrider.policy.compile;

import io.outrider.policy.compile.IrTerm.Const;
import io.outrider.policy.compile.IrTerm.Local;
import io.outrider.policy.compile.IrTerm.Root;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which variables an expression binds, given those that are bound already.
public final class Outputs {
  private Outputs() {}

  static BitSet of(IrExpr expr, BitSet safe) {
    return switch (expr) {
      case IrExpr.Test e -> ofRefs(List.of(e.term()), safe);
      case IrExpr.Unify e -> ofUnify(e, safe);
      case IrExpr.CallExpr e -> ofCall(e, safe);
      case IrExpr.Not e -> new BitSet();
      case IrExpr.Every e -> new BitSet();
      case IrExpr.Logic e -> new BitSet();
      case IrExpr.Holds e -> new BitSet();
      case IrExpr.Print e -> new BitSet();
    };
  }

  private static BitSet ofCall(IrExpr.CallExpr e, BitSet safe) {
    BitSet out = ofRefs(e.call().args(), safe);
    for (IrTerm arg : e.call().args()) {
      BitSet needed = IrVars.direct(arg);
      needed.andNot(out);
      needed.andNot(safe);
      if (!needed.isEmpty()) {
        return new BitSet();
      }
    }
    IrTerm result = e.out();
    if (result != null) {
      BitSet known = (BitSet) safe.clone();
      known.or(out);
      out.or(ofRefs(List.of(result), known));
      out.or(bindable(result));
    }
    return out;
  }

  private static BitSet ofUnify(IrExpr.Unify e, BitSet safe) {
    BitSet known = (BitSet) safe.clone();
    int before;
    do {
      before = known.cardinality();
      known.or(ofRefs(List.of(e.left(), e.right()), known));
      if (e.directional()) {
        if (isKnown(e.right(), known)) {
          known.or(bindable(e.left()));
        }
      } else {
        unify(e.left(), e.right(), known);
      }
    } while (known.cardinality() > before);
    known.andNot(safe);
    return known;
  }

  private static void unify(IrTerm a, IrTerm b, BitSet known) {
    if (a instanceof IrTerm.Arr x && b instanceof IrTerm.Arr y) {
      if (x.items().size() == y.items().size()) {
        for (int i = 0; i < x.items().size(); i++) {
          unify(x.items().get(i), y.items().get(i), known);
        }
      }
      return;
    }
    if (a instanceof IrTerm.Obj x && b instanceof IrTerm.Obj y) {
      unifyPairs(x, y, known);
      return;
    }
    if (isKnown(a, known) && canMatch(b, a)) {
      known.or(bindable(b));
    }
    if (isKnown(b, known) && canMatch(a, b)) {
      known.or(bindable(a));
    }
  }

  /// Whether a pattern can match a term of this form at all. One that never can binds nothing, so
  /// that the mistake shows, as in OPA.
  private static boolean canMatch(IrTerm pattern, IrTerm value) {
    return switch (pattern) {
      case IrTerm.Arr p ->
          switch (value) {
            case Const c ->
                c.value() instanceof RegoArray array && array.size() == p.items().size();
            case IrTerm.Obj v -> false;
            case IrTerm.SetOf v -> false;
            default -> true;
          };
      case IrTerm.Obj p ->
          switch (value) {
            case Const c ->
                c.value() instanceof RegoObject object && object.size() == p.pairs().size();
            case IrTerm.Arr v -> false;
            case IrTerm.SetOf v -> false;
            default -> true;
          };
      default -> true;
    };
  }

  private static void unifyPairs(IrTerm.Obj a, IrTerm.Obj b, BitSet known) {
    Map<RegoValue, IrTerm> byKey = new HashMap<>();
    for (IrTerm.Pair pair : b.pairs()) {
      if (pair.key() instanceof Const key) {
        byKey.put(key.value(), pair.value());
      }
    }
    for (IrTerm.Pair pair : a.pairs()) {
      IrTerm other = pair.key() instanceof Const key ? byKey.get(key.value()) : null;
      if (other != null) {
        unify(pair.value(), other, known);
      }
    }
  }

  /// Whether the term has a value once the variables in `known` have one. References bind what is
  /// open in their keys.
  public static boolean isKnown(IrTerm term, BitSet known) {
    BitSet needed = IrVars.direct(term);
    needed.andNot(known);
    if (needed.isEmpty()) {
      return true;
    }
    needed.andNot(ofRefs(List.of(term), known));
    return needed.isEmpty();
  }

  /// The variables that matching a pattern against a value binds. Keys and set elements never bind.
  public static BitSet bindable(IrTerm pattern) {
    BitSet vars = new BitSet();
    collect(pattern, vars);
    return vars;
  }

  /// Whether a term consists of constants, variables, arrays and objects only.
  public static boolean isPattern(IrTerm term) {
    return !IrVars.needsEvaluation(term) && !hasSet(term);
  }

  private static boolean hasSet(IrTerm term) {
    return switch (term) {
      case IrTerm.SetOf t -> true;
      case IrTerm.Arr t -> t.items().stream().anyMatch(Outputs::hasSet);
      case IrTerm.Obj t ->
          t.pairs().stream()
              .anyMatch(
                  p -> hasSet(p.key()) || hasSet(p.value()) || !IrVars.direct(p.key()).isEmpty());
      default -> false;
    };
  }

  private static void collect(IrTerm pattern, BitSet vars) {
    switch (pattern) {
      case Local t -> vars.set(t.var().slot());
      case IrTerm.Arr t -> t.items().forEach(item -> collect(item, vars));
      case IrTerm.Obj t -> t.pairs().forEach(pair -> collect(pair.value(), vars));
      case Const t -> {}
      case IrTerm.Ref t -> {}
      case IrTerm.SetOf t -> {}
      case IrTerm.Compr t -> {}
      case IrTerm.Template t -> {}
    }
  }

  /// The variables that references in the terms bind by iteration: all in their keys, once their
  /// heads are known.
  static BitSet ofRefs(List<IrTerm> terms, BitSet safe) {
    BitSet out = new BitSet();
    int before;
    do {
      before = out.cardinality();
      BitSet known = (BitSet) safe.clone();
      known.or(out);
      for (IrTerm term : terms) {
        refs(term, known, out);
      }
    } while (out.cardinality() > before);
    return out;
  }

  private static void refs(IrTerm term, BitSet known, BitSet out) {
    switch (term) {
      case IrTerm.Ref t -> {
        boolean headKnown = true;
        if (t.root() instanceof Root.Of head) {
          refs(head.term(), known, out);
          BitSet needed = IrVars.direct(head.term());
          needed.andNot(known);
          needed.andNot(out);
          headKnown = needed.isEmpty();
        }
        if (headKnown) {
          for (IrTerm key : t.path()) {
            refs(key, known, out);
            // Inside a key only what a pattern can bind: a nested reference needs its own head
            // first.
            out.or(bindable(key));
          }
        }
      }
      case IrTerm.Arr t -> t.items().forEach(item -> refs(item, known, out));
      case IrTerm.SetOf t -> t.items().forEach(item -> refs(item, known, out));
      case IrTerm.Obj t ->
          t.pairs()
              .forEach(pair -> {
                refs(pair.key(), known, out);
                refs(pair.value(), known, out);
              });
      case Const t -> {}
      case Local t -> {}
      case IrTerm.Compr t -> {}
      case IrTerm.Template t -> {}
    }
  }
}
