package io.outrider.policy;

import java.util.Objects;

/// Names one rule in the policy text, so that a person can open it.
///
/// @param path the document the rule defines, such as `data.outrider.deny`
/// @param file the module's name as it was loaded
/// @param row one-based line of the rule's head, or of the `else` that answered
public record RuleRef(String path, String file, int row) {
  public RuleRef {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(file, "file");
  }

  @Override
  public String toString() {
    return path + " (" + file + ":" + row + ")";
  }
}
