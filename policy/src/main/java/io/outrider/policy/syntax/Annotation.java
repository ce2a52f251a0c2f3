package io.outrider.policy.syntax;

import io.outrider.policy.value.RegoObject;

/// One `# METADATA` block.
///
/// @param value what it says, with its scope; short forms written out
/// @param rule the place in [Module#rules] of the rule it belongs to; -1 for the package
public record Annotation(Scope scope, RegoObject value, int rule, Span at) {

  /// What a block is about.
  public enum Scope {
    RULE,
    DOCUMENT,
    PACKAGE,
    SUBPACKAGES;

    /// As it is written.
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
