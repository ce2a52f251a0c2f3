package io.outrider.policy.syntax;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Any text is a module, and a query, or has diagnostics.
public final class ParserFuzz {
  private ParserFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    List<Diagnostic> problems = new ArrayList<>();
    Module module = Parser.parseModule(new Source("fuzz.rego", text), problems::add);
    if (module == null && problems.isEmpty()) {
      throw new AssertionError("neither a module nor a diagnostic");
    }
    problems.clear();
    Body body = Parser.parseQuery(new Source("", text), Set.of(), problems::add);
    if (body == null && problems.isEmpty()) {
      throw new AssertionError("neither a query nor a diagnostic");
    }
    for (Diagnostic problem : problems) {
      if (problem.toString().isEmpty()) {
        throw new AssertionError("a diagnostic that says nothing");
      }
    }
  }
}
