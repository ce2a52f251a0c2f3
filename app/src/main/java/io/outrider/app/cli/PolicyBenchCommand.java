package io.outrider.app.cli;

import com.sun.management.ThreadMXBean;
import io.outrider.app.config.ConfigException;
import io.outrider.app.terminal.Terminal;
import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyException;
import io.outrider.policy.Rego;
import io.outrider.policy.RegoException;
import io.outrider.policy.RegoQuery;
import io.outrider.policy.tool.Bench;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measure how long a query takes and what it allocates.",
      "Built-in errors are strict, as in decisions. Every evaluation starts from nothing."
    })
final class PolicyBenchCommand implements Callable<Integer> {
  /// What the figures look like.
  enum Format {
    pretty,
    json,
    gobench
  }

  private final Terminal terminal;

  @Mixin private final LanguageOptions language = new LanguageOptions();

  @Mixin private final LoadingOptions loading = new LoadingOptions();

  @Mixin private final OpaOptions opa = new OpaOptions();

  @Mixin private final QueryOptions asked = new QueryOptions();

  @Option(
      names = "--package",
      paramLabel = "NAME",
      description = "The package the query is read in.")
  private String packageName = "";

  @Option(
      names = {"-f", "--format"},
      description = "pretty, json or gobench. Default: ${DEFAULT-VALUE}")
  private Format format = Format.pretty;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Measure so many times. Default: ${DEFAULT-VALUE}")
  private int count = 1;

  @Option(
      names = "--fail",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Exit with 1 if the query is undefined. Default: ${DEFAULT-VALUE}")
  private boolean fail = true;

  @Option(
      names = "--time",
      paramLabel = "DURATION",
      description = "How long to measure, after as long a warm-up. Default: ${DEFAULT-VALUE}")
  private String time = "1s";

  @Parameters(arity = "1", paramLabel = "QUERY", description = "Such as data.outrider.allow")
  private String query = "";

  PolicyBenchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    opa.check();
    LoadedPolicies loaded = load();
    Path from = asked.document();
    RegoValue document = from == null ? RegoObject.EMPTY : PolicyFiles.json(terminal, from);
    Duration measured = PolicyFiles.duration("--time", time);
    try {
      RegoQuery prepared =
          Rego.of(loaded, language.in(PolicyFiles.options(null, false)))
              .query(new RegoQuery.Text(query, packageName, asked.imports));
      if (fail && prepared.solutions(document).isEmpty()) {
        terminal
            .err()
            .println("outrider: undefined: " + query + " (--no-fail to measure it anyway)");
        return PolicyExit.BROKEN;
      }
      Bench bench = new Bench(System::nanoTime, allocated());
      for (int run = 0; run < count; run++) {
        print(bench.run(prepared, document, measured, measured));
      }
      return PolicyExit.FINE;
    } catch (PolicyException e) {
      terminal.err().print(ColouredText.problems(terminal, e.diagnostics()));
      return PolicyExit.BROKEN;
    } catch (RegoException e) {
      terminal.err().println(terminal.style().bad("outrider: ") + e.getMessage());
      return PolicyExit.BROKEN;
    }
  }

  private LoadedPolicies load() throws ConfigException {
    if (asked.namesPolicies()) {
      return PolicyFiles.load(terminal, asked.data, asked.bundles, loading, true);
    }
    return PolicyFiles.hasDefault(terminal)
        ? PolicyFiles.load(PolicyFiles.paths(terminal, null), false)
        : LoadedPolicies.of();
  }

  private void print(Bench.Result result) {
    terminal
        .out()
        .print(
            switch (format) {
              case pretty -> result.pretty();
              case json -> result.json();
              case gobench -> result.goBench("BenchmarkPolicy");
            });
    terminal.out().flush();
  }

  private static LongSupplier allocated() {
    return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
            && threads.isThreadAllocatedMemorySupported()
        ? threads::getCurrentThreadAllocatedBytes
        : () -> -1;
  }
}
