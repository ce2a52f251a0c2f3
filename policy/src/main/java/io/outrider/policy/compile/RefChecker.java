package io.outrider.policy.compile;

import io.outrider.policy.compile.IrTerm.Const;
import io.outrider.policy.compile.IrTerm.Local;
import io.outrider.policy.compile.IrTerm.Ref;
import io.outrider.policy.compile.IrTerm.Root;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.types.Types;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import io.outrider.policy.value.Type;
import io.outrider.policy.value.Type.ObjectOf;
import io.outrider.policy.value.Type.Recursive;
import io.outrider.policy.value.Type.Scalar;
import io.outrider.policy.value.Type.Union;
import io.outrider.policy.value.Type.Unknown;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Follows references through what is known of documents and values, and finds those that lead
/// nowhere.
final class RefChecker {
  private final Map<IrTerm.Compr, Type> comprehensions;
  private final Unifier unifier;

  RefChecker(Map<IrTerm.Compr, Type> comprehensions, Unifier unifier) {
    this.comprehensions = comprehensions;
    this.unifier = unifier;
  }

  /// What is wrong with a reference, or null. Variables in its keys learn their types.
  ///
  /// @param loose nothing is known of the values of terms, only of variables and documents
  @Nullable Diagnostic check(TypeEnv env, Ref ref, boolean loose) {
    if (ref.root() instanceof Root.Of head) {
      if (!(head.term() instanceof Local)) {
        // The value is found before the reference is followed, with whatever its parts may be.
        unifier.term(env, head.term(), Type.ANY, true);
      }
      Type type =
          loose && !(head.term() instanceof Local) ? Type.ANY : env.of(head.term(), comprehensions);
      if (type instanceof Unknown && head.term() instanceof Local local) {
        env.setVar(local.var(), Type.ANY);
      }
      return leaf(env, ref, type instanceof Unknown ? Type.ANY : type, 0);
    }
    for (TypeEnv layer = env; layer != null; layer = layer.outer()) {
      DocTypes place = layer.documents(ref.root());
      if (place != null && (place.isLeaf() || !place.keys().isEmpty())) {
        Found found = walk(env, place, ref);
        if (found.here()) {
          return found.problem();
        }
      }
    }
    return leaf(env, ref, Type.ANY, 0);
  }

  /// @param here the layer has an answer
  private record Found(boolean here, @Nullable Diagnostic problem) {
    static final Found FINE = new Found(true, null);
    static final Found NOT_HERE = new Found(false, null);

    static Found of(@Nullable Diagnostic problem) {
      return new Found(true, problem);
    }
  }

  private Found walk(TypeEnv env, DocTypes start, Ref ref) {
    DocTypes place = start;
    for (int i = 0; ; i++) {
      if (place.isLeaf()) {
        return Found.of(leaf(env, ref, place.type(), i));
      }
      if (i == ref.path().size()) {
        return Found.FINE;
      }
      IrTerm key = ref.path().get(i);
      boolean name = !(key instanceof Const c) || c.value() instanceof RegoString;
      if (i < 2
          && (!name
              || key instanceof IrTerm.Arr
              || key instanceof IrTerm.Obj
              || key instanceof IrTerm.SetOf)) {
        return Found.of(nowhere(ref, i, place.keys(), null));
      }
      if (!(key instanceof Const)) {
        Type keys = Types.keys(place.extent());
        Type known = env.of(key, comprehensions);
        if (known instanceof Unknown) {
          if (key instanceof Local local) {
            env.setVar(local.var(), keys);
          }
        } else if (!Types.unifies(keys, known)) {
          return Found.of(nowhere(ref, i, place.keys(), known));
        }
      }
      DocTypes child = key instanceof Const c ? place.child(c.value()) : null;
      if (child == null) {
        // No rule is meant; the base documents may hold anything.
        return Found.NOT_HERE;
      }
      place = child;
    }
  }

  private @Nullable Diagnostic leaf(TypeEnv env, Ref ref, Type start, int from) {
    Type type = start;
    for (int i = from; i < ref.path().size(); i++) {
      IrTerm key = ref.path().get(i);
      if (Types.isEmptyCollection(type)) {
        return nowhere(ref, i, List.of(), null);
      }
      Type keys = Types.keys(type);
      if (keys instanceof Unknown) {
        return unsupported(ref, i, type);
      }
      if (TypeEnv.isScalar(key)) {
        type = Types.select(type, TypeEnv.scalar(key));
        if (type instanceof Unknown) {
          return nowhere(
              ref, i, names(Types.isAny(start) ? Type.ANY : at(start, ref, from, i)), null);
        }
        continue;
      }
      boolean composite =
          key instanceof Const
              || key instanceof IrTerm.Arr
              || key instanceof IrTerm.Obj
              || key instanceof IrTerm.SetOf;
      if (composite) {
        if (!unifier.term(env, key, keys, false)) {
          return nowhere(ref, i, List.of(), env.of(key, comprehensions));
        }
      } else {
        Type known = env.of(key, comprehensions);
        if (known instanceof Unknown) {
          if (key instanceof Local local) {
            env.setVar(local.var(), keys);
          }
        } else if (!Types.unifies(known, keys)) {
          return nowhere(ref, i, names(type), known);
        }
      }
      type = Types.values(type);
    }
    return null;
  }

  private static Type at(Type start, Ref ref, int from, int to) {
    return TypeEnv.select(start, ref.path().subList(from, to));
  }

  private static Collection<RegoValue> names(Type type) {
    TreeSet<RegoValue> names = new TreeSet<>();
    switch (type instanceof Recursive r ? r.target() : type) {
      case ObjectOf t -> t.properties().forEach(p -> names.add(p.key()));
      case Union t -> t.of().forEach(of -> names.addAll(names(of)));
      default -> {}
    }
    return names;
  }

  private static Diagnostic nowhere(
      Ref ref, int at, Collection<RegoValue> known, @Nullable Type have) {
    String hint = null;
    if (have != null && !(have instanceof Unknown)) {
      hint = "the key is of type " + have;
    } else if (ref.path().get(at) instanceof Const c && c.value() instanceof RegoString name) {
      List<String> names =
          known.stream()
              .filter(RegoString.class::isInstance)
              .map(v -> ((RegoString) v).value())
              .toList();
      hint = Nearest.hint(name.value(), names);
      if (hint == null && !names.isEmpty()) {
        hint = "known here: " + String.join(", ", names.subList(0, Math.min(12, names.size())));
      }
    }
    return Diagnostic.error(
        Diagnostic.TYPE, ref.at(), "undefined ref: " + IrText.ref(ref.root(), ref.path()), hint);
  }

  private static Diagnostic unsupported(Ref ref, int at, Type type) {
    String part = IrText.ref(ref.root(), ref.path().subList(0, at));
    String what = type instanceof Scalar s && s == Scalar.NULL ? "null" : "of type " + type;
    return Diagnostic.error(
        Diagnostic.TYPE,
        ref.at(),
        "undefined ref: " + IrText.ref(ref.root(), ref.path()),
        part + " is " + what + ", which has no elements");
  }
}
