package io.outrider.policy.compile;

import io.outrider.policy.builtin.Builtins;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Span;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What all parts of one compilation share.
///
/// @param prints whether `print` calls are kept
record Context(
    RuleTree tree,
    Builtins builtins,
    Metadata metadata,
    boolean prints,
    Consumer<Diagnostic> problems) {

  void error(Span at, String message, @Nullable String hint) {
    problems.accept(Diagnostic.error(Diagnostic.COMPILE, at, message, hint));
  }

  void typeError(Span at, String message, @Nullable String hint) {
    problems.accept(Diagnostic.error(Diagnostic.TYPE, at, message, hint));
  }
}
