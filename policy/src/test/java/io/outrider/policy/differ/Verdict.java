package io.outrider.policy.differ;

import io.outrider.policy.builtin.Builtins;
import io.outrider.policy.builtin.Capabilities;
import io.outrider.policy.compile.Compiler;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.RegoVersion;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;

/// What a checker says about a module: nothing, or problems, the first of which counts.
///
/// @param problems as `code:row`, with the message after a space, sorted by place
record Verdict(List<String> problems) {
  Verdict {
    problems = List.copyOf(problems);
  }

  boolean accepts() {
    return problems.isEmpty();
  }

  /// `code:row` of the first problem, or `ok`.
  String first() {
    return problems.isEmpty() ? "ok" : problems.getFirst().split(" ", 2)[0];
  }

  /// All of them as `code:row`, without those that tell of nothing but their number.
  List<String> places() {
    return problems.stream()
        .map(p -> p.split(" ", 2)[0])
        .filter(p -> !p.endsWith(":0"))
        .sorted()
        .distinct()
        .toList();
  }

  /// What Outrider says.
  static Verdict ours(String text, boolean strict) {
    return ours(text, strict, false);
  }

  /// @param all whether the built-ins that are off count as on
  static Verdict ours(String text, boolean strict, boolean all) {
    // Those of the parser in the order in which they were found, as OPA shows them.
    List<Diagnostic> problems = new ArrayList<>();
    Module module =
        Parser.parseModule(
            new Source("policy.rego", text),
            RegoVersion.V1,
            Capabilities.signatures()::containsKey,
            problems::add);
    if (module != null && problems.isEmpty()) {
      Compiler compiler =
          new Compiler(all ? Builtins.enabling(Builtins.off()) : Builtins.standard(), true, strict);
      compiler.compile(List.of(module));
      problems.addAll(compiler.problems());
    }
    return new Verdict(
        problems.stream().map(d -> d.code() + ":" + d.row() + " " + d.message()).toList());
  }

  /// The question for the oracle.
  static RegoObject question(String text, boolean strict) {
    return RegoObject.builder()
        .put("cmd", "check")
        .put("module", text)
        .put(RegoString.of("strict"), RegoBoolean.of(strict))
        .build();
  }

  /// What OPA says, from an answer of the oracle.
  static Verdict theirs(RegoObject answer) {
    List<String> problems = new ArrayList<>();
    if (answer.get("errors") instanceof RegoArray errors) {
      for (RegoValue item : errors) {
        RegoObject error = (RegoObject) item;
        problems.add(text(error.get("code")) + ":" + row(error) + " " + text(error.get("message")));
      }
    }
    return new Verdict(problems);
  }

  private static String row(RegoObject error) {
    return error.get("row") instanceof RegoNumber n ? n.toString() : "0";
  }

  private static String text(@org.jspecify.annotations.Nullable RegoValue value) {
    return value instanceof RegoString s ? s.value() : "";
  }
}
