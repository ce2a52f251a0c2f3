package io.outrider.policy.compile;

/// The steps of a compilation, in order. A mistake found in one of them usually makes what later
/// ones would say worthless, so only those of the first step that failed are shown, together with
/// the lesser ones before it. OPA's compiler has the same steps; keeping to its order is what makes
/// both name the same mistake first.
enum Stage {
  STATEMENTS(true),
  REFERENCES(true),
  UNUSED_IMPORTS(false),
  RESERVED_NAMES(false),
  DUPLICATE_IMPORTS(false),
  LOCALS(true),
  UNUSED_LOCALS(false),
  TEMPLATES(true),
  VOID_CALLS(true),
  PRINTS(true),
  METADATA(true),
  REPLACEMENTS(true),
  CONFLICTS(true),
  FUNCTIONS(true),
  SAFE_HEADS(true),
  SAFE_BODIES(true),
  RECURSION(true),
  TYPES(false),
  UNSAFE_BUILTINS(false),
  DEPRECATED_BUILTINS(false);

  private final boolean last;

  Stage(boolean last) {
    this.last = last;
  }

  /// Whether a mistake found here ends the compilation.
  boolean isLast() {
    return last;
  }
}
