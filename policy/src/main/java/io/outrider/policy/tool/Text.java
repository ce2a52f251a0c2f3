package io.outrider.policy.tool;

import io.outrider.policy.Evaluation.Attempt;
import io.outrider.policy.value.RegoValue;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Pieces of text that several reports share.
final class Text {
  /// A value longer than this hides more than it shows.
  private static final int MAX_VALUE = 200;

  private Text() {}

  /// As Go prints durations: `97.325µs`, `1.5ms`, `2s`.
  static String duration(Duration duration) {
    long nanos = duration.toNanos();
    if (nanos < 1_000) {
      return nanos + "ns";
    }
    if (nanos < 1_000_000) {
      return trim(nanos / 1e3) + "µs";
    }
    return nanos < 1_000_000_000 ? trim(nanos / 1e6) + "ms" : trim(nanos / 1e9) + "s";
  }

  private static String trim(double value) {
    String text = String.format(Locale.ROOT, "%.6f", value);
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
  }

  static String value(RegoValue value) {
    String text = value.toString();
    return text.length() <= MAX_VALUE ? text : text.substring(0, MAX_VALUE) + "...";
  }

  /// The expression a rule body failed at, with the values it failed with.
  static void failure(StringBuilder out, String indent, Attempt attempt) {
    out.append(indent)
        .append(attempt.rule().file())
        .append(':')
        .append(attempt.row())
        .append(":\n");
    String expression =
        attempt.expression().isEmpty() ? "(arguments do not match)" : attempt.expression();
    expression.lines().forEach(line -> out.append(indent).append("  ").append(line).append('\n'));
    if (!attempt.values().isEmpty()) {
      out.append('\n').append(indent).append("  Where:\n");
      for (Map.Entry<String, RegoValue> entry : attempt.values().entrySet()) {
        out.append(indent)
            .append("  ")
            .append(entry.getKey())
            .append(": ")
            .append(value(entry.getValue()))
            .append('\n');
      }
    }
  }

  static void printed(StringBuilder out, String indent, List<String> lines) {
    if (!lines.isEmpty()) {
      out.append('\n');
      lines.forEach(line -> out.append(indent).append(line).append('\n'));
      out.append('\n');
    }
  }
}
