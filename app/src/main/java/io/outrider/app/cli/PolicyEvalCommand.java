package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.policy.Decision;
import io.outrider.policy.Evaluation;
import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyPath;
import io.outrider.policy.PolicyTools;
import io.outrider.policy.RegoQuery;
import io.outrider.policy.tool.CoverageReport;
import io.outrider.policy.tool.EvalWriter;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
  /// What the values of a query look like.
  enum Format {
    json,
    pretty,
    values,
    bindings,
    raw,
    discard
  }

  /// Which of the rules that were tried are told of.
  enum Explain {
    off,
    /// Those that held, then the others with the expression each stopped at.
    rules,
    /// All tries, one after the other.
    full,
    /// Only those that did not hold.
    fails,
    /// Only what `print` wrote.
    notes
  }

  private final Terminal terminal;

  @Mixin private final LanguageOptions language = new LanguageOptions();

  @Mixin private final LoadingOptions loading = new LoadingOptions();

  @Mixin private final OpaOptions opa = new OpaOptions();

  @Mixin private final QueryOptions source = new QueryOptions();

  @Option(
      names = {"-e", "--entrypoint"},
      paramLabel = "PATH",
      description = "Instead of a QUERY: the path of a rule, such as outrider/allow.")
  private @Nullable String entrypoint;

  @Option(names = "--stdin", description = "Read the query from standard input.")
  private boolean stdin;

  @Option(
      names = "--package",
      paramLabel = "NAME",
      description = {
        "With a query: the package it is read in.",
        "Otherwise: a package that must allow; may be repeated. Default: outrider"
      })
  private @Nullable List<String> packages;

  @Option(
      names = {"-f", "--format"},
      description =
          "json, pretty, values, bindings, raw or discard. Default: json for a query, else pretty")
  private @Nullable Format format;

  @Option(
      names = "--explain",
      arity = "0..1",
      fallbackValue = "rules",
      paramLabel = "MODE",
      description =
          "Tell which rules were tried: rules, full, fails, notes or off. Default: off; without a MODE: rules")
  private Explain explain = Explain.off;

  @Option(names = "--fail", description = "Exit with 1 if the query is undefined.")
  private boolean fail;

  @Option(names = "--fail-defined", description = "Exit with 1 if the query is defined.")
  private boolean failDefined;

  @Option(
      names = "--strict-builtin-errors",
      description = "A built-in that fails ends the query, as in decisions; else it is undefined.")
  private boolean strictErrors;

  @Option(
      names = {"-S", "--strict"},
      description = "Unused imports, variables and arguments are problems too.")
  private boolean strict;

  @Option(
      names = {"-s", "--schema"},
      paramLabel = "FILE",
      description = "A JSON schema of the input: names it does not have are problems.")
  private @Nullable Path schema;

  @Option(names = "--coverage", description = "Report which lines were reached.")
  private boolean coverage;

  @Option(names = "--metrics", description = "Report how long each step took.")
  private boolean metrics;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "Longest time for the evaluation. Default: ${DEFAULT-VALUE}")
  private String timeout = "30s";

  @Parameters(arity = "0..1", paramLabel = "QUERY", description = "Such as data.outrider.allow")
  private @Nullable String query;

  PolicyEvalCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    opa.check();
    String asked = asked();
    Path document = source.document();
    if (asked == null && document == null) {
      throw new Fatal("policy eval: an input to judge (-i FILE), or a QUERY");
    }
    Metrics times = new Metrics();
    LoadedPolicies loaded = load(asked != null);
    times.lap("timer_rego_load_files_ns");
    PolicyTools tools =
        PolicyFiles.tools(
            terminal,
            loaded,
            PolicyFiles.schema(
                terminal,
                schema,
                language.in(
                    PolicyFiles.options(asked == null ? packages : null, strict)
                        .withLimits(PolicyFiles.limits(timeout)))));
    times.lap("timer_rego_module_compile_ns");
    if (tools == null) {
      return PolicyExit.FOUND;
    }
    @Nullable RegoValue value = document == null ? null : PolicyFiles.json(terminal, document);
    times.lap("timer_rego_input_parse_ns");
    return asked == null
        ? decide(tools, Objects.requireNonNullElse(value, RegoObject.EMPTY))
        : evaluate(tools, asked, value, times);
  }

  /// A query can do without policies; a decision cannot.
  private LoadedPolicies load(boolean isQuery) throws ConfigException {
    if (source.namesPolicies()) {
      return isQuery
          ? PolicyFiles.load(terminal, source.data, source.bundles, loading, true)
          : PolicyFiles.load(
              PolicyFiles.policyPaths(terminal, both()), loading.options(false, true));
    }
    return isQuery && !PolicyFiles.hasDefault(terminal)
        ? LoadedPolicies.of()
        : PolicyFiles.load(
            PolicyFiles.paths(terminal, null).stream().map(PolicyPath::new).toList(),
            loading.options(false, true));
  }

  private List<Path> both() {
    List<Path> all = new ArrayList<>();
    all.addAll(source.data == null ? List.of() : source.data);
    all.addAll(source.bundles == null ? List.of() : source.bundles);
    return all;
  }

  private @Nullable String asked() {
    if (stdin) {
      return standardInput();
    }
    if (entrypoint == null) {
      return query;
    }
    if (query != null) {
      throw new Fatal("policy eval: --entrypoint and a QUERY (expected: one of them)");
    }
    StringBuilder path = new StringBuilder("data");
    for (String name : List.of(entrypoint.split("/", -1))) {
      path.append('[').append(RegoJson.write(RegoString.of(name))).append(']');
    }
    return path.toString();
  }

  private String standardInput() {
    try {
      return new String(terminal.in().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Fatal("--stdin: " + e.getMessage());
    }
  }

  private int decide(PolicyTools tools, RegoValue document) {
    PolicyTools.Explained explained = tools.explain(document);
    Decision decision = explained.decision();
    if (format == Format.json) {
      terminal
          .out()
          .println(
              JsonMapper.shared()
                  .writerWithDefaultPrettyPrinter()
                  .writeValueAsString(DecisionText.json(decision)));
    } else {
      DecisionText.print(terminal, decision);
      explained.printed().forEach(terminal.err()::println);
      explain(explained.attempts(), List.of());
    }
    return decision instanceof Decision.Allow ? ExitCode.FINE : ExitCode.WRONG;
  }

  private int evaluate(
      PolicyTools tools, String asked, @Nullable RegoValue document, Metrics times) {
    RegoQuery.Text text =
        new RegoQuery.Text(asked, packages == null ? "" : packages.getFirst(), source.imports);
    Evaluation evaluation = tools.eval(text, document, strictErrors);
    times.lap("timer_rego_query_eval_ns");
    evaluation.printed().forEach(terminal.err()::println);
    Format as = format == null ? Format.json : format;
    if (!evaluation.errors().isEmpty() && as != Format.json) {
      terminal.err().print(EvalWriter.errors(evaluation));
    }
    terminal
        .out()
        .print(
            switch (as) {
              case json -> EvalWriter.json(evaluation, false, extras(tools, evaluation, times));
              case discard -> EvalWriter.json(evaluation, true, extras(tools, evaluation, times));
              case pretty -> EvalWriter.pretty(evaluation);
              case values -> EvalWriter.values(evaluation);
              case bindings -> EvalWriter.bindings(evaluation);
              case raw -> EvalWriter.raw(evaluation);
            });
    if (as != Format.json && as != Format.discard) {
      explain(evaluation.attempts(), evaluation.printed());
      if (coverage) {
        terminal.out().print(covered(tools, evaluation).pretty());
      }
      if (metrics) {
        times.laps().forEach((name, nanos) -> terminal.out().println(name + "  " + nanos));
      }
    }
    terminal.out().flush();
    if (!evaluation.errors().isEmpty()) {
      return PolicyExit.FOUND;
    }
    boolean wrong =
        (fail && evaluation.isUndefined()) || (failDefined && !evaluation.isUndefined());
    return wrong ? PolicyExit.BROKEN : PolicyExit.FINE;
  }

  private Map<String, RegoValue> extras(PolicyTools tools, Evaluation evaluation, Metrics times) {
    Map<String, RegoValue> extras = new LinkedHashMap<>();
    if (coverage) {
      extras.put("coverage", RegoJson.read(covered(tools, evaluation).json()));
    }
    if (metrics) {
      RegoObject.Builder laps = RegoObject.builder(4);
      times.laps().forEach(laps::put);
      extras.put("metrics", laps.build());
    }
    if (explain != Explain.off) {
      extras.put("explanation", EvalWriter.attempts(chosen(evaluation.attempts())));
    }
    return extras;
  }

  private static CoverageReport covered(PolicyTools tools, Evaluation evaluation) {
    return CoverageReport.of(tools.modules(), evaluation.reached());
  }

  private List<Evaluation.Attempt> chosen(List<Evaluation.Attempt> attempts) {
    return switch (explain) {
      case off, notes -> List.of();
      case rules, full -> attempts;
      case fails -> attempts.stream().filter(a -> !a.held()).toList();
    };
  }

  private void explain(List<Evaluation.Attempt> attempts, List<String> printed) {
    terminal
        .out()
        .print(
            switch (explain) {
              case off -> "";
              case rules, fails -> EvalWriter.explanation(chosen(attempts));
              case full -> EvalWriter.trace(attempts);
              case notes -> String.join("\n", printed) + (printed.isEmpty() ? "" : "\n");
            });
    terminal.out().flush();
  }

  static JsonNode node(RegoValue value) {
    return JsonMapper.shared().readTree(RegoJson.marshal(value));
  }

  /// The time each step took.
  private static final class Metrics {
    private final Map<String, Long> laps = new LinkedHashMap<>();
    private long last = System.nanoTime();

    void lap(String name) {
      long now = System.nanoTime();
      laps.put(name, now - last);
      last = now;
    }

    Map<String, Long> laps() {
      return laps;
    }
  }
}
