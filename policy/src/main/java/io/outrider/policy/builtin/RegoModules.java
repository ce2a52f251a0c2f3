package io.outrider.policy.builtin;

import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.ModuleJson;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;

/// `rego.parse_module`. Off until it is named.
final class RegoModules {
  private RegoModules() {}

  static void register(Registry r) {
    r.any("rego.parse_module", (cx, a) -> parse(cx, Args.string(a[0], 1), Args.string(a[1], 2)));
  }

  private static RegoValue parse(BuiltinContext cx, String name, String text) {
    cx.spend(text.length());
    List<Diagnostic> problems = new ArrayList<>();
    Module module = Parser.parseModule(new Source(name, text), problems::add);
    if (module == null || !problems.isEmpty()) {
      throw Args.error(message(problems));
    }
    return ModuleJson.of(module);
  }

  private static String message(List<Diagnostic> problems) {
    StringBuilder text = new StringBuilder();
    text.append(problems.size()).append(problems.size() == 1 ? " error" : " errors");
    text.append(" occurred:").append(problems.size() == 1 ? " " : "\n");
    for (int i = 0; i < problems.size(); i++) {
      text.append(i == 0 ? "" : "\n").append(problems.get(i));
    }
    return text.toString();
  }
}
