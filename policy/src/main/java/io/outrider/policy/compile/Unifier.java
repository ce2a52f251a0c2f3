package io.outrider.policy.compile;

import io.outrider.policy.compile.IrTerm.Const;
import io.outrider.policy.compile.IrTerm.Local;
import io.outrider.policy.types.Types;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoValue;
import io.outrider.policy.value.Type;
import io.outrider.policy.value.Type.ArrayOf;
import io.outrider.policy.value.Type.ObjectOf;
import io.outrider.policy.value.Type.Recursive;
import io.outrider.policy.value.Type.SetOf;
import io.outrider.policy.value.Type.Union;
import io.outrider.policy.value.Type.Unknown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Fits terms to types and terms to each other, learning the types of variables on the way. Answers
/// false only where there can be no value for both.
final class Unifier {
  private final Map<IrTerm.Compr, Type> comprehensions;

  Unifier(Map<IrTerm.Compr, Type> comprehensions) {
    this.comprehensions = comprehensions;
  }

  private Type type(TypeEnv env, IrTerm term) {
    return env.of(term, comprehensions);
  }

  boolean terms(TypeEnv env, IrTerm a, IrTerm b) {
    Type typeA = type(env, a);
    Type typeB = type(env, b);
    boolean partialA = Types.isPartial(typeA);
    boolean partialB = Types.isPartial(typeB);
    if (partialA && !partialB) {
      return term(env, a, typeB, false);
    }
    if (partialB && !partialA) {
      return term(env, b, typeA, false);
    }
    if (!partialA) {
      return Types.unifies(typeA, typeB);
    }
    List<IrTerm> itemsA = items(a);
    List<IrTerm> itemsB = items(b);
    if (itemsA != null) {
      return itemsB != null ? allItems(env, itemsA, itemsB) : viaVariable(env, a, b);
    }
    if (a instanceof IrTerm.Obj x) {
      return b instanceof IrTerm.Obj y ? allPairs(env, x, y) : viaVariable(env, a, b);
    }
    if (a instanceof Local) {
      if (b instanceof Local) {
        return term(env, a, Type.ANY, false) && term(env, b, type(env, a), false);
      }
      if (itemsB != null || b instanceof IrTerm.Obj) {
        return viaVariable(env, b, a);
      }
      if (typeA instanceof Unknown && !(typeB instanceof Unknown)) {
        return term(env, a, typeB, false);
      }
    }
    if (b instanceof Local && typeB instanceof Unknown && !(typeA instanceof Unknown)) {
      return term(env, b, typeA, false);
    }
    return false;
  }

  private boolean viaVariable(TypeEnv env, IrTerm pattern, IrTerm variable) {
    return variable instanceof Local
        && term(env, pattern, Type.ANY, false)
        && term(env, variable, type(env, pattern), false);
  }

