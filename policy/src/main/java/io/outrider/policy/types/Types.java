package io.outrider.policy.types;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import io.outrider.policy.value.Type;
import io.outrider.policy.value.Type.ArrayOf;
import io.outrider.policy.value.Type.ObjectOf;
import io.outrider.policy.value.Type.Property;
import io.outrider.policy.value.Type.Recursive;
import io.outrider.policy.value.Type.Scalar;
import io.outrider.policy.value.Type.SetOf;
import io.outrider.policy.value.Type.Union;
import io.outrider.policy.value.Type.Unknown;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Relations between types. The checker only reports what can never be, so the question is always
/// whether two types have a value in common, not whether one is part of the other.
public final class Types {
  /// More than the documents that people describe have; few enough to be walked in no time.
  private static final int MOST_PARTS = 10_000;

  private Types() {}

  // Of values.

  /// The type of a constant, as exact as a type can be.
  public static Type of(RegoValue value) {
    return switch (value) {
      case RegoNull v -> Scalar.NULL;
      case RegoBoolean v -> Scalar.BOOLEAN;
      case RegoNumber v -> Scalar.NUMBER;
      case RegoString v -> Scalar.STRING;
      case RegoArray v -> {
        List<Type> items = new ArrayList<>();
        v.forEach(item -> items.add(of(item)));
        yield new ArrayOf(items, null);
      }
      case RegoSet v -> {
        Type member = Type.UNKNOWN;
        for (RegoValue item : v) {
          member = or(member, of(item));
        }
        yield new SetOf(member);
      }
      case RegoObject v -> {
        List<Property> properties = new ArrayList<>();
        v.forEach(e -> properties.add(new Property(e.key(), of(e.value()))));
        yield new ObjectOf(properties, null, null);
      }
    };
  }

  // Unions.

  /// One or the other.
  public static Type or(Type a, Type b) {
    if (a instanceof Unknown) {
      return b;
    }
    if (b instanceof Unknown) {
      return a;
    }
    if (a instanceof Union x) {
      return b instanceof Union y ? union(x, y) : with(x, b);
    }
    if (b instanceof Union y) {
      return with(y, a);
    }
    return compare(a, b) == 0 ? a : union(new Union(List.of(a)), new Union(List.of(b)));
  }

  private static Type with(Union union, Type type) {
    return union.of().isEmpty() ? union : union(union, new Union(List.of(type)));
  }

  /// Both sorted, so merged in one pass; the empty union is that of all types.
  private static Union union(Union a, Union b) {
    if (a.of().isEmpty() || b.of().isEmpty()) {
      return a.of().isEmpty() ? a : b;
    }
    List<Type> merged = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < a.of().size() || j < b.of().size()) {
      int order =
          i == a.of().size() ? 1 : j == b.of().size() ? -1 : compare(a.of().get(i), b.of().get(j));
      merged.add(order <= 0 ? a.of().get(i) : b.of().get(j));
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    return new Union(merged);
  }

  public static boolean isAny(Type type) {
    return type instanceof Union u && u.of().isEmpty();
  }

  // Order.

  /// A total order, in which equal types are the same type.
  public static int compare(Type first, Type second) {
    Type a = unwrap(first);
    Type b = unwrap(second);
    if (a == b) {
      return 0;
    }
    int order = Integer.compare(rank(a), rank(b));
    if (order != 0) {
      return order;
    }
    return switch (a) {
      case ArrayOf x -> {
        ArrayOf y = (ArrayOf) b;
        int rest = compareOptional(x.rest(), y.rest());
        yield rest != 0 ? rest : compareAll(x.first(), y.first());
      }
      case SetOf x -> compare(x.member(), ((SetOf) b).member());
      case ObjectOf x -> compareObjects(x, (ObjectOf) b);
      case Union x -> compareAll(x.of(), ((Union) b).of());
      default -> 0;
    };
  }

