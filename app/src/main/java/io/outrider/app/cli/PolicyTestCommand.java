package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import io.outrider.policy.Evaluation;
import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyException;
import io.outrider.policy.PolicySet;
import io.outrider.policy.PolicySource;
import io.outrider.policy.TestCases;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.Rule;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// Runs the rules whose names start with `test_`, as `opa test` does: a test passes if its value is
/// defined and not `false`. Rules named `todo_test_` are reported and not run.
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = "Run the test_ rules of policies and their _test.rego files.")
final class PolicyTestCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show passing tests and what print wrote, too.")
  private boolean verbose;

  @Option(
      names = {"-r", "--run"},
      paramLabel = "REGEX",
      description = "Run only tests whose full name (data.PACKAGE.NAME) matches.")
  private String only = "";

  @Option(
      names = {"-f", "--format"},
      description = "pretty or json. Default: ${DEFAULT-VALUE}")
  private OutputFormat format = OutputFormat.pretty;

  @Parameters(
      paramLabel = "PATH",
      description = "Files and folders. Default: the bundles of outrider.yaml, else policies/")
  private @Nullable List<Path> paths;

  PolicyTestCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    LoadedPolicies loaded = PolicyFiles.load(PolicyFiles.paths(terminal, paths), true);
    PolicySet set = PolicyFiles.compile(terminal, loaded, null, false);
    if (set == null) {
      return ExitCode.USAGE;
    }
    PolicySet withCases = withCases(loaded, set);
    List<Result> results = tests(loaded).stream().map(test -> run(withCases, test)).toList();
    if (format == OutputFormat.json) {
      terminal
          .out()
          .println(
              JsonMapper.shared()
                  .writerWithDefaultPrettyPrinter()
                  .writeValueAsString(results.stream().map(Result::json).toList()));
    } else {
      print(results);
    }
    if (results.isEmpty()) {
      // A test run without tests is a mistake in the path far more often than an intention.
      terminal
          .err()
          .println(
              terminal.style().bad("no tests found")
                  + (only.isEmpty() ? "" : " that match '" + only + "'"));
      return ExitCode.USAGE;
    }
    return results.stream()
            .allMatch(
                result -> result.outcome() == Outcome.PASS || result.outcome() == Outcome.TODO)
        ? ExitCode.FINE
        : ExitCode.WRONG;
  }

  private List<Test> tests(LoadedPolicies loaded) {
    Pattern filter;
    try {
      filter = Pattern.compile(only);
    } catch (PatternSyntaxException e) {
      throw new Fatal(
          "--run: '" + only + "' (expected: a regular expression): " + e.getDescription());
    }
    List<Test> tests = new ArrayList<>();
    for (PolicySource source : loaded.modules()) {
      // It compiled, so it parses.
      Module module = Parser.parseModule(new Source(source.name(), source.text()), problem -> {});
      if (module == null) {
        continue;
      }
      Set<String> seen = new HashSet<>();
      for (Rule rule : module.rules()) {
        String name = rule.head().name().name();
        boolean test =
            (name.startsWith("test_") || name.startsWith("todo_test_"))
                && rule.head().args() == null;
        if (test && seen.add(name)) {
          Test found = new Test(source.name(), rule.at().row(), path(module.packagePath()), name);
          if (filter.matcher(found.fullName()).find()) {
            tests.add(found);
          }
        }
      }
    }
    return tests;
  }

  private static Result run(PolicySet set, Test test) {
    if (test.name().startsWith("todo_")) {
      return new Result(test, Outcome.TODO, List.of(), List.of(), Duration.ZERO);
    }
    long start = System.nanoTime();
    Evaluation evaluation = set.eval(test.fullName(), RegoObject.EMPTY);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    RegoValue value = evaluation.value();
    List<String> failed = value == null ? List.of() : failedCases(set, test, value);
    Outcome outcome;
    if (!evaluation.errors().isEmpty()) {
      outcome = Outcome.ERROR;
    } else if (value == null || value.equals(RegoBoolean.FALSE)) {
      outcome = Outcome.FAIL;
    } else if (!failed.isEmpty()) {
      outcome = Outcome.FAIL;
    } else {
      outcome = Outcome.PASS;
    }
    return new Result(
        test,
        outcome,
        Stream.concat(
                evaluation.errors().stream().map(Object::toString),
                failed.stream().map(key -> "case " + key))
            .toList(),
        evaluation.printed(),
        took);
  }

  /// The set with the rules that list the cases of tests; as it is where those do not compile.
  private static PolicySet withCases(LoadedPolicies loaded, PolicySet set) {
    try {
      return PolicySet.compile(TestCases.added(loaded), set.options());
    } catch (PolicyException e) {
      return set;
    }
  }

  /// The cases of a test that are not in its value, or `false` there.
  private static List<String> failedCases(PolicySet set, Test test, RegoValue value) {
    String cases = test.packagePath() + "." + TestCases.ruleFor(test.name());
    return TestCases.failed(set.eval(cases, RegoObject.EMPTY).value(), value);
  }

  private void print(List<Result> results) {
    Style style = terminal.style();
    String file = "";
    for (Result result : results) {
      if (result.outcome() == Outcome.PASS && !verbose) {
        continue;
      }
      if (!result.test().file().equals(file)) {
        file = result.test().file();
        terminal.out().println(style.bold(file + ":"));
      }
      terminal
          .out()
          .printf(
              "%s: %s (%s)%n",
              result.test().fullName(),
              result.outcome().in(style),
              style.dim(millis(result.took())));
      if (result.outcome() != Outcome.PASS) {
        terminal
            .out()
            .println(style.dim("  at " + result.test().file() + ":" + result.test().row()));
      }
      result.errors().forEach(error -> terminal.out().println("  " + error));
      result.printed().forEach(line -> terminal.out().println("  " + line));
    }
    if (results.isEmpty()) {
      return;
    }
    Map<Outcome, Long> counts = new LinkedHashMap<>();
    for (Outcome outcome : Outcome.values()) {
      long count = results.stream().filter(result -> result.outcome() == outcome).count();
      if (count > 0) {
        counts.put(outcome, count);
      }
    }
    counts.forEach((outcome, count) ->
        terminal.out().println(outcome.in(style) + ": " + count + "/" + results.size()));
  }

  private static String millis(Duration took) {
    return String.format(Locale.ROOT, "%.1f ms", took.toNanos() / 1e6);
  }

  private static String path(List<String> packagePath) {
    StringBuilder path = new StringBuilder("data");
    for (String name : packagePath) {
      if (name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        path.append('.').append(name);
      } else {
        path.append("[\"").append(name.replace("\\", "\\\\").replace("\"", "\\\"")).append("\"]");
      }
    }
    return path.toString();
  }

  private enum Outcome {
    PASS,
    FAIL,
    ERROR,
    TODO;

    String in(Style style) {
      return switch (this) {
        case PASS -> style.good(name());
        case FAIL, ERROR -> style.bad(name());
        case TODO -> style.warn(name());
      };
    }
  }

  private record Test(String file, int row, String packagePath, String name) {
    String fullName() {
      return packagePath + "." + name;
    }
  }

  private record Result(
      Test test, Outcome outcome, List<String> errors, List<String> printed, Duration took) {
    /// The shape of `opa test --format=json`.
    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("location", Map.of("file", test.file(), "row", test.row(), "col", 1));
      json.put("package", test.packagePath());
      json.put("name", test.name());
      switch (outcome) {
        case PASS -> {}
        case FAIL -> json.put("fail", true);
        case ERROR -> json.put("error", Map.of("message", String.join("; ", errors)));
        case TODO -> json.put("skip", true);
      }
      json.put("duration", took.toNanos());
      if (!printed.isEmpty()) {
        json.put("output", String.join("\n", printed));
      }
      return json;
    }
  }
}
