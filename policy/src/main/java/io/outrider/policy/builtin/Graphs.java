package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayDeque;
import java.util.List;

/// `graph.*` and `walk`.
final class Graphs {
  private Graphs() {}

  static void register(Registry r) {
    r.any("graph.reachable", Graphs::reachable);
    r.any("graph.reachable_paths", Graphs::reachablePaths);
    r.any("walk", Graphs::walk);
  }

  private static Iterable<RegoValue> start(RegoValue initial) {
    if (initial instanceof RegoArray || initial instanceof RegoSet) {
      return Args.items(initial, 2);
    }
    throw Args.wrongType(initial, 2, "{array, set}");
  }

  private static Iterable<RegoValue> edges(RegoValue value) {
    return switch (value) {
      case RegoArray a -> a;
      case RegoSet s -> s;
      default -> List.of();
    };
  }

  private static RegoValue reachable(BuiltinContext cx, RegoValue[] args) {
    RegoObject graph = Args.object(args[0], 1);
    ArrayDeque<RegoValue> open = new ArrayDeque<>();
    start(args[1]).forEach(open::add);
    RegoSet.Builder reached = RegoSet.builder();
    while (!open.isEmpty()) {
      cx.spend(1);
      RegoValue node = open.remove();
      RegoValue neighbours = graph.get(node);
      if (neighbours != null && reached.add(node)) {
        edges(neighbours).forEach(open::add);
      }
    }
    return reached.build();
  }

  private static RegoValue reachablePaths(BuiltinContext cx, RegoValue[] args) {
    RegoObject graph = Args.object(args[0], 1);
    Paths paths = new Paths(cx, graph);
    for (RegoValue root : start(args[1])) {
      RegoValue neighbours = graph.get(root);
      if (neighbours != null) {
        paths.start(root, neighbours);
      }
    }
    return paths.found.build();
  }

  /// Collects the paths that cannot be made longer without a repeated node or one outside the
  /// graph.
  private record Paths(BuiltinContext cx, RegoObject graph, RegoSet.Builder found) {
    /// Paths are stacked while they are followed; a policy's graph is never this deep.
    private static final int MAX_DEPTH = 2_000;

    Paths(BuiltinContext cx, RegoObject graph) {
      this(cx, graph, RegoSet.builder());
    }

    // The first step may lead back to where it began: only what comes after is kept from going in
    // circles.
    void start(RegoValue root, RegoValue neighbours) {
      RegoArray path = RegoArray.of(root);
      boolean isLeaf = true;
      for (RegoValue next : edges(neighbours)) {
        isLeaf = false;
        follow(next, path);
      }
      if (isLeaf) {
        found.add(path);
      }
    }

    void follow(RegoValue node, RegoArray before) {
      cx.spend(before.size() + 1L);
      if (before.size() > MAX_DEPTH) {
        throw Args.error("path longer than " + MAX_DEPTH + " nodes");
      }
      RegoValue neighbours = graph.get(node);
      if (neighbours == null) {
        found.add(before);
        return;
      }
      RegoArray path = before.concat(RegoArray.of(node));
      boolean isLeaf = true;
      for (RegoValue next : edges(neighbours)) {
        isLeaf = false;
        if (path.contains(next)) {
          found.add(path);
        } else {
          follow(next, path);
        }
      }
      if (isLeaf) {
        found.add(path);
      }
    }
  }

  /// All pairs of path and value inside a document, the document itself first.
  private static RegoValue walk(BuiltinContext cx, RegoValue[] args) {
    RegoArray.Builder found = RegoArray.builder();
    walk(cx, RegoArray.EMPTY, args[0], found);
    return found.build();
  }

  private static void walk(
      BuiltinContext cx, RegoArray path, RegoValue value, RegoArray.Builder found) {
    cx.spend(path.size() + 1L);
    found.add(RegoArray.of(path, value));
    switch (value) {
      case RegoArray array -> {
        for (int i = 0; i < array.size(); i++) {
          walk(cx, path.concat(RegoArray.of(RegoNumber.of(i))), array.get(i), found);
        }
      }
      case RegoObject object -> {
        for (RegoObject.Entry entry : object) {
          walk(cx, path.concat(RegoArray.of(entry.key())), entry.value(), found);
        }
      }
      case RegoSet set -> {
        for (RegoValue member : set) {
          walk(cx, path.concat(RegoArray.of(member)), member, found);
        }
      }
      default -> {}
    }
  }
}
