package io.outrider.policy.tool;

import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.nio.charset.StandardCharsets;
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
          RegoObject.builder(5).put("code", problem.code()).put("message", problem.message());
      if (problem.row() > 0) {
        error.put("location", TestWriter.location(problem.file(), problem.row(), problem.col()));
      }
      if (problem.code().equals(Diagnostic.PARSE) && problem.row() > 0) {
        error.put("details", details(problem));
      }
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

  /// The line and how many bytes of it stand before the place.
  private static RegoObject details(Diagnostic problem) {
    String line = problem.sourceLine();
    int before = Math.min(problem.col() - 1, line.codePointCount(0, line.length()));
    String text = line.substring(0, line.offsetByCodePoints(0, Math.max(before, 0)));
    return RegoObject.builder(2)
        .put("line", line)
        .put("idx", text.getBytes(StandardCharsets.UTF_8).length)
        .build();
  }
}
