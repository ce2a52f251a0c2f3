package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// RFC 6902 patches over Rego values: objects may have keys of any type, and a member of a set is
/// addressed by itself.
final class JsonPatch {
  private JsonPatch() {}

  static RegoValue apply(RegoValue target, RegoValue operations) {
    RegoValue document = target;
    for (RegoValue item : Args.array(operations, 2)) {
      if (!(item instanceof RegoObject operation)) {
        throw Args.error(
            "must be an array of JSON-Patch objects, but at least one element is not an object");
      }
      document = applyOne(document, operation);
    }
    return document;
  }

  private static RegoValue applyOne(RegoValue document, RegoObject operation) {
    RegoValue pathValue = required(operation, "path");
    RegoValue op = required(operation, "op");
    if (!(op instanceof RegoString name)) {
      throw Args.error("attribute 'op' must be a string but found: " + op.typeName());
    }
    List<RegoValue> path = JsonDocuments.segments(pathValue);
    return switch (name.value()) {
      case "add" -> insert(document, path, required(operation, "value"));
      case "remove" -> remove(document, path);
      case "replace" -> insert(remove(document, path), path, required(operation, "value"));
      case "move" -> {
        List<RegoValue> from = JsonDocuments.segments(required(operation, "from"));
        RegoValue moved = find(document, from);
        yield insert(remove(document, from), path, moved);
      }
      case "copy" -> {
        List<RegoValue> from = JsonDocuments.segments(required(operation, "from"));
        yield insert(document, path, find(document, from));
      }
      case "test" -> {
        RegoValue found = find(document, path);
        if (!found.equals(required(operation, "value"))) {
          throw Args.error("value at path differs from the value of the test operation");
        }
        yield document;
      }
      default -> throw Args.error("unrecognized op: '" + name.value() + "'");
    };
  }

  private static RegoValue required(RegoObject operation, String attribute) {
    RegoValue value = operation.get(attribute);
    if (value == null) {
      throw Args.error("missing required attribute '" + attribute + "'");
    }
    return value;
  }

  private static RegoValue find(RegoValue document, List<RegoValue> path) {
    RegoValue at = document;
    for (RegoValue key : path) {
      at = child(at, key);
    }
    return at;
  }

  private static RegoValue child(RegoValue parent, RegoValue key) {
    RegoValue found =
        switch (parent) {
          case RegoObject o -> o.get(key);
          case RegoSet s -> s.contains(key) ? key : null;
          case RegoArray a -> {
            int index = index(a, key);
            yield index < a.size() ? a.get(index) : null;
          }
          default -> throw notComposite(key, parent);
        };
    if (found == null) {
      throw Args.error(
          "path %s does not exist in %s term %s".formatted(key, parent.typeName(), parent));
    }
    return found;
  }

  private static RegoValue insert(RegoValue document, List<RegoValue> path, RegoValue value) {
    if (path.isEmpty()) {
      return value;
    }
    RegoValue key = path.getFirst();
    List<RegoValue> rest = path.subList(1, path.size());
    if (!rest.isEmpty()) {
      return replaceChild(document, key, insert(child(document, key), rest, value));
    }
    return switch (document) {
      case RegoObject object -> object.with(key, value);
      case RegoSet set -> {
        if (!key.equals(value)) {
          throw Args.error("set key " + key + " does not equal value to be inserted " + value);
        }
        yield set.union(RegoSet.of(value));
      }
      case RegoArray array -> {
        int index = index(array, key);
        if (index > array.size()) {
          throw Args.error("index for array insertion out of bounds");
        }
        yield array
            .slice(0, index)
            .concat(RegoArray.of(value))
            .concat(array.slice(index, array.size()));
      }
      default -> throw notComposite(key, document);
    };
  }

  private static RegoValue remove(RegoValue document, List<RegoValue> path) {
    if (path.isEmpty()) {
      // The whole document goes; what follows in the patch must put another one in its place.
      return RegoObject.EMPTY;
    }
    RegoValue key = path.getFirst();
    List<RegoValue> rest = path.subList(1, path.size());
    RegoValue below = child(document, key);
    return replaceChild(document, key, rest.isEmpty() ? null : remove(below, rest));
  }

  /// The parent with the child at a key replaced, or removed when there is no new one.
  private static RegoValue replaceChild(
      RegoValue parent, RegoValue key, @Nullable RegoValue child) {
    return switch (parent) {
      case RegoObject object -> {
        RegoObject.Builder result = RegoObject.builder(object.size());
        for (RegoObject.Entry entry : object) {
          RegoValue value = entry.key().equals(key) ? child : entry.value();
          if (value != null) {
            result.put(entry.key(), value);
          }
        }
        yield result.build();
      }
      case RegoSet set -> {
        RegoSet without = set.minus(RegoSet.of(key));
        yield child == null ? without : without.union(RegoSet.of(child));
      }
      case RegoArray array -> {
        int index = index(array, key);
        RegoArray replacement = child == null ? RegoArray.EMPTY : RegoArray.of(child);
        yield array
            .slice(0, index)
            .concat(replacement)
            .concat(array.slice(index + 1, array.size()));
      }
      default -> throw notComposite(key, parent);
    };
  }

  /// The index a path segment names: a number, its digits, or `-` for the place after the last
  /// element.
  private static int index(RegoArray array, RegoValue key) {
    return switch (key) {
      case RegoNumber n -> {
        if (!n.isLong() || n.asLong() < 0 || n.asLong() > Integer.MAX_VALUE) {
          throw Args.error("invalid number type for indexing");
        }
        yield (int) n.asLong();
      }
      case RegoString s -> index(array, s.value());
      default -> throw Args.error("invalid type for indexing");
    };
  }

  private static int index(RegoArray array, String text) {
    if (text.equals("-")) {
      return array.size();
    }
    if (text.length() > 1 && text.startsWith("0")) {
      throw Args.error("leading zeros are not allowed in JSON paths");
    }
    if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw Args.error("invalid string for indexing");
    }
    return Integer.parseInt(text);
  }

  private static BuiltinException notComposite(RegoValue key, RegoValue found) {
    return Args.error("expected composite type for path %s, found value: %s".formatted(key, found));
  }
}
