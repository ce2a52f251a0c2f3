package io.outrider.policy;

import io.outrider.policy.builtin.BuiltinException;
import io.outrider.policy.builtin.Glob;
import io.outrider.policy.syntax.RegoVersion;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoJsonException;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `.manifest` of a bundle: which parts of `data` belong to it, and the version of its
/// language.
///
/// @param revision what its author calls this state; may be empty
/// @param roots paths below `data`; a bundle must not define anything outside of them
/// @param version of the modules; null where it is not said
/// @param versions of single modules, by glob over their path with a `/` in front
record BundleManifest(
    String revision,
    List<List<String>> roots,
    @Nullable RegoVersion version,
    Map<Glob, RegoVersion> versions) {
  /// A bundle without a manifest owns everything.
  static final BundleManifest NONE = new BundleManifest("", List.of(List.of()), null, Map.of());

  BundleManifest {
    roots = List.copyOf(roots);
    versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
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
    RegoValue version = manifest.get("rego_version");
    String revision = manifest.get("revision") instanceof RegoString s ? s.value() : "";
    RegoValue roots = manifest.get("roots");
    return new BundleManifest(
        revision,
        roots == null ? NONE.roots : roots(name, roots),
        version == null ? null : version(name + ": rego_version", version),
        versions(name + ": file_rego_versions", manifest.get("file_rego_versions")));
  }

  private static RegoVersion version(String where, RegoValue value) throws IOException {
    if (value instanceof RegoNumber n && n.isLong() && n.asLong() >= 0 && n.asLong() <= 2) {
      return RegoVersion.of((int) n.asLong());
    }
    throw new IOException(where + ": " + value + " (expected: 0, 1 or 2)");
  }

  private static Map<Glob, RegoVersion> versions(String where, @Nullable RegoValue value)
      throws IOException {
    Map<Glob, RegoVersion> versions = new LinkedHashMap<>();
    if (value != null && !(value instanceof RegoObject)) {
      throw new IOException(where + ": " + value.typeName() + " (expected: an object)");
    }
    for (RegoObject.Entry entry : value instanceof RegoObject o ? o : RegoObject.EMPTY) {
      String glob = entry.key() instanceof RegoString s ? s.value() : entry.key().toString();
      try {
        versions.put(Glob.compile(glob, ""), version(where + ": " + glob, entry.value()));
      } catch (BuiltinException e) {
        throw new IOException(where + ": " + glob + ": " + e.getMessage(), e);
      }
    }
    return versions;
  }

  /// The version of the module at a path in the bundle, or null where the manifest does not say it.
  ///
  /// Of several globs that match the first counts, in the order of their texts, as in OPA.
  @Nullable RegoVersion versionOf(String path) {
    for (Map.Entry<Glob, RegoVersion> each : versions.entrySet()) {
      if (each.getKey().matches("/" + path)) {
        return each.getValue();
      }
    }
    return version;
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
