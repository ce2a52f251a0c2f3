package io.outrider.policy;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/// What is read in folders.
///
/// @param tests whether `_test.rego` files are
/// @param everyDocument whether every JSON and YAML file is a base document at the path of its
///   folder, hidden ones too, as with `opa eval --data`; otherwise, as in bundles, only
///   `data.json`, `data.yaml` and `data.yml` that are not hidden
/// @param ignored names of files and folders that are left out: `*.json`, `.*`, `fixtures`
public record LoadOptions(boolean tests, boolean everyDocument, List<String> ignored) {
  public LoadOptions {
    ignored = List.copyOf(ignored);
    for (String pattern : ignored) {
      try {
        matcher(pattern);
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            "pattern: " + pattern + ": " + e.getDescription() + " (expected: such as *.json)", e);
      }
    }
  }

  private static PathMatcher matcher(String pattern) {
    return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
  }

  /// Whether a file at this path below a folder is left out.
  boolean leavesOut(Path relative) {
    for (Path part : relative) {
      if (!everyDocument && part.toString().startsWith(".")) {
        return true;
      }
      for (String pattern : ignored) {
        if (matcher(pattern).matches(part)) {
          return true;
        }
      }
    }
    return false;
  }
}
