package io.outrider.app.cli;

import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.redaction.Problem;
import io.outrider.redaction.RuleSet;
import io.outrider.redaction.RuleSource;
import io.outrider.redaction.RuleTests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = "Run the samples that stand beside the rules, each against its rule alone.")
final class RedactTestCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description = "Rules in gitleaks' TOML shape besides the built-in ones; may be repeated.")
  private @Nullable List<Path> rules;

  @Option(
      names = "--seed",
      description = "Fills in the random parts of samples; default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  RedactTestCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    List<RuleSource> sources = new ArrayList<>();
    sources.add(RuleSource.builtin());
    try {
      for (Path file : rules == null ? List.<Path>of() : rules) {
        sources.add(RuleSource.file(terminal.resolve(file)));
      }
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
    RuleSet set = RuleSet.load(sources);
    boolean broken = false;
    for (Problem problem : set.problems()) {
      broken |= problem.severity() == Problem.Severity.ERROR;
      terminal
          .err()
          .printf(
              "%s:%d: %s: %s%n",
              problem.source(), problem.line(), problem.rule(), problem.reason());
    }
    RuleTests.Report report = RuleTests.run(set, seed);
    for (RuleTests.Failure failure : report.failures()) {
      terminal
          .out()
          .printf(
              "%s %s: %s%n    %s%n",
              terminal.style().bad("FAIL"), failure.rule(), failure.reason(), failure.sample());
    }
    if (!report.withoutSamples().isEmpty()) {
      terminal.out().println("without samples: " + String.join(", ", report.withoutSamples()));
    }
    terminal
        .out()
        .printf(
            "%d rules, %d samples, %d failed (seed %d)%n",
            report.rules(), report.samples(), report.failures().size(), seed);
    return broken || !report.failures().isEmpty() ? ExitCode.WRONG : ExitCode.FINE;
  }
}
