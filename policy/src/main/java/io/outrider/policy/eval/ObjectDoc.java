package io.outrider.policy.eval;

import io.outrider.policy.syntax.Span;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoValue;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object that rules build key by key, perhaps over several levels, perhaps with sets in it.
final class ObjectDoc {
  /// Values, set builders and further levels.
  private final Map<RegoValue, Object> entries = new LinkedHashMap<>();

  /// Puts a value at a path, or adds it to the set there if `member`. Throws when two rules
  /// disagree.
  void put(RegoValue[] path, RegoValue value, boolean member, Span at) {
    ObjectDoc doc = this;
    for (int i = 0; i < path.length - 1; i++) {
      Object next = doc.entries.computeIfAbsent(path[i], k -> new ObjectDoc());
      if (!(next instanceof ObjectDoc inner)) {
        throw conflict(path[i], at);
      }
      doc = inner;
    }
    RegoValue key = path[path.length - 1];
    Object before = doc.entries.get(key);
    if (member) {
      if (before == null || before instanceof RegoSet) {
        RegoSet.Builder builder = RegoSet.builder();
        if (before instanceof RegoSet set) {
          set.forEach(builder::add);
        }
        builder.add(value);
        doc.entries.put(key, builder);
      } else if (before instanceof RegoSet.Builder builder) {
        builder.add(value);
      } else {
        throw conflict(key, at);
      }
      return;
    }
    if (before != null && !value(before).equals(value)) {
      throw conflict(key, at);
    }
    if (!(before instanceof RegoValue)) {
      // From here on the value is whole: nothing can be put below it.
      doc.entries.put(key, value);
    }
  }

  private static EvalException conflict(RegoValue key, Span at) {
    return EvalException.conflict(
        "object keys must be unique: rules give " + key + " more than one value", at);
  }

  @Nullable RegoValue get(RegoValue key) {
    Object entry = entries.get(key);
    return entry == null ? null : value(entry);
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  RegoObject build() {
    RegoObject.Builder out = RegoObject.builder(entries.size());
    entries.forEach((key, entry) -> out.put(key, value(entry)));
    return out.build();
  }

  private static RegoValue value(Object entry) {
    return switch (entry) {
      case RegoValue v -> v;
      case RegoSet.Builder s -> s.build();
      case ObjectDoc d -> d.build();
      default -> throw new IllegalStateException("entry: " + entry.getClass());
    };
  }
}
