package io.outrider.policy.tool;

import io.outrider.policy.Decision;
import io.outrider.policy.Evaluation;
import io.outrider.policy.Evaluation.Attempt;
import io.outrider.policy.Evaluation.Solution;
import io.outrider.policy.PolicyTools.Explained;
import io.outrider.policy.Reason;
import io.outrider.policy.RuleRef;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;

/// Values of queries as `opa eval` prints them, and decisions with the rules behind them.
public final class EvalWriter {
  private EvalWriter() {}

  /// As `opa eval --format json`.
  public static String json(String query, Evaluation evaluation) {
    RegoObject.Builder out = RegoObject.builder(2);
    if (!evaluation.errors().isEmpty()) {
      out.put("errors", JsonReports.list(evaluation.errors(), JsonReports::error));
    }
    if (!evaluation.solutions().isEmpty()) {
      out.put("result", JsonReports.list(evaluation.solutions(), s -> solution(query, s)));
    }
    return RegoJson.marshalIndented(out.build(), "", "  ") + "\n";
  }

  private static RegoObject solution(String query, Solution solution) {
    List<RegoValue> expressions = new ArrayList<>();
    for (RegoValue value : solution.expressions()) {
      expressions.add(RegoObject.builder(2).put("value", value).put("text", query).build());
    }
    RegoObject.Builder out = RegoObject.builder(2).put("expressions", RegoArray.of(expressions));
    if (!solution.bindings().isEmpty()) {
      out.put("bindings", JsonReports.values(solution.bindings()));
    }
    return out.build();
  }

  /// The values alone: one line per solution with a single expression, otherwise the bindings.
  /// `undefined` for none.
  public static String pretty(Evaluation evaluation) {
    StringBuilder out = new StringBuilder();
    evaluation.printed().forEach(line -> out.append(line).append('\n'));
    evaluation.errors().forEach(error -> out.append("error: ").append(error).append('\n'));
    if (evaluation.isUndefined()) {
      out.append("undefined\n");
    }
    for (Solution solution : evaluation.solutions()) {
      if (!solution.bindings().isEmpty()) {
        solution
            .bindings()
            .forEach(
                (name, value) -> out.append(name).append(": ").append(json(value)).append('\n'));
      } else {
        solution.expressions().forEach(value -> out.append(json(value)).append('\n'));
      }
    }
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

  private static void line(StringBuilder out, RuleRef rule) {
    out.append("  ").append(rule.file()).append(':').append(rule.row());
    out.append("  ").append(rule.path()).append('\n');
  }

  /// A decision: the line that decides first, then the rules behind it.
  public static String decision(Explained explained) {
    StringBuilder out = new StringBuilder();
    switch (explained.decision()) {
      case Decision.Allow allow -> {
        out.append("ALLOW");
        allow.rules().stream().findFirst().ifPresent(rule -> out.append("  ").append(rule));
        out.append('\n');
        allow
            .obligations()
            .forEach(o -> out.append("obligation: ").append(o.params()).append('\n'));
        allow
            .labels()
            .forEach((k, v) -> out.append("label: ").append(k).append('=').append(v).append('\n'));
      }
      case Decision.Deny deny -> {
        for (Reason reason : deny.reasons()) {
          out.append("DENY  ").append(deny.cause()).append("  ").append(reason.code());
          out.append(": ").append(reason.message());
          RuleRef rule = reason.rule();
          out.append(rule == null ? "" : "  " + rule).append('\n');
        }
      }
    }
    explained
        .decision()
        .warnings()
        .forEach(w -> out.append("warning: ").append(w.message()).append('\n'));
    explained.printed().forEach(line -> out.append("print: ").append(line).append('\n'));
    return out.append(explanation(explained.attempts())).toString();
  }

  /// The same as JSON.
  public static String decisionJson(Explained explained) {
    RegoObject.Builder out = RegoObject.builder(8);
    Decision decision = explained.decision();
    switch (decision) {
      case Decision.Allow allow -> {
        out.put("decision", "allow");
        out.put("obligations", JsonReports.list(allow.obligations(), o -> o.params()));
        RegoObject.Builder labels = RegoObject.builder(allow.labels().size());
        allow.labels().forEach(labels::put);
        out.put("labels", labels.build());
      }
      case Decision.Deny deny -> {
        out.put("decision", "deny");
        out.put("cause", deny.cause().name().toLowerCase(java.util.Locale.ROOT));
        out.put("reasons", JsonReports.list(deny.reasons(), EvalWriter::reason));
      }
    }
    out.put("warnings", JsonReports.list(decision.warnings(), EvalWriter::reason));
    out.put("rules", JsonReports.list(decision.rules(), JsonReports::rule));
    out.put("printed", JsonReports.strings(explained.printed()));
    out.put(
        "did_not_hold",
        JsonReports.list(
            explained.attempts().stream().filter(a -> !a.held()).toList(), JsonReports::attempt));
    return RegoJson.marshalIndented(out.build(), "", "  ") + "\n";
  }

  private static RegoObject reason(Reason reason) {
    RegoObject.Builder out =
        RegoObject.builder(5)
            .put("code", reason.code())
            .put("message", reason.message())
            .put("public", reason.isPublic())
            .put("severity", reason.severity());
    RuleRef rule = reason.rule();
    if (rule != null) {
      out.put("rule", JsonReports.rule(rule));
    }
    return out.build();
  }
}
