package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import io.outrider.policy.Decision;
import io.outrider.policy.Evaluation;
import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicySource;
import io.outrider.policy.PolicyTools;
import io.outrider.policy.RuleRef;
import io.outrider.policy.tool.EvalWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Judge an input and show the text of every rule that contributed, in the order they did,",
      "then the rules that were asked and did not hold, each with the expression it stopped at."
    })
final class PolicyExplainCommand implements Callable<Integer> {
  /// A rule longer than this is cut; its place is given.
  private static final int LINES = 20;

  private final Terminal terminal;

  @Mixin private final LanguageOptions language = new LanguageOptions();

  @Option(
      names = {"-d", "--data"},
      paramLabel = "PATH",
      description =
          "Policy files and folders; may be repeated. Default: the bundles of outrider.yaml, else policies/")
  private @Nullable List<Path> data;

  @Option(
      names = {"-i", "--input"},
      paramLabel = "FILE",
      required = true,
      description = "The input document; '-' for standard input.")
  private Path input = Path.of("-");

  @Option(
      names = "--package",
      paramLabel = "NAME",
      description = "A package that must allow; may be repeated. Default: outrider")
  private @Nullable List<String> packages;

  PolicyExplainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    LoadedPolicies loaded = PolicyFiles.load(PolicyFiles.paths(terminal, data), false);
    PolicyTools tools =
        PolicyFiles.tools(terminal, loaded, language.in(PolicyFiles.options(packages, false)));
    if (tools == null) {
      return ExitCode.USAGE;
    }
    PolicyTools.Explained explained = tools.explain(PolicyFiles.json(terminal, input));
    Decision decision = explained.decision();
    DecisionText.print(terminal, decision);
    for (RuleRef rule : decision.rules()) {
      loaded.modules().stream()
          .filter(source -> source.name().equals(rule.file()))
          .findFirst()
          .ifPresent(source -> show(rule, source));
    }
    List<Evaluation.Attempt> failed =
        explained.attempts().stream().filter(attempt -> !attempt.held()).toList();
    if (!failed.isEmpty()) {
      terminal.out().println();
      terminal.out().print(EvalWriter.explanation(failed));
    }
    return decision instanceof Decision.Allow ? ExitCode.FINE : ExitCode.WRONG;
  }

  /// The rule's lines: from its head to the line before the next thing that starts at the margin.
  private void show(RuleRef rule, PolicySource source) {
    Style style = terminal.style();
    terminal.out().println();
    terminal.out().println(style.bold(rule.file() + ":" + rule.row()) + "  " + rule.path());
    List<String> lines = source.text().lines().toList();
    int end = rule.row();
    while (end < lines.size()
        && (lines.get(end).startsWith("\t")
            || lines.get(end).startsWith(" ")
            || lines.get(end).startsWith("}"))) {
      end++;
    }
    for (int row = rule.row(); row <= Math.min(end, rule.row() + LINES - 1); row++) {
      terminal.out().printf("%s %s%n", style.dim("%5d |".formatted(row)), lines.get(row - 1));
    }
    if (end - rule.row() + 1 > LINES) {
      terminal.out().println(style.dim("      | ..."));
    }
  }
}
