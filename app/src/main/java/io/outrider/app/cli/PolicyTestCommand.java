package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyOptions;
import io.outrider.policy.PolicyPath;
import io.outrider.policy.PolicyTools;
import io.outrider.policy.tool.CoverageReport;
import io.outrider.policy.tool.JunitWriter;
import io.outrider.policy.tool.TestReport;
import io.outrider.policy.tool.TestRunner;
import io.outrider.policy.tool.TestWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs the rules whose names start with `test_`, as `opa test` does. Rules named `todo_test_` are
/// reported and not run.
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = "Run the test_ rules of policies and their _test.rego files.")
final class PolicyTestCommand implements Callable<Integer> {
  /// What results look like.
  enum Format {
    pretty,
    json,
    junit
  }

  private final Terminal terminal;

  @Mixin private final LanguageOptions language = new LanguageOptions();

  @Mixin private final LoadingOptions loading = new LoadingOptions();

  @Option(
      names = {"-b", "--bundle"},
      description =
          "Read the paths as bundles: of JSON and YAML files only data.json and the like.")
  private boolean bundle;

  @Option(
      names = {"-m", "--max-errors"},
      paramLabel = "N",
      description = "Show at most so many problems; 0 for all. Default: ${DEFAULT-VALUE}")
  private int max = PolicyFiles.MAX_ERRORS;

  @Option(
      names = {"-s", "--schema"},
      paramLabel = "PATH",
      description = "A JSON schema of the input: names it does not have are problems.")
  private @Nullable Path schema;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show passing tests and what print wrote, too.")
  private boolean verbose;

  @Option(
      names = {"-r", "--run"},
      paramLabel = "REGEX",
      description = "Run only tests whose full name (data.PACKAGE.NAME) matches.")
  private @Nullable String only;

  @Option(
      names = {"-f", "--format"},
      description = "pretty, json or junit. Default: pretty")
  private @Nullable Format format;

  @Option(
      names = {"-c", "--coverage"},
      description = "Report which lines the tests reach: JSON as from opa, or --format pretty.")
  private boolean coverage;

  @Option(
      names = "--threshold",
      paramLabel = "PERCENT",
      description = "Exit with 2 if the tests reach less. Implies --coverage.")
  private double threshold;

  @Option(
      names = {"-p", "--parallel"},
      paramLabel = "N",
      description = "Tests that run at once; 0 for one on each processor. Default: 0")
  private int parallel;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "Longest time for one test. Default: ${DEFAULT-VALUE}")
  private String timeout = "5s";

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Run the tests so many times; stop when one fails. Default: ${DEFAULT-VALUE}")
  private int count = 1;

  @Option(
      names = {"-z", "--exit-zero-on-skipped"},
      description = "Skipped tests are no reason for another exit status than 0.")
  private boolean skippedIsFine;

  @Option(names = "--fail-on-empty", description = "Exit with 1 if there is no test to run.")
  private boolean failOnEmpty;

  @Option(
      names = "--lenient-builtin-errors",
      description = "A built-in that fails is undefined, as in opa test; else it ends the test.")
  private boolean lenient;

  @Option(
      names = "--var-values",
      description = "Show the values of failing expressions. They are always shown.")
  private boolean values;

  @Parameters(
      paramLabel = "PATH",
      description = "Files and folders. Default: the bundles of outrider.yaml, else policies/")
  private @Nullable List<Path> paths;

  PolicyTestCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    if (!(threshold >= 0 && threshold <= 100)) {
      throw new Fatal("--threshold: " + threshold + " (expected: 0 to 100)");
    }
    PolicyOptions options =
        language.in(PolicyFiles.options(null, false).withLimits(PolicyFiles.limits(timeout)));
    PolicyTools tools =
        PolicyFiles.tools(terminal, load(), PolicyFiles.schema(terminal, schema, options), max);
    if (tools == null) {
      return PolicyExit.BROKEN;
    }
    TestRunner runner = runner();
    int status = PolicyExit.FINE;
    for (int run = 0; run < count && status == PolicyExit.FINE; run++) {
      status = report(tools, runner.run(tools));
    }
    return status;
  }

  private LoadedPolicies load() throws ConfigException {
    return paths == null || bundle
        ? PolicyFiles.load(
            PolicyFiles.paths(terminal, paths).stream().map(PolicyPath::new).toList(),
            loading.options(true, true))
        : PolicyFiles.load(terminal, paths, null, loading, true);
  }

  private TestRunner runner() {
    int threads = parallel > 0 ? parallel : Runtime.getRuntime().availableProcessors();
    try {
      return new TestRunner(only, System::nanoTime, !lenient, threads);
    } catch (IllegalArgumentException e) {
      throw new Fatal("--run: " + e.getMessage());
    }
  }

  private int report(PolicyTools tools, TestReport report) {
    if (report.results().isEmpty()) {
      // Far more often a mistake in the path than an intention; opa says nothing.
      terminal
          .err()
          .println(
              terminal.style().warn("no tests found")
                  + (only == null ? "" : " that match '" + only + "'"));
      return failOnEmpty ? PolicyExit.BROKEN : PolicyExit.FINE;
    }
    if ((coverage || threshold > 0) && format != Format.junit) {
      return coverage(tools, report);
    }
    print(report);
    return report.passed(skippedIsFine) ? PolicyExit.FINE : PolicyExit.FOUND;
  }

  private void print(TestReport report) {
    terminal
        .out()
        .print(
            switch (format == null ? Format.pretty : format) {
              case pretty ->
                  ColouredText.outcomes(terminal.style(), TestWriter.pretty(report, verbose));
              case json -> TestWriter.json(report, verbose);
              case junit -> JunitWriter.write(report);
            });
    terminal.out().flush();
  }

  /// As with opa: where tests failed, there is no report but of them; and too little is said on
  /// standard error.
  private int coverage(PolicyTools tools, TestReport report) {
    if (!report.passed(true)) {
      print(report);
      return PolicyExit.BROKEN;
    }
    CoverageReport covered = TestRunner.coverage(tools, report);
    if (covered.percent() < threshold) {
      terminal.err().println(covered.belowThreshold(threshold, verbose));
      return PolicyExit.FOUND;
    }
    boolean forPeople = format == Format.pretty || (format == null && terminal.interactive());
    terminal.out().print(forPeople ? covered.pretty() : covered.json());
    terminal.out().flush();
    return report.passed(skippedIsFine) ? PolicyExit.FINE : PolicyExit.FOUND;
  }
}
