package io.outrider.policy.eval;

import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the definitions that ask for the values that places have, such as `input.a.b == "x"`,
/// without trying each.
///
/// It leaves definitions out and never adds any; those left out could only have failed.
final class Index {
  /// Fewer definitions than this are tried one after the other as fast.
  private static final int WORTHWHILE = 4;

  /// Definitions without a condition stand in every bucket; beyond this many places the index is
  /// not worth its memory.
  private static final int MAX_PLACES = 200_000;

  private final int place;
  private final Map<RegoValue, Object> buckets;
  private final Object otherwise;
  private final DefCode[] all;

  private Index(int place, Map<RegoValue, Object> buckets, Object otherwise, DefCode[] all) {
    this.place = place;
    this.buckets = buckets;
    this.otherwise = otherwise;
    this.all = all;
  }

  /// A definition with what it demands of the input: for each path, the values that satisfy it.
  private record Demand(DefCode code, Map<Integer, Set<RegoValue>> conditions) {}

  static @Nullable Index of(DefCode[] defs, Map<Place, Integer> numbers) {
    if (defs.length < WORTHWHILE) {
      return null;
    }
    List<Demand> demands = new ArrayList<>(defs.length);
    for (DefCode def : defs) {
      demands.add(new Demand(def, conditions(def, numbers)));
    }
    return build(demands) instanceof Index index ? index : null;
  }

  /// An [Index], or an array of definitions where a further index does not pay.
  private static Object build(List<Demand> demands) {
    DefCode[] all = demands.stream().map(Demand::code).toArray(DefCode[]::new);
    if (all.length < WORTHWHILE) {
      return all;
    }
    Map<Integer, Integer> uses = new LinkedHashMap<>();
    for (Demand demand : demands) {
      demand.conditions.keySet().forEach(place -> uses.merge(place, 1, Integer::sum));
    }
    Integer best = null;
    for (Map.Entry<Integer, Integer> entry : uses.entrySet()) {
      if (best == null || entry.getValue() > uses.getOrDefault(best, 0)) {
        best = entry.getKey();
      }
    }
    if (best == null || uses.getOrDefault(best, 0) < 2) {
      return all;
    }
    return split(demands, best, all);
  }

  private static Object split(List<Demand> demands, Integer place, DefCode[] all) {
    Set<RegoValue> values = new HashSet<>();
    int open = 0;
    for (Demand demand : demands) {
      Set<RegoValue> wanted = demand.conditions.get(place);
      if (wanted == null) {
        open++;
      } else {
        values.addAll(wanted);
      }
    }
    if ((long) values.size() * open > MAX_PLACES) {
      return all;
    }
    List<Demand> rest = new ArrayList<>();
    Map<RegoValue, List<Demand>> byValue = new HashMap<>();
    values.forEach(value -> byValue.put(value, new ArrayList<>()));
    for (Demand demand : demands) {
      Set<RegoValue> wanted = demand.conditions.get(place);
      Map<Integer, Set<RegoValue>> others = new LinkedHashMap<>(demand.conditions);
      others.remove(place);
      Demand left = new Demand(demand.code, others);
      if (wanted == null) {
        rest.add(left);
        byValue.values().forEach(bucket -> bucket.add(left));
      } else {
        wanted.forEach(value -> {
          List<Demand> bucket = byValue.get(value);
          if (bucket != null) {
            bucket.add(left);
          }
        });
      }
    }
    Map<RegoValue, Object> buckets = new HashMap<>();
    byValue.forEach((value, bucket) -> buckets.put(value, build(bucket)));
    return new Index(place, buckets, build(rest), all);
  }

  DefCode[] candidates(Eval cx, Place.Values seen) {
    Index at = this;
    while (true) {
      RegoValue value = seen.get(cx, at.place);
      if (value == Unknown.VALUE) {
        return at.all;
      }
      Object found = value == null ? null : at.buckets.get(value);
      Object next = found == null ? at.otherwise : found;
      if (next instanceof DefCode[] defs) {
        return defs;
      }
      at = (Index) next;
    }
  }

  private static Map<Integer, Set<RegoValue>> conditions(DefCode def, Map<Place, Integer> numbers) {
    if (def.branches().length != 1) {
      // Where the first body fails an else branch may answer.
      return Map.of();
    }
    Map<Integer, Set<RegoValue>> found = new LinkedHashMap<>();
    for (Requirement requirement : def.branches()[0].requirements()) {
      Integer place = numbers.get(requirement.place());
      if (place != null && requirement.condition() instanceof Condition.OneOf c) {
        Set<RegoValue> both = new HashSet<>(c.values());
        Set<RegoValue> before = found.get(place);
        if (before != null) {
          both.retainAll(before);
        }
        found.put(place, both);
      }
    }
    return found;
  }
}
