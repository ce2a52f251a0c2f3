package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.policy.Decision;
import io.outrider.policy.Evaluation;
import io.outrider.policy.PolicySet;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description = {
      "Judge an input and show the decision and the rules that made it.",
      "With a QUERY: evaluate that instead, as 'opa eval' does."
    })
final class PolicyEvalCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = {"-d", "--data"},
      paramLabel = "PATH",
      description =
          "Policy files and folders; may be repeated. Default: the bundles of outrider.yaml, else policies/")
  private @Nullable List<Path> data;

  @Option(
      names = {"-i", "--input"},
      paramLabel = "FILE",
      description = "The input document; '-' for standard input.")
  private @Nullable Path input;

  @Option(
      names = "--package",
      paramLabel = "NAME",
      description = "A package that must allow; may be repeated. Default: outrider")
  private @Nullable List<String> packages;

  @Option(
      names = {"-f", "--format"},
      description = "pretty or json. Default: ${DEFAULT-VALUE}")
  private OutputFormat format = OutputFormat.pretty;

  @Parameters(arity = "0..1", paramLabel = "QUERY", description = "Such as data.outrider.allow")
  private @Nullable String query;

  PolicyEvalCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    PolicySet set =
        PolicyFiles.compile(
            terminal, PolicyFiles.load(PolicyFiles.paths(terminal, data), false), packages, false);
    if (set == null) {
      return ExitCode.USAGE;
    }
    if (query == null && input == null) {
      throw new Fatal("policy eval: an input to judge (-i FILE), or a QUERY");
    }
    RegoValue document = input == null ? RegoObject.EMPTY : PolicyFiles.json(terminal, input);
    return query == null ? decide(set, document) : evaluate(set, query, document);
  }

  private int decide(PolicySet set, RegoValue document) {
    Decision decision = set.decide(document);
    if (format == OutputFormat.json) {
      terminal
          .out()
          .println(
              JsonMapper.shared()
                  .writerWithDefaultPrettyPrinter()
                  .writeValueAsString(DecisionText.json(decision)));
    } else {
      DecisionText.print(terminal, decision);
    }
    return decision instanceof Decision.Allow ? ExitCode.FINE : ExitCode.WRONG;
  }

  private int evaluate(PolicySet set, String query, RegoValue document) {
    Evaluation evaluation = set.eval(query, document);
    evaluation.printed().forEach(terminal.err()::println);
    if (format == OutputFormat.json) {
      terminal
          .out()
          .println(
              JsonMapper.shared()
                  .writerWithDefaultPrettyPrinter()
                  .writeValueAsString(json(evaluation)));
    } else {
      evaluation.errors().forEach(terminal.err()::println);
      for (Evaluation.Solution solution : evaluation.solutions()) {
        solution
            .bindings()
            .forEach((name, value) ->
                terminal.out().println(name + " = " + RegoJson.marshalIndented(value, "", "  ")));
        solution
            .expressions()
            .forEach(value -> terminal.out().println(RegoJson.marshalIndented(value, "", "  ")));
      }
      if (evaluation.isUndefined()) {
        terminal.out().println("undefined");
      }
    }
    return evaluation.errors().isEmpty() ? ExitCode.FINE : ExitCode.USAGE;
  }

  /// The shape of `opa eval --format=json`.
  private static Map<String, Object> json(Evaluation evaluation) {
    Map<String, Object> json = new LinkedHashMap<>();
    List<Object> solutions = new ArrayList<>();
    for (Evaluation.Solution solution : evaluation.solutions()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put(
          "expressions",
          solution.expressions().stream().map(value -> Map.of("value", node(value))).toList());
      if (!solution.bindings().isEmpty()) {
        Map<String, Object> bindings = new LinkedHashMap<>();
        solution.bindings().forEach((name, value) -> bindings.put(name, node(value)));
        one.put("bindings", bindings);
      }
      solutions.add(one);
    }
    if (!solutions.isEmpty()) {
      json.put("result", solutions);
    }
    if (!evaluation.errors().isEmpty()) {
      json.put("errors", evaluation.errors());
    }
    return json;
  }

  static JsonNode node(RegoValue value) {
    return JsonMapper.shared().readTree(RegoJson.marshal(value));
  }
}
