package io.outrider.app.cli;

import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.verify.SafeText;
import io.outrider.review.export.RowWriter;
import io.outrider.review.index.Row;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Rows as lines for people: index, time, what became of it, who, what, how long, why.
final class RowTable implements RowWriter {
  private static final int PART = 60;
  private static final int USER = 22;
  private static final int TARGET = 34;

  private final Terminal terminal;

  RowTable(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void row(Row row) {
    Style style = terminal.style();
    String result = String.format(Locale.ROOT, "%-12s", result(row));
    terminal
        .out()
        .println(
            String.format(
                    Locale.ROOT,
                    "%8d%s  %s  ",
                    row.index(),
                    row.entry().checkpointed() ? " " : "*",
                    time(row.time()))
                + (isBad(row) ? style.bad(result) : result)
                + "  "
                + (row.event() != null ? event(row) : call(row)));
  }

  static String time(@Nullable String time) {
    String text = Objects.requireNonNullElse(time, "-");
    return SafeText.of(text.length() == 30 ? text.substring(0, 23) + "Z" : text, 30);
  }

  private static String result(Row row) {
    String text =
        row.event() != null
            ? row.event()
            : row.outcome() != null
                ? row.outcome().replaceFirst("^refused\\.", "")
                : row.kind().equals("intent") ? "open" : row.kind();
    return SafeText.of(text, PART);
  }

  private static boolean isBad(Row row) {
    return row.kind().equals("refusal")
        || "shadow_deny".equals(row.verdict())
        || (row.outcome() != null && row.outcome().startsWith("failed"));
  }

  private static String call(Row row) {
    if (row.kind().equals("outcome")) {
      return "end of call "
          + (row.callId() == null ? "(no id)" : safe(row.callId()))
          + ", whose beginning is not in the log";
    }
    String target =
        (row.upstream() == null ? "" : safe(row.upstream()) + " ")
            + (row.tool() == null
                ? row.method() == null ? "(unreadable)" : safe(row.method())
                : safe(row.tool()));
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%-" + USER + "s  %-" + TARGET + "s  %9s",
                row.user() == null ? "(unknown)" : safe(row.user()),
                target,
                row.latencyNanos().isPresent()
                    ? String.format(Locale.ROOT, "%.1f ms", row.latencyNanos().getAsLong() / 1e6)
                    : ""));
    if (!row.reasons().isEmpty()) {
      line.append("  \"").append(safe(row.reasons().getFirst())).append('"');
    }
    if (!row.rules().isEmpty() && (row.kind().equals("refusal") || !row.reasons().isEmpty())) {
      line.append("  by ").append(safe(row.rules().getFirst()));
    }
    if (row.redactions() > 0) {
      line.append("  ").append(row.redactions()).append(" redacted");
    }
    return line.toString().stripTrailing();
  }

  private static String event(Row row) {
    return row.facts().entrySet().stream()
        .map((Map.Entry<String, String> fact) -> safe(fact.getKey() + "=" + fact.getValue()))
        .collect(Collectors.joining("  "));
  }

  private static String safe(String text) {
    return SafeText.of(text, PART);
  }

  @Override
  public void end() {
    terminal.out().flush();
  }
}