  private boolean allItems(TypeEnv env, List<IrTerm> a, List<IrTerm> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!terms(env, a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean allPairs(TypeEnv env, IrTerm.Obj a, IrTerm.Obj b) {
    if (a.pairs().size() != b.pairs().size()) {
      return false;
    }
    Map<Object, IrTerm> byKey = new HashMap<>();
    b.pairs().forEach(pair -> byKey.put(keyOf(pair.key()), pair.value()));
    for (IrTerm.Pair pair : a.pairs()) {
      IrTerm other = byKey.get(keyOf(pair.key()));
      if (other == null || !terms(env, pair.value(), other)) {
        return false;
      }
    }
    return true;
  }

  private static Object keyOf(IrTerm key) {
    return key instanceof Const c ? c.value() : key instanceof Local l ? l.var() : key;
  }

  /// Whether a term may have the given type.
  ///
  /// @param widening the type is one of several: variables take it beside what they have
  boolean term(TypeEnv env, IrTerm term, Type wanted, boolean widening) {
    if (term instanceof Local local) {
      return variable(env, local, wanted, widening);
    }
    List<IrTerm> items = items(term);
    if (items != null) {
      return composite(
          env,
          term,
          wanted,
          widening,
          ArrayOf.class,
          t -> {
            if (items.size() != t.first().size() && t.rest() == null) {
              return false;
            }
            for (int i = 0; i < items.size(); i++) {
              Type rest = t.rest();
              Type of =
                  i < t.first().size() ? t.first().get(i) : rest == null ? Type.UNKNOWN : rest;
              if (!term(env, items.get(i), of, widening)) {
                return false;
              }
            }
            return true;
          });
    }
    List<IrTerm> members = members(term);
    if (members != null) {
      return composite(
          env,
          term,
          wanted,
          widening,
          SetOf.class,
          t -> {
            for (IrTerm member : members) {
              if (!term(env, member, t.member(), widening)) {
                return false;
              }
            }
            return true;
          });
    }
    List<IrTerm.Pair> pairs = pairs(term);
    if (pairs != null) {
      return composite(
          env, term, wanted, widening, ObjectOf.class, t -> object(env, pairs, t, widening));
    }
    boolean evaluated = term instanceof IrTerm.Ref || term instanceof IrTerm.Compr;
    // What is looked up or computed is found before, and then stands there like a variable.
    return (evaluated && widening) || Types.unifies(type(env, term), wanted);
  }

  private boolean variable(TypeEnv env, Local local, Type wanted, boolean widening) {
    Type known = env.var(local.var());
    if (widening) {
      env.setVar(local.var(), Types.or(known, wanted));
      return true;
    }
    if (known instanceof Unknown) {
      env.setVar(local.var(), wanted);
      return true;
    }
    return Types.unifies(known, wanted);
  }

  private interface Fit<T extends Type> {
    boolean to(T type);
  }

  private <T extends Type> boolean composite(
      TypeEnv env, IrTerm term, Type wanted, boolean widening, Class<T> kind, Fit<T> fit) {
    Type target = wanted instanceof Recursive r ? r.target() : wanted;
    if (kind.isInstance(target)) {
      return fit.to(kind.cast(target));
    }
    if (!(target instanceof Union union)) {
      return false;
    }
    if (Types.isAny(union)) {
      parts(term).forEach(part -> term(env, part, Type.ANY, true));
      return true;
    }
    boolean possible = false;
    for (Type type : union.of()) {
      possible |= term(env, term, type, true);
    }
    return possible;
  }

  private boolean object(TypeEnv env, List<IrTerm.Pair> pairs, ObjectOf type, boolean widening) {
    if (pairs.size() != type.properties().size() && type.otherValue() == null) {
      return false;
    }
    for (IrTerm.Pair pair : pairs) {
      if (!(pair.key() instanceof Const key)) {
        term(env, pair.value(), Type.ANY, widening);
        continue;
      }
      Type of = Types.select(type, key.value());
      if (of instanceof Unknown || !term(env, pair.value(), of, widening)) {
        return false;
      }
    }
    return true;
  }

  // Constants are looked into like other terms.

  static @Nullable List<IrTerm> items(IrTerm term) {
    if (term instanceof IrTerm.Arr a) {
      return a.items();
    }
    return term instanceof Const c && c.value() instanceof RegoArray array
        ? constants(array, c)
        : null;
  }

  private static @Nullable List<IrTerm> members(IrTerm term) {
    if (term instanceof IrTerm.SetOf s) {
      return s.items();
    }
    return term instanceof Const c && c.value() instanceof RegoSet set ? constants(set, c) : null;
  }

  private static @Nullable List<IrTerm.Pair> pairs(IrTerm term) {
    if (term instanceof IrTerm.Obj o) {
      return o.pairs();
    }
    if (!(term instanceof Const c && c.value() instanceof RegoObject object)) {
      return null;
    }
    List<IrTerm.Pair> pairs = new ArrayList<>();
    object.forEach(
        e -> pairs.add(new IrTerm.Pair(new Const(e.key(), c.at()), new Const(e.value(), c.at()))));
    return pairs;
  }

  private static List<IrTerm> parts(IrTerm term) {
    List<IrTerm.Pair> pairs = pairs(term);
    if (pairs != null) {
      List<IrTerm> parts = new ArrayList<>();
      pairs.forEach(pair -> {
        parts.add(pair.key());
        parts.add(pair.value());
      });
      return parts;
    }
    List<IrTerm> items = items(term);
    List<IrTerm> members = items == null ? members(term) : items;
    return members == null ? List.of() : members;
  }

  private static List<IrTerm> constants(Iterable<RegoValue> values, Const at) {
    List<IrTerm> terms = new ArrayList<>();
    values.forEach(v -> terms.add(new Const(v, at.at())));
    return terms;
  }
}
