package io.outrider.policy.eval;

import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Documents that are not known while a policy is judged, such as `input.arguments` while a list of
/// tools is filtered.
///
/// Evaluation then goes by three answers in place of two: a solution is certain, possible, or does
/// not exist. What touches something unknown is at best possible, and so is everything computed
/// from it.
public final class Unknown {
  /// Stands for any value and for undefined. Compared by identity only: as a string it means
  /// nothing.
  static final RegoValue VALUE = RegoString.of("\u0000unknown\u0000");

  private final boolean whole;
  private final Map<RegoValue, Unknown> parts;

  private Unknown(boolean whole, Map<RegoValue, Unknown> parts) {
    this.whole = whole;
    this.parts = parts;
  }

  /// The documents at these paths below `input`; null when there are none.
  public static @Nullable Unknown of(Collection<List<RegoValue>> paths) {
    Unknown root = null;
    for (List<RegoValue> path : paths) {
      root = plus(root, path, 0);
    }
    return root;
  }

  private static Unknown plus(@Nullable Unknown tree, List<RegoValue> path, int at) {
    if (at == path.size() || (tree != null && tree.whole)) {
      return new Unknown(true, Map.of());
    }
    Map<RegoValue, Unknown> parts = tree == null ? new HashMap<>() : new HashMap<>(tree.parts);
    parts.put(path.get(at), plus(parts.get(path.get(at)), path, at + 1));
    return new Unknown(false, parts);
  }

  /// These documents without the one at `path`, which has become known; null when none are left.
  static @Nullable Unknown without(@Nullable Unknown tree, List<RegoValue> path, int at) {
    if (tree == null || at == path.size()) {
      return null;
    }
    if (tree.whole) {
      // A known part of an unknown whole: the rest of it stays unknown, so all of it has to.
      return tree;
    }
    Unknown below = tree.parts.get(path.get(at));
    if (below == null) {
      return tree;
    }
    Map<RegoValue, Unknown> parts = new HashMap<>(tree.parts);
    Unknown rest = without(below, path, at + 1);
    if (rest == null) {
      parts.remove(path.get(at));
    } else {
      parts.put(path.get(at), rest);
    }
    return parts.isEmpty() ? null : new Unknown(false, parts);
  }

  /// Whether the document at the path is unknown, in part or as a whole.
  boolean covers(RegoValue[] path) {
    Unknown tree = this;
    for (RegoValue key : path) {
      if (tree.whole) {
        return true;
      }
      tree = tree.parts.get(key);
      if (tree == null) {
        return false;
      }
    }
    return true;
  }
}
