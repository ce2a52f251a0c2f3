package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.ConfigFile;
import io.outrider.app.config.Durations;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.policy.Limits;
import io.outrider.policy.LoadOptions;
import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyData;
import io.outrider.policy.PolicyException;
import io.outrider.policy.PolicyLoader;
import io.outrider.policy.PolicyOptions;
import io.outrider.policy.PolicyPath;
import io.outrider.policy.PolicySource;
import io.outrider.policy.PolicyTools;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoJsonException;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds and reads what the policy commands work on.
final class PolicyFiles {
  /// How many problems of policies are shown, as with `opa`.
  static final int MAX_ERRORS = 10;

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
    return load(
        paths.stream().map(PolicyPath::new).toList(), new LoadOptions(withTests, false, List.of()));
  }

  static LoadedPolicies load(List<PolicyPath> paths, LoadOptions options) {
    try {
      return PolicyLoader.load(paths, options);
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
  }

  /// What `opa` means by paths: `file://` may stand before one, and `a.b:` says where the documents
  /// in it belong.
  static List<PolicyPath> policyPaths(Terminal terminal, List<Path> given) {
    return given.stream().map(path -> policyPath(terminal, path)).toList();
  }

  private static PolicyPath policyPath(Terminal terminal, Path given) {
    String text = given.toString();
    if (text.startsWith("file:/")) {
      return new PolicyPath(Path.of(text.substring("file:".length())));
    }
    int colon = text.indexOf(':');
    if (colon > 0 && !Files.exists(terminal.resolve(given))) {
      return new PolicyPath(
          List.of(text.substring(0, colon).split("\\.", -1)),
          terminal.resolve(Path.of(text.substring(colon + 1))));
    }
    return new PolicyPath(terminal.resolve(given));
  }

  /// Policies and documents from paths as `opa` reads them, and from bundles.
  static LoadedPolicies load(
      Terminal terminal,
      @Nullable List<Path> data,
      @Nullable List<Path> bundles,
      LoadingOptions loading,
      boolean tests) {
    LoadedPolicies first =
        load(policyPaths(terminal, data == null ? List.of() : data), loading.options(tests, false));
    LoadedPolicies second =
        load(
            policyPaths(terminal, bundles == null ? List.of() : bundles),
            loading.options(tests, true));
    List<PolicySource> modules = new ArrayList<>(first.modules());
    modules.addAll(second.modules());
    List<PolicyData> documents = new ArrayList<>(first.data());
    documents.addAll(second.data());
    return LoadedPolicies.of(modules, documents);
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

  /// The first problems, and that there are more. As with `opa`, problems of parsing are not
  /// counted.
  static List<Diagnostic> limited(List<Diagnostic> problems, int max) {
    if (max <= 0 || problems.size() <= max || problems.getFirst().code().equals(Diagnostic.PARSE)) {
      return problems;
    }
    List<Diagnostic> shown = new ArrayList<>(problems.subList(0, max));
    shown.add(Diagnostic.withoutPlace(Diagnostic.COMPILE, "error limit reached"));
    return shown;
  }

  /// Compiled for tools, or nothing after its problems were printed.
  static @Nullable PolicyTools tools(
      Terminal terminal, LoadedPolicies loaded, PolicyOptions options) {
    return tools(terminal, loaded, options, MAX_ERRORS);
  }

  static @Nullable PolicyTools tools(
      Terminal terminal, LoadedPolicies loaded, PolicyOptions options, int max) {
    try {
      return PolicyTools.compile(loaded, options);
    } catch (PolicyException e) {
      terminal.err().print(ColouredText.problems(terminal, limited(e.diagnostics(), max)));
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
