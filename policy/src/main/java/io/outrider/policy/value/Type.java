package io.outrider.policy.value;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// What is known about a value before it is there: the static type of an expression, as OPA's type
/// checker sees it. (The kind of a value that is there is its [RegoType].)
///
/// `toString` gives OPA's notation, such as `array<string>[number]` or `any<string, set[any]>`.
public sealed interface Type {
  /// Anything.
  Type ANY = new Union(List.of());

  /// Nothing is known yet: a variable that has not been met, or a term that makes no sense.
  Type UNKNOWN = new Unknown();

  /// The type of [#UNKNOWN].
  record Unknown() implements Type {
    @Override
    public String toString() {
      return "???";
    }
  }

  /// Null, booleans, numbers and strings, of which only the kind is known.
  enum Scalar implements Type {
    NULL("null"),
    BOOLEAN("boolean"),
    NUMBER("number"),
    STRING("string");

    private final String text;

    Scalar(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// An array whose first elements have the given types, followed by any number of `rest`.
  ///
  /// @param rest null when there are no further elements
  record ArrayOf(List<Type> first, @Nullable Type rest) implements Type {
    public ArrayOf {
      first = List.copyOf(first);
    }

    @Override
    public String toString() {
      StringJoiner known = new StringJoiner(", ", "<", ">").setEmptyValue("");
      first.forEach(t -> known.add(t.toString()));
      return "array" + known + (rest == null ? "" : "[" + rest + "]");
    }
  }

  /// A set.
  ///
  /// @param member [#UNKNOWN] for a set without members
  record SetOf(Type member) implements Type {
    @Override
    public String toString() {
      return member instanceof Unknown ? "set" : "set[" + member + "]";
    }
  }

  /// A key that an object certainly has.
  record Property(RegoValue key, Type value) {
    @Override
    public String toString() {
      return (key instanceof RegoString s ? s.value() : key.toString()) + ": " + value;
    }
  }

  /// An object with the given properties and, beside them, any number of entries of the given
  /// types.
  ///
  /// @param properties sorted by key
  /// @param otherKey null together with `otherValue` when there are no other entries
  record ObjectOf(List<Property> properties, @Nullable Type otherKey, @Nullable Type otherValue)
      implements Type {
    public ObjectOf {
      List<Property> sorted = new ArrayList<>(properties);
      sorted.sort((a, b) -> a.key.compareTo(b.key));
      properties = List.copyOf(sorted);
      if ((otherKey == null) != (otherValue == null)) {
        throw new IllegalArgumentException(
            "key: " + otherKey + ", value: " + otherValue + " (expected: both or none)");
      }
    }

    @Override
    public String toString() {
      StringJoiner known = new StringJoiner(", ", "<", ">").setEmptyValue("");
      properties.forEach(p -> known.add(p.toString()));
      return "object" + known + (otherKey == null ? "" : "[" + otherKey + ": " + otherValue + "]");
    }
  }

  /// One of several types.
  ///
  /// @param of empty for any type at all
  record Union(List<Type> of) implements Type {
    public Union {
      of = List.copyOf(of);
    }

    @Override
    public String toString() {
      StringJoiner types = new StringJoiner(", ", "any<", ">").setEmptyValue("any");
      of.forEach(t -> types.add(t.toString()));
      return types.toString();
    }
  }

  /// A part of a schema that refers back to itself. Two are equal only when they are the same.
  final class Recursive implements Type {
    private final String name;
    private Type target = UNKNOWN;

    /// @param name the reference in the schema, such as `#/$defs/node`
    public Recursive(String name) {
      this.name = name;
    }

    public Type target() {
      return target;
    }

    public void resolve(Type type) {
      target = type;
    }

    @Override
    public String toString() {
      return "recursive(" + name + ")";
    }
  }
}
