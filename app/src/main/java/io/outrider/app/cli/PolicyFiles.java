package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.ConfigFile;
import io.outrider.app.config.Durations;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.policy.Limits;
import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyException;
import io.outrider.policy.PolicyLoader;
import io.outrider.policy.PolicyOptions;
import io.outrider.policy.PolicyTools;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoJsonException;
import io.outrider.policy.value.RegoObject;
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
  private static final long TOOL_STEPS = 1_000_000_000L;

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

  /// Whether there are policies to work on where none are named.
  static boolean hasDefault(Terminal terminal) {
    return Files.exists(terminal.resolve(Path.of("outrider.yaml")))
        || Files.isDirectory(terminal.resolve(Path.of("policies")));
  }

  /// As durations are written on the command line, such as `5s`.
  static Duration duration(String option, String text) {
    return Durations.parse(text)
        .orElseThrow(
            () -> new Fatal(option + ": '" + text + "' (expected: a duration, such as 5s)"));
  }

  /// What one evaluation of a tool may cost.
  static Limits limits(String timeout) {
    return new Limits(TOOL_STEPS, Limits.DEFAULT_DEPTH, duration("--timeout", timeout));
  }

  static PolicyOptions options(@Nullable List<String> packages, boolean strict) {
    PolicyOptions options = PolicyOptions.DEFAULT.withLimits(limits("30s")).withStrict(strict);
    return packages == null || packages.isEmpty()
        ? options
        : options.withPackages(packages.toArray(String[]::new));
  }

  /// Compiled for tools, or nothing after its problems were printed.
  static @Nullable PolicyTools tools(
      Terminal terminal, LoadedPolicies loaded, PolicyOptions options) {
    try {
      return PolicyTools.compile(loaded, options);
    } catch (PolicyException e) {
      terminal.err().print(ColouredText.problems(terminal, e.diagnostics()));
      return null;
    }
  }

  /// The options with a JSON schema of the input from a file, if one is given.
  static PolicyOptions schema(Terminal terminal, @Nullable Path file, PolicyOptions options) {
    if (file == null) {
      return options;
    }
    RegoValue value = json(terminal, file);
    if (value instanceof RegoObject schema) {
      return options.withInputSchema(schema);
    }
    throw new Fatal("--schema: " + file + ": " + value.typeName() + " (expected: an object)");
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
