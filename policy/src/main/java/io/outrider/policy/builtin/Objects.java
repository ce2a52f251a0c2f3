package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoValue;
import org.jspecify.annotations.Nullable;

/// The functions named `object.*`.
final class Objects {
  private Objects() {}

  static void register(Registry r) {
    r.three("object.get", Objects::get);
    r.one("object.keys", a -> Args.object(a, 1).keySet());
    r.two("object.union", (a, b) -> union(Args.object(a, 1), Args.object(b, 2)));
    r.one("object.union_n", Objects::unionAll);
    r.two("object.remove", Objects::remove);
    r.two("object.filter", Objects::filter);
    r.two("object.subset", (a, b) -> RegoBoolean.of(subset(a, b)));
  }

  private static RegoValue get(RegoValue a, RegoValue path, RegoValue otherwise) {
    RegoObject object = Args.object(a, 1);
    if (!(path instanceof RegoArray steps)) {
      RegoValue found = object.get(path);
      return found == null ? otherwise : found;
    }
    RegoValue at = object;
    for (RegoValue step : steps) {
      RegoValue next = child(at, step);
      if (next == null) {
        return otherwise;
      }
      at = next;
    }
    return at;
  }

  /// The value a reference finds under a key: an element by index, a member by itself, a value by
  /// key.
  static @Nullable RegoValue child(RegoValue parent, RegoValue key) {
    return switch (parent) {
      case RegoObject o -> o.get(key);
      case RegoSet s -> s.contains(key) ? key : null;
      case RegoArray a ->
          key instanceof RegoNumber n && n.isLong() && n.asLong() >= 0 && n.asLong() < a.size()
              ? a.get((int) n.asLong())
              : null;
      default -> null;
    };
  }

  /// The entries of both objects; where both have a key, objects are united and otherwise the right
  /// one wins.
  private static RegoObject union(RegoObject a, RegoObject b) {
    if (a.isEmpty()) {
      return b;
    }
    if (b.isEmpty()) {
      return a;
    }
    RegoObject.Builder result = a.toBuilder();
    for (int i = 0; i < b.size(); i++) {
      RegoValue key = b.keyAt(i);
      RegoValue value = b.valueAt(i);
      if (value instanceof RegoObject right && a.get(key) instanceof RegoObject left) {
        value = union(left, right);
      }
      result.put(key, value);
    }
    return result.build();
  }

  private static RegoValue unionAll(RegoValue a) {
    RegoArray objects = Args.array(a, 1);
    RegoObject result = RegoObject.EMPTY;
    for (RegoValue item : objects) {
      if (!(item instanceof RegoObject object)) {
        throw Args.wrongElement(objects, 1, item, "object");
      }
      result = union(result, object);
    }
    return result;
  }

  private static RegoValue remove(RegoValue a, RegoValue keys) {
    RegoObject object = Args.object(a, 1);
    RegoSet without = keySet(keys);
    RegoObject.Builder rest = RegoObject.builder(object.size());
    for (RegoObject.Entry entry : object) {
      if (!without.contains(entry.key())) {
        rest.put(entry.key(), entry.value());
      }
    }
    return rest.build();
  }

  private static RegoValue filter(RegoValue a, RegoValue keys) {
    RegoObject object = Args.object(a, 1);
    RegoSet wanted = keySet(keys);
    RegoObject.Builder kept = RegoObject.builder(wanted.size());
    for (RegoValue key : wanted) {
      RegoValue value = object.get(key);
      if (value != null) {
        kept.put(key, value);
      }
    }
    return kept.build();
  }

  private static RegoSet keySet(RegoValue keys) {
    return switch (keys) {
      case RegoSet set -> set;
      case RegoObject object -> object.keySet();
      case RegoArray array -> {
        RegoSet.Builder set = RegoSet.builder(array.size());
        array.forEach(set::add);
        yield set.build();
      }
      default -> throw Args.wrongType(keys, 2, "object", "set", "array");
    };
  }

  private static boolean subset(RegoValue all, RegoValue part) {
    if (all instanceof RegoArray array && part instanceof RegoSet set) {
      return hasMembers(array, set);
    }
    if (all.type() == part.type()
        && (all instanceof RegoObject || all instanceof RegoSet || all instanceof RegoArray)) {
      return contains(all, part);
    }
    throw new BuiltinException(
        BuiltinException.Kind.TYPE,
        "both arguments object.subset must be of the same type or array and set");
  }

  private static boolean contains(RegoValue all, RegoValue part) {
    if (all instanceof RegoObject a && part instanceof RegoObject p) {
      for (RegoObject.Entry entry : p) {
        RegoValue value = a.get(entry.key());
        if (value == null || !contains(value, entry.value())) {
          return false;
        }
      }
      return true;
    }
    if (all instanceof RegoSet a && part instanceof RegoSet p) {
      for (RegoValue member : p) {
        if (!a.contains(member)) {
          return false;
        }
      }
      return true;
    }
    return all instanceof RegoArray a && part instanceof RegoArray p
        ? hasRun(a, p)
        : all.equals(part);
  }

  /// Whether the elements of `part` stand in `all`, one after the other.
  private static boolean hasRun(RegoArray all, RegoArray part) {
    for (int start = 0; start + part.size() <= all.size(); start++) {
      int matched = 0;
      while (matched < part.size() && all.get(start + matched).equals(part.get(matched))) {
        matched++;
      }
      if (matched == part.size()) {
        return true;
      }
    }
    return false;
  }

  // OPA counts down to zero over the elements: an empty array holds no set, not even the empty one,
  // and an array with
  // the same member twice counts it twice.
  private static boolean hasMembers(RegoArray all, RegoSet members) {
    int unmatched = members.size();
    for (RegoValue item : all) {
      if (members.contains(item)) {
        unmatched--;
      }
      if (unmatched == 0) {
        return true;
      }
    }
    return false;
  }
}
