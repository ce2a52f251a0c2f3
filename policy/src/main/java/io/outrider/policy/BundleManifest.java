package io.outrider.policy;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoJsonException;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The `.manifest` of a bundle: which parts of `data` belong to it.
///
/// @param revision what its author calls this state; may be empty
/// @param roots paths below `data`; a bundle must not define anything outside of them
record BundleManifest(String revision, List<List<String>> roots) {
  /// A bundle without a manifest owns everything.
  static final BundleManifest NONE = new BundleManifest("", List.of(List.of()));

  BundleManifest {
    roots = List.copyOf(roots);
  }

  /// @param name of the file, for messages
  static BundleManifest read(String name, String text) throws IOException {
    RegoValue value;
    try {
      value = RegoJson.read(text);
    } catch (RegoJsonException e) {
      throw new IOException(name + ": " + e.getMessage(), e);
    }
    if (!(value instanceof RegoObject manifest)) {
      throw new IOException(name + ": " + value.typeName() + " (expected: an object)");
    }
    if (manifest.get("rego_version") instanceof RegoNumber version
        && !(version.isLong() && version.asLong() >= 1 && version.asLong() <= 2)) {
      throw new IOException(
          name + ": rego_version: " + version + " (expected: 1; `opa fmt --v0-v1` rewrites v0)");
    }
    String revision = manifest.get("revision") instanceof RegoString s ? s.value() : "";
    RegoValue roots = manifest.get("roots");
    return new BundleManifest(revision, roots == null ? NONE.roots : roots(name, roots));
  }

  private static List<List<String>> roots(String name, RegoValue value) throws IOException {
    List<List<String>> all = new ArrayList<>();
    if (!(value instanceof RegoArray array)) {
      throw new IOException(name + ": roots: " + value.typeName() + " (expected: an array)");
    }
    for (RegoValue item : array) {
      if (!(item instanceof RegoString root)) {
        throw new IOException(name + ": roots: " + item.typeName() + " (expected: a string)");
      }
      List<String> path = new ArrayList<>();
      for (String part : root.value().split("/", -1)) {
        if (!part.isEmpty()) {
          path.add(part);
        }
      }
      for (List<String> other : all) {
        if (isPrefix(other, path) || isPrefix(path, other)) {
          throw new IOException(
              name + ": roots: " + root + " (expected: roots that do not overlap)");
        }
      }
      all.add(path);
    }
    return all;
  }

  private static boolean isPrefix(List<String> prefix, List<String> path) {
    return prefix.size() <= path.size() && path.subList(0, prefix.size()).equals(prefix);
  }

  /// Whether a package may stand in the bundle.
  boolean owns(List<String> packagePath) {
    return roots.stream().anyMatch(root -> isPrefix(root, packagePath));
  }

  /// Throws if a base document has anything outside of the roots.
  void checkData(String name, List<String> path, RegoValue value) throws IOException {
    if (owns(path)) {
      return;
    }
    if (roots.stream().anyMatch(root -> isPrefix(path, root))
        && value instanceof RegoObject object) {
      for (RegoObject.Entry entry : object) {
        List<String> below = new ArrayList<>(path);
        below.add(entry.key() instanceof RegoString s ? s.value() : entry.key().toString());
        checkData(name, below, entry.value());
      }
      return;
    }
    throw new IOException(
        name + ": the roots of its bundle do not permit data at '" + String.join("/", path) + "'");
  }
}
