package io.outrider.policy.tool;

import io.outrider.policy.Evaluation;
import io.outrider.policy.Evaluation.Attempt;
import io.outrider.policy.Evaluation.Solution;
import io.outrider.policy.RuleRef;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Values of queries as `opa eval` prints them, and the rules behind them.
public final class EvalWriter {
  /// As `--pretty-limit` of opa: a longer value hides the others.
  private static final int MAX_CELL = 80;

  private EvalWriter() {}

  /// As `opa eval --format json`, or with `discard` in place of the values.
  ///
  /// @param extras further members, such as metrics
  public static String json(Evaluation evaluation, boolean discard, Map<String, RegoValue> extras) {
    RegoObject.Builder out = RegoObject.builder(4);
    if (!evaluation.errors().isEmpty()) {
      out.put("errors", JsonReports.list(evaluation.errors(), JsonReports::error));
    }
    if (!evaluation.solutions().isEmpty()) {
      out.put(
          "result",
          discard
              ? RegoString.of("discarded")
              : JsonReports.list(evaluation.solutions(), s -> solution(evaluation, s)));
    }
    extras.forEach(out::put);
    return RegoJson.marshalIndented(out.build(), "", "  ") + "\n";
  }

  private static RegoObject solution(Evaluation evaluation, Solution solution) {
    List<RegoValue> expressions = new ArrayList<>();
    for (int i = 0; i < solution.expressions().size(); i++) {
      Evaluation.Asked asked = evaluation.asked().get(i);
      expressions.add(
          RegoObject.builder(3)
              .put("value", solution.expressions().get(i))
              .put("text", asked.text())
              .put(
                  "location",
                  RegoObject.builder(2).put("row", asked.row()).put("col", asked.col()).build())
              .build());
    }
    RegoObject.Builder out = RegoObject.builder(2).put("expressions", RegoArray.of(expressions));
    if (!solution.bindings().isEmpty()) {
      out.put("bindings", JsonReports.values(solution.bindings()));
    }
    return out.build();
  }

  /// As `opa eval --format values`: for each solution the values of the expressions.
  public static String values(Evaluation evaluation) {
    StringBuilder out = new StringBuilder();
    for (Solution solution : evaluation.solutions()) {
      out.append(json(RegoArray.of(solution.expressions()))).append('\n');
    }
    return out.toString();
  }

  /// As `opa eval --format bindings`: for each solution the values of the variables.
  public static String bindings(Evaluation evaluation) {
    StringBuilder out = new StringBuilder();
    for (Solution solution : evaluation.solutions()) {
      out.append(json(JsonReports.values(solution.bindings()))).append('\n');
    }
    return out.toString();
  }

  /// As `opa eval --format raw`: the values of a solution on one line, strings without quotes.
  public static String raw(Evaluation evaluation) {
    StringBuilder out = new StringBuilder();
    for (Solution solution : evaluation.solutions()) {
      out.append(
              solution.expressions().stream()
                  .map(v -> v instanceof RegoString s ? s.value() : RegoJson.marshal(v))
                  .collect(Collectors.joining(" ")))
          .append('\n');
    }
    return out.toString();
  }

  /// As `opa eval --format pretty`: a lone value as it is, a table for several, `undefined` for
  /// none. Errors are not part of it.
  public static String pretty(Evaluation evaluation) {
    if (evaluation.isUndefined()) {
      return "undefined\n";
    }
    List<Solution> solutions = evaluation.solutions();
    if (solutions.isEmpty()) {
      return "";
    }
    if (solutions.size() == 1
        && solutions.getFirst().bindings().isEmpty()
        && (solutions.getFirst().expressions().size() == 1
            || solutions.getFirst().expressions().stream()
                .allMatch(v -> v instanceof RegoBoolean))) {
      return json(solutions.getFirst().expressions().getFirst()) + "\n";
    }
    List<Column> columns = columns(evaluation);
    Table table = new Table(columns.stream().map(Column::name).toList());
    for (Solution solution : solutions) {
      table.row(columns.stream().map(column -> column.cell().apply(solution)).toList());
    }
    return table.toString();
  }

  private record Column(String name, Function<Solution, String> cell) {}

  /// The expressions that say more than whether they hold, then the variables; all expressions
  /// where there is no variable.
  private static List<Column> columns(Evaluation evaluation) {
    List<Column> columns = new ArrayList<>();
    Solution first = evaluation.solutions().getFirst();
    for (int i = 0; i < evaluation.asked().size(); i++) {
      int index = i;
      if (first.bindings().isEmpty() || !(first.expressions().get(i) instanceof RegoBoolean)) {
        columns.add(
            new Column(evaluation.asked().get(i).text(), s -> cell(s.expressions().get(index))));
      }
    }
    for (String name : new TreeSet<>(first.bindings().keySet())) {
      columns.add(new Column(name, s -> cell(s.bindings().get(name))));
    }
    return columns;
  }

  private static String cell(@Nullable RegoValue value) {
    String text = value == null ? "" : RegoJson.marshal(value);
    return text.length() <= MAX_CELL ? text : text.substring(0, MAX_CELL) + "...";
  }

  /// As `opa eval` prints errors: how many there are, then one on each line.
  public static String errors(Evaluation evaluation) {
    StringBuilder out = new StringBuilder();
    int count = evaluation.errors().size();
    out.append(count).append(count == 1 ? " error occurred: " : " errors occurred:\n");
    evaluation.errors().forEach(error -> out.append(error).append('\n'));
    return out.toString();
  }

  private static String json(RegoValue value) {
    return RegoJson.marshalIndented(value, "", "  ");
  }

  /// The rules that held, then those that did not and the expression each stopped at.
  public static String explanation(List<Attempt> attempts) {
    StringBuilder out = new StringBuilder();
    List<Attempt> held = attempts.stream().filter(Attempt::held).toList();
    if (!held.isEmpty()) {
      out.append("held:\n");
      held.stream().map(Attempt::rule).distinct().forEach(rule -> line(out, rule));
    }
    List<Attempt> failed = attempts.stream().filter(a -> !a.held()).toList();
    if (!failed.isEmpty()) {
      out.append("did not hold:\n");
      for (Attempt attempt : failed) {
        line(out, attempt.rule());
        Text.failure(out, "    ", attempt);
      }
    }
    return out.toString();
  }

  /// Every try in the order in which they ended: whether it held, and the expression it reached
  /// last.
  public static String trace(List<Attempt> attempts) {
    StringBuilder out = new StringBuilder();
    for (Attempt attempt : attempts) {
      out.append(attempt.held() ? "held    " : "failed  ");
      out.append(attempt.rule().file()).append(':').append(attempt.row());
      out.append("  ").append(attempt.rule().path());
      String expression = attempt.expression().lines().findFirst().orElse("");
      out.append(expression.isEmpty() ? "" : "  " + expression).append('\n');
    }
    return out.toString();
  }

  /// Tries as JSON.
  public static RegoArray attempts(List<Attempt> attempts) {
    return JsonReports.list(
        attempts,
        a -> JsonReports.attempt(a).with(RegoString.of("held"), RegoBoolean.of(a.held())));
  }

  private static void line(StringBuilder out, RuleRef rule) {
    out.append("  ").append(rule.file()).append(':').append(rule.row());
    out.append("  ").append(rule.path()).append('\n');
  }
}
