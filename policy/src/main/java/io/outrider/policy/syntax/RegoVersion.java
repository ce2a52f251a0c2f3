package io.outrider.policy.syntax;

/// A version of the language. A module may raise its own with `import rego.v1` or `import rego.v2`.
public enum RegoVersion {
  /// Before OPA 1.0: no `if`, `contains`, `in` or `every` without an import.
  V0,
  /// What OPA has read by default since 1.0.
  V1,
  /// Version 1 with `and`, `or` and `not { }`.
  V2;

  /// The version that a bundle manifest names by a number; throws [IllegalArgumentException] for
  /// numbers that name none.
  public static RegoVersion of(int number) {
    if (number < 0 || number >= values().length) {
      throw new IllegalArgumentException("rego_version: " + number + " (expected: 0, 1 or 2)");
    }
    return values()[number];
  }
}
