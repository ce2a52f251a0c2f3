package io.outrider.policy.syntax;

import org.jspecify.annotations.Nullable;

/// Leaves the construct being read. The parser catches it to try another reading or to go on with
/// the next rule.
final class ParseFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Diagnostic diagnostic;

  ParseFailure(Span at, String message, @Nullable String hint) {
    super(message, null, false, false);
    this.diagnostic = Diagnostic.error(Diagnostic.PARSE, at, message, hint);
  }

  Diagnostic diagnostic() {
    return diagnostic;
  }
}
