package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.ConfigFile;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.policy.Limits;
import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyException;
import io.outrider.policy.PolicyLoader;
import io.outrider.policy.PolicyOptions;
import io.outrider.policy.PolicySet;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoJsonException;
import io.outrider.policy.value.RegoValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds and reads what the policy commands work on.
final class PolicyFiles {
  /// A tool may take its time; a call may not.
  private static final Limits TOOL_LIMITS =
      new Limits(1_000_000_000L, Limits.DEFAULT_DEPTH, Duration.ofSeconds(30));

  private PolicyFiles() {}

  /// The paths given, else the bundles of `outrider.yaml`, else the folder `policies`.
  static List<Path> paths(Terminal terminal, @Nullable List<Path> given) throws ConfigException {
    if (given != null && !given.isEmpty()) {
      return given.stream().map(terminal::resolve).toList();
    }
    Path config = terminal.resolve(Path.of("outrider.yaml"));
    if (Files.exists(config)) {
      return ConfigFile.read(config, terminal.environment()).settings().policy().bundles();
    }
    Path folder = terminal.resolve(Path.of("policies"));
    if (Files.isDirectory(folder)) {
      return List.of(folder);
    }
    throw new Fatal(
        "no policies: give a path (there is no outrider.yaml and no folder policies here)");
  }

  static LoadedPolicies load(List<Path> paths, boolean withTests) {
    try {
      return PolicyLoader.load(paths, withTests);
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
  }

  /// Compiled for tools, or nothing after its problems were printed.
  static @Nullable PolicySet compile(
      Terminal terminal, LoadedPolicies loaded, @Nullable List<String> packages, boolean strict) {
    PolicyOptions options = PolicyOptions.DEFAULT.withLimits(TOOL_LIMITS).withStrict(strict);
    if (packages != null && !packages.isEmpty()) {
      options = options.withPackages(packages.toArray(String[]::new));
    }
    try {
      return PolicySet.compile(loaded, options);
    } catch (PolicyException e) {
      for (Diagnostic problem : e.diagnostics()) {
        terminal.err().println(problem.render());
      }
      terminal.err().println(terminal.style().bad(Cli.count(e.diagnostics().size(), "problem")));
      return null;
    }
  }

  /// A JSON document from a file, or from standard input if the file is `-`.
  static RegoValue json(Terminal terminal, Path file) {
    try {
      byte[] bytes =
          file.toString().equals("-")
              ? terminal.in().readAllBytes()
              : Files.readAllBytes(terminal.resolve(file));
      return RegoJson.read(bytes);
    } catch (RegoJsonException e) {
      throw new Fatal(file + ": not JSON: " + e.getMessage());
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
  }
}
