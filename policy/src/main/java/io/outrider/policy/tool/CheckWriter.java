package io.outrider.policy.tool;

import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;

/// Problems of policies as `opa check` prints them.
public final class CheckWriter {
  private CheckWriter() {}

  /// How many there are, then each with its line and a caret under the place. Empty when there are
  /// none.
  public static String pretty(List<Diagnostic> problems) {
    if (problems.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    out.append(problems.size()).append(problems.size() == 1 ? " error" : " errors");
    out.append(" occurred:\n");
    problems.forEach(problem -> out.append(problem.render()).append('\n'));
    return out.toString();
  }

  /// As `opa check --format json`: `{}` when there are none.
  public static String json(List<Diagnostic> problems) {
    List<RegoValue> errors = new ArrayList<>();
    for (Diagnostic problem : problems) {
      RegoObject.Builder error =
          RegoObject.builder(4)
              .put("code", problem.code())
              .put("message", problem.message())
              .put("location", TestWriter.location(problem.file(), problem.row(), problem.col()));
      String hint = problem.hint();
      if (hint != null) {
        error.put("hint", hint);
      }
      errors.add(error.build());
    }
    RegoObject out =
        errors.isEmpty()
            ? RegoObject.EMPTY
            : RegoObject.builder(1).put("errors", RegoArray.of(errors)).build();
    return RegoJson.marshalIndented(out, "", "  ") + "\n";
  }
}
