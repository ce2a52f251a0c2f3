package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoValue;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects the table of built-ins. Each area's class adds its own functions with one line per
/// function.
final class Registry {
  @FunctionalInterface
  interface One {
    @Nullable RegoValue apply(RegoValue a);
  }

  @FunctionalInterface
  interface Two {
    @Nullable RegoValue apply(RegoValue a, RegoValue b);
  }

  @FunctionalInterface
  interface Three {
    @Nullable RegoValue apply(RegoValue a, RegoValue b, RegoValue c);
  }

  @FunctionalInterface
  interface Any {
    @Nullable RegoValue apply(BuiltinContext cx, RegoValue[] args);
  }

  private final Map<String, Builtin> byName = new HashMap<>();

  void one(String name, One f) {
    add(new OfOne(name, f));
  }

  void two(String name, Two f) {
    add(new OfTwo(name, f));
  }

  void three(String name, Three f) {
    add(new OfAny(name, 3, false, false, (cx, a) -> f.apply(a[0], a[1], a[2])));
  }

  /// A function that needs the evaluation's context.
  void any(String name, int arity, Any f) {
    add(new OfAny(name, arity, false, false, f));
  }

  /// A function whose result may differ between evaluations.
  void nondeterministic(String name, int arity, Any f) {
    add(new OfAny(name, arity, true, false, f));
  }

  void relation(String name, int arity, Any f) {
    add(new OfAny(name, arity, false, true, f));
  }

  private void add(Builtin builtin) {
    if (byName.put(builtin.name(), builtin) != null) {
      throw new IllegalStateException("built-in registered twice: " + builtin.name());
    }
  }

  Map<String, Builtin> all() {
    return Map.copyOf(byName);
  }

  private record OfOne(String name, One f) implements Builtin {
    @Override
    public int arity() {
      return 1;
    }

    @Override
    public @Nullable RegoValue call(BuiltinContext cx, RegoValue[] args) {
      return f.apply(args[0]);
    }

    @Override
    public @Nullable RegoValue call(BuiltinContext cx, RegoValue a) {
      return f.apply(a);
    }
  }

  private record OfTwo(String name, Two f) implements Builtin {
    @Override
    public int arity() {
      return 2;
    }

    @Override
    public @Nullable RegoValue call(BuiltinContext cx, RegoValue[] args) {
      return f.apply(args[0], args[1]);
    }

    @Override
    public @Nullable RegoValue call(BuiltinContext cx, RegoValue a, RegoValue b) {
      return f.apply(a, b);
    }
  }

  private record OfAny(
      String name, int arity, boolean isNondeterministic, boolean isRelation, Any f)
      implements Builtin {
    @Override
    public @Nullable RegoValue call(BuiltinContext cx, RegoValue[] args) {
      return f.apply(cx, args);
    }
  }
}
