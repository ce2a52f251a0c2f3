package io.outrider.policy.compile;

import io.outrider.policy.builtin.Builtins;

/// What all parts of one compilation share.
///
/// @param prints whether `print` calls are kept
/// @param strict whether variables that are assigned and never used are mistakes
record Context(
    RuleTree tree,
    Builtins builtins,
    Metadata metadata,
    boolean prints,
    boolean strict,
    Problems problems) {}
