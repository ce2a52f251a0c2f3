package io.outrider.policy.eval;

import io.outrider.policy.compile.IrExpr;
import io.outrider.policy.compile.IrTerm;
import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the definitions whose conditions of the form `input.a.b == constant` can hold for the
/// input at hand.
///
/// It leaves definitions out and never adds any; those left out could only have failed.
final class Index {
  /// Fewer definitions than this are tried one after the other as fast.
  private static final int WORTHWHILE = 4;

  /// Definitions without a condition stand in every bucket; beyond this many places the index is
  /// not worth its memory.
  private static final int MAX_PLACES = 200_000;

  private final Nodes.Input path;
  private final Map<RegoValue, Object> buckets;
  private final Object otherwise;
  private final DefCode[] all;

  private Index(Nodes.Input path, Map<RegoValue, Object> buckets, Object otherwise, DefCode[] all) {
    this.path = path;
    this.buckets = buckets;
    this.otherwise = otherwise;
    this.all = all;
  }

  /// A definition with what it demands of the input: for each path, the values that satisfy it.
  private record Demand(DefCode code, Map<List<RegoValue>, Set<RegoValue>> conditions) {}

  static @Nullable Index of(DefCode[] defs) {
    if (defs.length < WORTHWHILE) {
      return null;
    }
    List<Demand> demands = new ArrayList<>(defs.length);
    for (DefCode def : defs) {
      demands.add(new Demand(def, conditions(def.def())));
    }
    return build(demands) instanceof Index index ? index : null;
  }

  /// An [Index], or an array of definitions where a further index does not pay.
  private static Object build(List<Demand> demands) {
    DefCode[] all = demands.stream().map(Demand::code).toArray(DefCode[]::new);
    if (all.length < WORTHWHILE) {
      return all;
    }
    Map<List<RegoValue>, Integer> uses = new LinkedHashMap<>();
    for (Demand demand : demands) {
      demand.conditions.keySet().forEach(path -> uses.merge(path, 1, Integer::sum));
    }
    List<RegoValue> best = null;
    for (Map.Entry<List<RegoValue>, Integer> entry : uses.entrySet()) {
      if (best == null || entry.getValue() > uses.getOrDefault(best, 0)) {
        best = entry.getKey();
      }
    }
    if (best == null || uses.getOrDefault(best, 0) < 2) {
      return all;
    }
    return split(demands, best, all);
  }

  private static Object split(List<Demand> demands, List<RegoValue> path, DefCode[] all) {
    Set<RegoValue> values = new HashSet<>();
    int open = 0;
    for (Demand demand : demands) {
      Set<RegoValue> wanted = demand.conditions.get(path);
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
      Set<RegoValue> wanted = demand.conditions.get(path);
      Map<List<RegoValue>, Set<RegoValue>> others = new LinkedHashMap<>(demand.conditions);
      others.remove(path);
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
    return new Index(new Nodes.Input(path), buckets, build(rest), all);
  }

  DefCode[] candidates(Eval cx) {
    Index at = this;
    while (true) {
      // The path is looked up without a frame: it has constant keys only.
      RegoValue value = at.path.eval(cx, NO_FRAME);
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

  private static final Frame NO_FRAME = new Frame(0);

  private static Map<List<RegoValue>, Set<RegoValue>> conditions(RuleDef def) {
    if (def.branches().size() != 1) {
      // Where the first body fails an else branch may answer.
      return Map.of();
    }
    Map<List<RegoValue>, Set<RegoValue>> found = new LinkedHashMap<>();
    for (IrExpr expr : def.branches().getFirst().body().exprs()) {
      if (!expr.withs().isEmpty()) {
        continue;
      }
      switch (expr) {
        case IrExpr.Unify e -> equality(e.left(), e.right(), found);
        case IrExpr.CallExpr e when e.out() == null && e.call().args().size() == 2 -> {
          IrTerm left = e.call().args().get(0);
          IrTerm right = e.call().args().get(1);
          switch (e.call().callee().name()) {
            case "equal", "eq" -> equality(left, right, found);
            case "internal.member_2" -> membership(left, right, found);
            default -> {}
          }
        }
        default -> {}
      }
    }
    return found;
  }

  private static void equality(
      IrTerm left, IrTerm right, Map<List<RegoValue>, Set<RegoValue>> found) {
    List<RegoValue> path = inputPath(left);
    IrTerm other = right;
    if (path == null) {
      path = inputPath(right);
      other = left;
    }
    if (path != null && other instanceof IrTerm.Const c) {
      narrow(found, path, Set.of(c.value()));
    }
  }

  private static void membership(
      IrTerm item, IrTerm in, Map<List<RegoValue>, Set<RegoValue>> found) {
    List<RegoValue> path = inputPath(item);
    if (path != null && in instanceof IrTerm.Const c && c.value() instanceof RegoSet set) {
      Set<RegoValue> values = new HashSet<>();
      set.forEach(values::add);
      narrow(found, path, values);
    }
  }

  private static void narrow(
      Map<List<RegoValue>, Set<RegoValue>> found, List<RegoValue> path, Set<RegoValue> values) {
    Set<RegoValue> before = found.get(path);
    Set<RegoValue> both = new HashSet<>(values);
    if (before != null) {
      both.retainAll(before);
    }
    found.put(path, both);
  }

  private static @Nullable List<RegoValue> inputPath(IrTerm term) {
    if (!(term instanceof IrTerm.Ref ref)
        || !(ref.root() instanceof IrTerm.Root.Input)
        || ref.path().isEmpty()) {
      return null;
    }
    List<RegoValue> path = new ArrayList<>(ref.path().size());
    for (IrTerm key : ref.path()) {
      if (!(key instanceof IrTerm.Const c)) {
        return null;
      }
      path.add(c.value());
    }
    return path;
  }
}
