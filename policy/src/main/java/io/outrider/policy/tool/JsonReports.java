package io.outrider.policy.tool;

import io.outrider.policy.Evaluation;
import io.outrider.policy.Evaluation.Attempt;
import io.outrider.policy.RuleRef;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// JSON shapes that several reports share.
final class JsonReports {
  private JsonReports() {}

  static RegoObject error(Evaluation.Problem problem) {
    RegoObject.Builder out =
        RegoObject.builder(3).put("code", problem.code()).put("message", problem.message());
    if (problem.row() > 0) {
      out.put(
          "location",
          RegoObject.builder(3)
              .put("file", problem.file())
              .put("row", problem.row())
              .put("col", problem.col())
              .build());
    }
    return out.build();
  }

  static RegoObject rule(RuleRef rule) {
    return RegoObject.builder(3)
        .put("path", rule.path())
        .put("file", rule.file())
        .put("row", rule.row())
        .build();
  }

  static RegoObject attempt(Attempt attempt) {
    return RegoObject.builder(4)
        .put("rule", rule(attempt.rule()))
        .put("row", attempt.row())
        .put("expression", attempt.expression())
        .put("values", values(attempt.values()))
        .build();
  }

  static RegoObject values(Map<String, RegoValue> values) {
    RegoObject.Builder out = RegoObject.builder(values.size());
    values.forEach(out::put);
    return out.build();
  }

  static <T> RegoArray list(List<T> items, Function<T, ? extends RegoValue> shape) {
    List<RegoValue> out = new ArrayList<>();
    items.forEach(item -> out.add(shape.apply(item)));
    return RegoArray.of(out);
  }
}
