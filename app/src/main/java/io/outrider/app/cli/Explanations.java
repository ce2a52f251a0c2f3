package io.outrider.app.cli;

import io.outrider.app.terminal.Terminal;
import io.outrider.redaction.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Says why values would be found, without the values.
final class Explanations {
  private Explanations() {}

  static void print(Terminal terminal, byte[] text, List<Explanation> found) {
    for (Explanation e : found) {
      terminal
          .out()
          .printf(
              Locale.ROOT,
              "%s  %s  %s, %d bytes: %s%n",
              at(text, e.start()),
              terminal.style().warn(e.finding().rule()),
              e.finding().pointer().isEmpty() ? "text" : e.finding().pointer(),
              e.finding().length(),
              Cli.spelling(e.finding().action()));
      terminal.out().println("    " + String.join("; ", reasons(e)));
    }
    terminal.out().println(found.size() + " found");
  }

  private static List<String> reasons(Explanation e) {
    List<String> reasons = new ArrayList<>();
    reasons.add(e.description() + " (" + e.source() + ":" + e.sourceLine() + ")");
    if (!e.keywords().isEmpty()) {
      reasons.add("keyword: one of " + String.join(", ", e.keywords()));
    }
    reasons.add(
        String.format(Locale.ROOT, "entropy %.2f", e.entropy())
            + (e.minEntropy() > 0
                ? String.format(Locale.ROOT, " (more than %.1f asked for)", e.minEntropy())
                : ""));
    if (!e.validator().isEmpty()) {
      reasons.add("passed the test '" + e.validator() + "'");
    }
    if (!e.checksum().isEmpty()) {
      reasons.add("its own checksum is " + e.checksum());
    }
    return reasons;
  }

  static String json(byte[] text, List<Explanation> found) {
    ArrayNode all = JsonMapper.shared().createArrayNode();
    for (Explanation e : found) {
      ObjectNode one = all.addObject();
      one.put("rule", e.finding().rule());
      one.put("description", e.description());
      one.put("action", Cli.spelling(e.finding().action()));
      one.put("pointer", e.finding().pointer());
      one.put("at", at(text, e.start()));
      one.put("start", e.start());
      one.put("end", e.stop());
      one.put("length", e.finding().length());
      one.put("digest", e.finding().digest());
      ArrayNode keywords = one.putArray("keywords");
      e.keywords().forEach(keywords::add);
      one.put("entropy", Math.round(e.entropy() * 100) / 100.0);
      one.put("min_entropy", e.minEntropy());
      one.put("validator", e.validator());
      one.put("checksum", e.checksum());
      one.put("source", e.source() + ":" + e.sourceLine());
    }
    return all.toPrettyString();
  }

  /// Line and column, both from 1.
  private static String at(byte[] text, int offset) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < offset; i++) {
      column = text[i] == '\n' ? 1 : column + 1;
      line += text[i] == '\n' ? 1 : 0;
    }
    return line + ":" + column;
  }
}
