package io.outrider.policy;

import io.outrider.policy.syntax.Diagnostic;
import java.util.List;
import java.util.stream.Collectors;

/// Policies that cannot be compiled. It carries every problem found, ordered by place.
public final class PolicyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Diagnostic> diagnostics;

  public PolicyException(List<Diagnostic> diagnostics) {
    super(diagnostics.stream().map(Diagnostic::toString).collect(Collectors.joining("\n")));
    this.diagnostics = List.copyOf(diagnostics);
  }

  /// All problems; never empty.
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
