package io.outrider.app.cli;

import io.outrider.app.terminal.Fatal;
import io.outrider.policy.PolicyOptions;
import io.outrider.policy.syntax.RegoVersion;
import java.util.List;
import picocli.CommandLine.Option;

/// What the policies of a command are written in: the version of the language, and the built-ins
/// they may use beside those that are always on.
final class LanguageOptions {
  @Option(
      names = "--v0-compatible",
      description = "Read Rego as before version 1.0, where no bundle manifest says otherwise.")
  private boolean v0;

  @Option(
      names = "--v1-compatible",
      description = "Read Rego 1.0. This is the default, and wins over --v0-compatible.")
  private boolean v1;

  @Option(
      names = "--builtin",
      paramLabel = "NAME",
      description = "Turn on a built-in that is off, such as opa.runtime; may be repeated.")
  private List<String> builtins = List.of();

  PolicyOptions in(PolicyOptions options) {
    try {
      return options
          .withBuiltins(builtins)
          .withRegoVersion(v0 && !v1 ? RegoVersion.V0 : RegoVersion.V1);
    } catch (IllegalArgumentException e) {
      throw new Fatal("--builtin: " + e.getMessage());
    }
  }
}
