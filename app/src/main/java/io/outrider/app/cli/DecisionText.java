package io.outrider.app.cli;

import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import io.outrider.policy.Decision;
import io.outrider.policy.Obligation;
import io.outrider.policy.Reason;
import io.outrider.policy.RuleRef;
import io.outrider.policy.value.RegoJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Writes a decision for people and for programs.
final class DecisionText {
  private DecisionText() {}

  static void print(Terminal terminal, Decision decision) {
    Style style = terminal.style();
    switch (decision) {
      case Decision.Allow allow -> {
        terminal.out().println(style.good("ALLOW"));
        for (Obligation obligation : allow.obligations()) {
          terminal.out().println("  obligation  " + RegoJson.marshal(obligation.params()));
        }
        allow
            .labels()
            .forEach(
                (name, value) -> terminal.out().println("  label       " + name + "=" + value));
      }
      case Decision.Deny deny -> {
        terminal.out().println(style.bad("DENY") + "  " + words(deny.cause()));
        deny.reasons().forEach(reason -> terminal.out().println("  because     " + line(reason)));
      }
    }
    decision
        .warnings()
        .forEach(warning -> terminal.out().println("  warning     " + line(warning)));
    decision.rules().forEach(rule -> terminal.out().println(style.dim("  rule        " + rule)));
  }

  /// What kind of answer it is, in words.
  static String words(Decision.Cause cause) {
    return switch (cause) {
      case DENY_RULE -> "a rule denies";
      case NOT_ALLOWED -> "no rule allows";
      case EVALUATION_FAILED -> "the policy failed";
      case BAD_DECISION -> "the policy gave something that is no decision";
    };
  }

  private static String line(Reason reason) {
    RuleRef rule = reason.rule();
    return (reason.message().isEmpty()
            ? reason.code()
            : reason.message() + " [" + reason.code() + "]")
        + (rule == null ? "" : "  " + rule.file() + ":" + rule.row());
  }

  static Map<String, Object> json(Decision decision) {
    Map<String, Object> json = new LinkedHashMap<>();
    switch (decision) {
      case Decision.Allow allow -> {
        json.put("decision", "allow");
        json.put(
            "obligations",
            allow.obligations().stream().map(o -> PolicyEvalCommand.node(o.params())).toList());
        json.put("labels", allow.labels());
      }
      case Decision.Deny deny -> {
        json.put("decision", "deny");
        json.put("cause", deny.cause().name().toLowerCase(Locale.ROOT));
        json.put("reasons", deny.reasons().stream().map(DecisionText::json).toList());
      }
    }
    json.put("warnings", decision.warnings().stream().map(DecisionText::json).toList());
    json.put("rules", rules(decision.rules()));
    return json;
  }

  private static Map<String, Object> json(Reason reason) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("code", reason.code());
    json.put("message", reason.message());
    json.put("public", reason.isPublic());
    if (!reason.severity().isEmpty()) {
      json.put("severity", reason.severity());
    }
    if (reason.rule() != null) {
      json.put("rule", rules(List.of(reason.rule())).getFirst());
    }
    return json;
  }

  private static List<Map<String, Object>> rules(List<RuleRef> rules) {
    return rules.stream()
        .map(rule -> {
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("path", rule.path());
          json.put("file", rule.file());
          json.put("row", rule.row());
          return json;
        })
        .toList();
  }
}
