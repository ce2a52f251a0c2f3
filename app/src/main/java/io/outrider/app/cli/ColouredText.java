package io.outrider.app.cli;

import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.tool.CheckWriter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Colours for texts that are written without them.
final class ColouredText {
  private static final Pattern OUTCOME = Pattern.compile("\\b(PASS|FAIL|ERROR|SKIPPED)(?=[: ]|$)");

  private ColouredText() {}

  /// Problems with their lines: places in bold, codes in red, carets and hints apart.
  static String problems(Terminal terminal, List<Diagnostic> problems) {
    Style style = terminal.style();
    String text = CheckWriter.pretty(problems);
    if (!style.on()) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    for (String line : text.lines().toList()) {
      int code = line.indexOf(": rego_");
      String stripped = line.strip();
      if (code > 0 && !line.startsWith("\t")) {
        int end = line.indexOf(':', code + 2);
        out.append(style.bold(line.substring(0, code + 1)))
            .append(style.bad(line.substring(code + 1, end)))
            .append(line.substring(end));
      } else if (stripped.equals("^")) {
        out.append(style.bad(line));
      } else if (stripped.startsWith("hint: ")) {
        out.append(style.accent(line));
      } else {
        out.append(line);
      }
      out.append('\n');
    }
    return out.toString();
  }

  /// Results of tests: how each ended.
  static String outcomes(Style style, String text) {
    return !style.on()
        ? text
        : OUTCOME
            .matcher(text)
            .replaceAll(found -> Matcher.quoteReplacement(outcome(style, found.group())));
  }

  private static String outcome(Style style, String word) {
    return switch (word) {
      case "PASS" -> style.good(word);
      case "SKIPPED" -> style.warn(word);
      default -> style.bad(word);
    };
  }
}
