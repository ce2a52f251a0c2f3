package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `json.filter`, `json.remove` and the reading of paths they share with `json.patch`.
final class JsonDocuments {
  private JsonDocuments() {}

  static void register(Registry r) {
    r.two("json.filter", (a, paths) -> filter(Args.object(a, 1), pathTree(paths)));
    r.two("json.remove", (a, paths) -> remove(Args.object(a, 1), pathTree(paths)));
    r.two("json.patch", JsonPatch::apply);
  }

  /// The paths as nested objects whose leaves are null. A path that ends above another one covers
  /// it.
  private static RegoObject pathTree(RegoValue paths) {
    if (!(paths instanceof RegoArray) && !(paths instanceof RegoSet)) {
      throw Args.wrongType(paths, 2, "set", "array");
    }
    RegoObject tree = RegoObject.EMPTY;
    for (RegoValue path : Args.items(paths, 2)) {
      List<RegoValue> segments = segments(path);
      if (!segments.isEmpty()) {
        tree = plant(tree, segments, 0);
      }
    }
    return tree;
  }

  private static RegoObject plant(RegoObject tree, List<RegoValue> path, int at) {
    RegoValue key = path.get(at);
    if (at == path.size() - 1) {
      return tree.with(key, RegoNull.NULL);
    }
    RegoValue below = tree.get(key);
    if (below == RegoNull.NULL) {
      return tree;
    }
    RegoObject subtree = below instanceof RegoObject o ? o : RegoObject.EMPTY;
    return tree.with(key, plant(subtree, path, at + 1));
  }

  /// The segments of a path: a JSON pointer, with or without its first slash, or an array.
  static List<RegoValue> segments(RegoValue path) {
    return switch (path) {
      case RegoArray array -> {
        List<RegoValue> segments = new ArrayList<>();
        array.forEach(segments::add);
        yield segments;
      }
      case RegoString s -> pointer(s.value());
      default ->
          throw Args.operand(
              2,
              "must be one of {set, array} containing string paths or array of path segments but"
                  + " got "
                  + path.typeName());
    };
  }

  private static List<RegoValue> pointer(String text) {
    List<RegoValue> segments = new ArrayList<>();
    if (text.isEmpty()) {
      return segments;
    }
    int start = 0;
    while (start < text.length() && text.charAt(start) == '/') {
      start++;
    }
    for (String segment : text.substring(start).split("/", -1)) {
      segments.add(RegoString.of(segment.replace("~1", "/").replace("~0", "~")));
    }
    return segments;
  }

  private static RegoValue filter(RegoValue value, RegoValue tree) {
    if (!(tree instanceof RegoObject wanted)) {
      return value;
    }
    return switch (value) {
      case RegoObject object -> {
        RegoObject.Builder kept = RegoObject.builder();
        for (RegoObject.Entry entry : object) {
          RegoValue below = wanted.get(entry.key());
          if (below != null) {
            kept.put(entry.key(), filter(entry.value(), below));
          }
        }
        yield kept.build();
      }
      case RegoArray array -> {
        RegoArray.Builder kept = RegoArray.builder();
        for (int i = 0; i < array.size(); i++) {
          RegoValue below = wanted.get(Integer.toString(i));
          if (below != null) {
            kept.add(filter(array.get(i), below));
          }
        }
        yield kept.build();
      }
      case RegoSet set -> {
        RegoSet.Builder kept = RegoSet.builder();
        for (RegoValue member : set) {
          RegoValue below = wanted.get(member);
          if (below != null) {
            kept.add(filter(member, below));
          }
        }
        yield kept.build();
      }
      default -> value;
    };
  }

  /// The value without what the tree names, or null when nothing is left of it.
  private static @Nullable RegoValue remove(RegoValue value, @Nullable RegoValue tree) {
    if (tree == RegoNull.NULL) {
      return null;
    }
    if (!(tree instanceof RegoObject unwanted)) {
      return value;
    }
    return switch (value) {
      case RegoObject object -> {
        RegoObject.Builder kept = RegoObject.builder(object.size());
        for (RegoObject.Entry entry : object) {
          RegoValue rest = remove(entry.value(), unwanted.get(entry.key()));
          if (rest != null) {
            kept.put(entry.key(), rest);
          }
        }
        yield kept.build();
      }
      case RegoArray array -> {
        RegoArray.Builder kept = RegoArray.builder();
        for (int i = 0; i < array.size(); i++) {
          RegoValue rest = remove(array.get(i), unwanted.get(Integer.toString(i)));
          if (rest != null) {
            kept.add(rest);
          }
        }
        yield kept.build();
      }
      case RegoSet set -> {
        RegoSet.Builder kept = RegoSet.builder(set.size());
        for (RegoValue member : set) {
          RegoValue rest = remove(member, unwanted.get(member));
          if (rest != null) {
            kept.add(rest);
          }
        }
        yield kept.build();
      }
      default -> value;
    };
  }
}