  private static int compareObjects(ObjectOf a, ObjectOf b) {
    int order = compareOptional(a.otherKey(), b.otherKey());
    order = order != 0 ? order : compareOptional(a.otherValue(), b.otherValue());
    int common = Math.min(a.properties().size(), b.properties().size());
    for (int i = 0; order == 0 && i < common; i++) {
      order = a.properties().get(i).key().compareTo(b.properties().get(i).key());
      order =
          order != 0
              ? order
              : compare(a.properties().get(i).value(), b.properties().get(i).value());
    }
    return order != 0 ? order : Integer.compare(a.properties().size(), b.properties().size());
  }

  private static int compareOptional(@Nullable Type a, @Nullable Type b) {
    if (a == null || b == null) {
      return Boolean.compare(a != null, b != null);
    }
    return compare(a, b);
  }

  private static int compareAll(List<Type> a, List<Type> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = compare(a.get(i), b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  private static int rank(Type type) {
    return switch (type) {
      case Unknown t -> 0;
      case Scalar t -> 1 + t.ordinal();
      case ArrayOf t -> 5;
      case ObjectOf t -> 6;
      case SetOf t -> 7;
      case Union t -> 8;
      case Recursive t -> 9;
    };
  }

  private static Type unwrap(Type type) {
    return type instanceof Recursive r ? r.target() : type;
  }

  // What a type consists of.

  /// The type of keys: positions of an array, members of a set. [Type#UNKNOWN] for what has none.
  public static Type keys(Type type) {
    return switch (unwrap(type)) {
      case ArrayOf t -> Scalar.NUMBER;
      case SetOf t -> t.member();
      case ObjectOf t -> {
        Type keys = Type.UNKNOWN;
        for (Property property : t.properties()) {
          keys = or(keys, of(property.key()));
        }
        yield or(keys, orUnknown(t.otherKey()));
      }
      case Union t -> isAny(t) ? t : each(t, Types::keys);
      default -> Type.UNKNOWN;
    };
  }

  /// The type of elements. [Type#UNKNOWN] for what has none.
  public static Type values(Type type) {
    return switch (unwrap(type)) {
      case ArrayOf t -> {
        Type values = Type.UNKNOWN;
        for (Type item : t.first()) {
          values = or(values, item);
        }
        yield or(values, orUnknown(t.rest()));
      }
      case SetOf t -> t.member();
      case ObjectOf t -> {
        Type values = Type.UNKNOWN;
        for (Property property : t.properties()) {
          values = or(values, property.value());
        }
        yield or(values, orUnknown(t.otherValue()));
      }
      case Union t -> isAny(t) ? t : each(t, Types::values);
      default -> Type.UNKNOWN;
    };
  }

  /// The type of the element at a constant key. [Type#UNKNOWN] when there cannot be one.
  public static Type select(Type type, RegoValue key) {
    return switch (unwrap(type)) {
      case ArrayOf t -> key instanceof RegoNumber n ? item(t, n) : Type.UNKNOWN;
      case SetOf t -> {
        Type wanted = of(key);
        boolean possible =
            compare(t.member(), wanted) == 0
                || (t.member() instanceof Union u && contains(u, wanted));
        yield possible ? (t.member() instanceof Union ? wanted : t.member()) : Type.UNKNOWN;
      }
      case ObjectOf t -> property(t, key);
      case Union t -> isAny(t) ? t : each(t, of -> select(of, key));
      default -> Type.UNKNOWN;
    };
  }

  private static Type item(ArrayOf array, RegoNumber position) {
    BigDecimal exact;
    try {
      exact = new BigDecimal(position.toString());
    } catch (NumberFormatException e) {
      return Type.UNKNOWN;
    }
    boolean whole = exact.scale() <= 0 || exact.stripTrailingZeros().scale() <= 0;
    if (!whole || exact.signum() < 0 || !position.toString().chars().allMatch(Character::isDigit)) {
      return Type.UNKNOWN;
    }
    boolean known = exact.compareTo(BigDecimal.valueOf(array.first().size())) < 0;
    return known ? array.first().get(exact.intValue()) : orUnknown(array.rest());
  }

  private static Type property(ObjectOf object, RegoValue key) {
    for (Property property : object.properties()) {
      if (property.key().equals(key)) {
        return property.value();
      }
    }
    Type otherKey = object.otherKey();
    if (otherKey == null) {
      return Type.UNKNOWN;
    }
    Type wanted = of(key);
    boolean possible =
        otherKey instanceof Union u ? contains(u, wanted) : compare(otherKey, wanted) == 0;
    return possible ? orUnknown(object.otherValue()) : Type.UNKNOWN;
  }

  private static boolean contains(Union union, Type type) {
    return union.of().isEmpty() || union.of().stream().anyMatch(t -> compare(t, type) == 0);
  }

  private static Type each(Union union, java.util.function.UnaryOperator<Type> part) {
    Type found = Type.UNKNOWN;
    for (Type type : union.of()) {
      found = or(found, part.apply(type));
    }
    return found;
  }

  private static Type orUnknown(@Nullable Type type) {
    return type == null ? Type.UNKNOWN : type;
  }

  /// The type, or [Type#ANY] for one with more parts than anybody compares. Parts that stand in
  /// several places count in each: `x := [y, y]` in a long row of such lines makes a type that is
  /// small to keep and too large to walk.
  public static Type bounded(Type type) {
    return parts(type, MOST_PARTS) < 0 ? Type.ANY : type;
  }

  /// What is left of a number of parts to look at; negative if they did not suffice.
  private static int parts(@Nullable Type type, int left) {
    if (type == null || left < 0) {
      return left;
    }
    int rest = left - 1;
    switch (type) {
      case ArrayOf t -> {
        for (Type item : t.first()) {
          rest = parts(item, rest);
        }
        return parts(t.rest(), rest);
      }
      case SetOf t -> {
        return parts(t.member(), rest);
      }
      case ObjectOf t -> {
        for (Property property : t.properties()) {
          rest = parts(property.value(), rest);
        }
        return parts(t.otherValue(), parts(t.otherKey(), rest));
      }
      case Union t -> {
        for (Type part : t.of()) {
          rest = parts(part, rest);
        }
        return rest;
      }
      case Unknown t -> {
        return rest;
      }
      case Scalar t -> {
        return rest;
      }
      case Recursive t -> {
        return rest;
      }
    }
  }

  /// Whether nothing is known about the type or about a part of it.
  public static boolean isPartial(Type type) {
    return isPartial(type, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static boolean isPartial(Type type, Set<Type> seen) {
    // What was looked at once is not looked at again: types share their parts, and x = [y, y] may
    // stand in a long row of such lines. The search ends at the first part that is unknown.
    if (!seen.add(type)) {
      return false;
    }
    return switch (unwrap(type)) {
      case Unknown t -> true;
      case ArrayOf t ->
          t.first().stream().anyMatch(i -> isPartial(i, seen))
              || (t.rest() != null && isPartial(t.rest(), seen));
      case SetOf t -> isPartial(t.member(), seen);
      case ObjectOf t ->
          t.properties().stream().anyMatch(p -> isPartial(p.value(), seen))
              || (t.otherKey() != null && isPartial(t.otherKey(), seen))
              || (t.otherValue() != null && isPartial(t.otherValue(), seen));
      default -> false;
    };
  }

  /// Whether a collection certainly has no element.
  public static boolean isEmptyCollection(Type type) {
    return switch (unwrap(type)) {
      case ArrayOf t -> t.first().isEmpty() && t.rest() == null;
      case ObjectOf t -> t.properties().isEmpty() && t.otherKey() == null;
      case SetOf t -> t.member() instanceof Unknown;
      default -> false;
    };
  }

  // What types have in common.

  /// Whether some value may be of both types.
  public static boolean unifies(Type first, Type second) {
    if (first instanceof Unknown || second instanceof Unknown) {
      return false;
    }
    if (first instanceof Recursive && first == second) {
      return true;
    }
    Type a = unwrap(first);
    Type b = unwrap(second);
    if (a instanceof Union x && anyUnifies(x, b)) {
      return true;
    }
    if (b instanceof Union y && anyUnifies(y, a)) {
      return true;
    }
    if (a instanceof Union || b instanceof Union) {
      return false;
    }
    return switch (a) {
      case Scalar x -> x == b;
      case ArrayOf x -> b instanceof ArrayOf y && unifyArrays(x, y);
      case ObjectOf x -> b instanceof ObjectOf y && unifyObjects(x, y);
      case SetOf x ->
          b instanceof SetOf y
              && (x.member() instanceof Unknown
                  || y.member() instanceof Unknown
                  || unifies(x.member(), y.member()));
      default -> false;
    };
  }

  private static boolean anyUnifies(Union union, Type type) {
    return union.of().isEmpty() || union.of().stream().anyMatch(t -> unifies(t, type));
  }

  private static boolean unifyArrays(ArrayOf a, ArrayOf b) {
    return itemsUnify(a, 0, b)
        && itemsUnify(b, a.first().size(), a)
        && (a.rest() == null || b.rest() == null || unifies(a.rest(), b.rest()));
  }

  /// Each pair is looked at once only: with two looks at each level the time would double with it.
  private static boolean itemsUnify(ArrayOf a, int from, ArrayOf b) {
    for (int i = from; i < a.first().size(); i++) {
      Type other = i < b.first().size() ? b.first().get(i) : orUnknown(b.rest());
      if (!unifies(a.first().get(i), other)) {
        return false;
      }
    }
    return true;
  }

  private static boolean unifyObjects(ObjectOf a, ObjectOf b) {
    return propertiesUnify(a, b, false)
        && propertiesUnify(b, a, true)
        && (a.otherValue() == null
            || b.otherValue() == null
            || unifies(a.otherValue(), b.otherValue()));
  }

  /// @param rest whether those that `b` names, too, are passed over
  private static boolean propertiesUnify(ObjectOf a, ObjectOf b, boolean rest) {
    for (Property property : a.properties()) {
      if (rest && b.properties().stream().anyMatch(p -> p.key().equals(property.key()))) {
        continue;
      }
      Type other = property(b, property.key());
      if (other instanceof Unknown) {
        if (a.otherValue() == null && b.otherValue() == null) {
          return false;
        }
      } else if (!unifies(property.value(), other)) {
        return false;
      }
    }
    return true;
  }

  // Documents made of several rules.

  /// The type of a document to which two rules contribute.
  public static Type merge(Type first, Type second) {
    if (first instanceof Unknown) {
      return second;
    }
    if (second instanceof Unknown) {
      return first;
    }
    Type a = unwrap(first);
    Type b = unwrap(second);
    if (a instanceof SetOf x && b instanceof SetOf y) {
      return new SetOf(or(x.member(), y.member()));
    }
    if (a instanceof Union && !(b instanceof Union)) {
      return merge(b, a);
    }
    if (a instanceof ObjectOf x && isOpen(x) && b instanceof ObjectOf y && isOpen(y)) {
      return mergeOpen(x, y);
    }
    if (a instanceof ObjectOf x && isOpen(x) && b instanceof Union union) {
      List<Type> parts = new ArrayList<>(union.of());
      for (int i = 0; i < parts.size(); i++) {
        if (parts.get(i) instanceof ObjectOf y && isOpen(y)) {
          parts.set(
              i,
              new ObjectOf(
                  List.of(),
                  or(orUnknown(y.otherKey()), orUnknown(x.otherKey())),
                  or(orUnknown(y.otherValue()), orUnknown(x.otherValue()))));
          return new Union(parts);
        }
      }
    }
    return or(a, b);
  }

  private static boolean isOpen(ObjectOf object) {
    return object.properties().isEmpty() && object.otherKey() != null;
  }

  private static Type mergeOpen(ObjectOf a, ObjectOf b) {
    return new ObjectOf(
        List.of(),
        or(orUnknown(a.otherKey()), orUnknown(b.otherKey())),
        merge(orUnknown(a.otherValue()), orUnknown(b.otherValue())));
  }
}
