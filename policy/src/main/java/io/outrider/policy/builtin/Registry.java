package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoValue;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects the table of built-ins. Each area's class adds its own functions with one line per
/// function; what a function takes and gives is declared in `capabilities.json`.
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

  private final Map<String, Signature> declared;
  private final Map<String, Builtin> byName = new HashMap<>();

  Registry(Map<String, Signature> declared) {
    this.declared = declared;
  }

  void one(String name, One f) {
    add(new OfOne(declared(name, 1), f));
  }

  void two(String name, Two f) {
    add(new OfTwo(declared(name, 2), f));
  }

  void three(String name, Three f) {
    add(new OfAny(declared(name, 3), (cx, a) -> f.apply(a[0], a[1], a[2])));
  }

  /// A function of any arity, or one that needs the evaluation's context.
  void any(String name, Any f) {
    add(new OfAny(declared(name), f));
  }

  private Signature declared(String name, int arity) {
    Signature signature = declared(name);
    if (signature.arity() != arity) {
      throw new IllegalStateException(
          "arity of " + name + ": " + arity + " (expected: " + signature.arity() + ")");
    }
    return signature;
  }

  private Signature declared(String name) {
    Signature signature = declared.get(name);
    if (signature == null) {
      throw new IllegalStateException("built-in is not in capabilities.json: " + name);
    }
    return signature;
  }

  private void add(Builtin builtin) {
    if (byName.put(builtin.name(), builtin) != null) {
      throw new IllegalStateException("built-in registered twice: " + builtin.name());
    }
  }

  Map<String, Builtin> all() {
    return Map.copyOf(byName);
  }

  private record OfOne(Signature signature, One f) implements Builtin {
    @Override
    public @Nullable RegoValue call(BuiltinContext cx, RegoValue[] args) {
      return f.apply(args[0]);
    }

    @Override
    public @Nullable RegoValue call(BuiltinContext cx, RegoValue a) {
      return f.apply(a);
    }
  }

  private record OfTwo(Signature signature, Two f) implements Builtin {
    @Override
    public @Nullable RegoValue call(BuiltinContext cx, RegoValue[] args) {
      return f.apply(args[0], args[1]);
    }

    @Override
    public @Nullable RegoValue call(BuiltinContext cx, RegoValue a, RegoValue b) {
      return f.apply(a, b);
    }
  }

  private record OfAny(Signature signature, Any f) implements Builtin {
    @Override
    public @Nullable RegoValue call(BuiltinContext cx, RegoValue[] args) {
      return f.apply(cx, args);
    }
  }
}
