package io.outrider.app.cli;

import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.PolicyContent;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.PolicyStore;
import io.outrider.audit.verify.SafeText;
import io.outrider.review.index.Row;
import io.outrider.review.index.Timeline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// One call for people: who, what, when, decided how and why, what came of it.
final class CallText {
  private static final int PART = 120;
  private static final int LINES_OF_A_RULE = 14;

  private final Terminal terminal;
  private final Style style;
  private final LogSource source;

  CallText(Terminal terminal, LogSource source) {
    this.terminal = terminal;
    this.style = terminal.style();
    this.source = source;
  }

  void print(Timeline timeline) throws IOException, FormatException {
    Row row = timeline.row();
    Leaf leaf = row.entry().leaf();
    String result =
        row.outcome() == null ? "not over, or its outcome is missing" : safe(row.outcome());
    boolean good = "completed".equals(row.outcome());
    terminal
        .out()
        .println(
            "call "
                + style.bold(safe(row.callId() == null ? "(no id)" : row.callId()))
                + "  "
                + (good ? style.good(result) : style.bad(result)));
    boolean begins = !row.kind().equals("outcome");
    if (begins) {
      line("who", who(row, leaf));
      line("what", what(row, leaf));
    } else {
      OptionalLong intent = leaf.number("intent");
      line(
          "what",
          "the end of a call whose beginning, record "
              + (intent.isPresent() ? intent.getAsLong() : "(unknown)")
              + ", is not in the log");
    }
    line(
        "when",
        RowTable.time(row.time())
            + (row.session() == null ? "" : ", session " + safe(row.session())));
    if (begins) {
      line("verdict", safe(row.verdict() == null ? "none" : row.verdict()));
    }
    List<String> why = new ArrayList<>();
    row.reasons().forEach(reason -> why.add("\"" + safe(reason) + "\""));
    row.rules().forEach(rule -> why.add("by " + safe(rule)));
    lines("why", why);
    policy(leaf);
    List<String> steps = new ArrayList<>();
    timeline.records().forEach(record -> steps.add(step(record)));
    lines("records", steps);
    List<String> redactions = new ArrayList<>();
    timeline.records().forEach(record -> redactions(record, redactions));
    lines("redacted", redactions);
  }

  private static String who(Row row, Leaf leaf) {
    StringBuilder text = new StringBuilder(row.user() == null ? "(unknown)" : safe(row.user()));
    leaf.text("sub.type").ifPresent(type -> text.append(", ").append(safe(type)));
    leaf.text("sub.by").ifPresent(by -> text.append(", verified by ").append(safe(by)));
    leaf.text("src.addr").ifPresent(address -> text.append(", from ").append(safe(address)));
    leaf.text("src.via").ifPresent(via -> text.append(" over ").append(safe(via)));
    leaf.text("src.fwd").ifPresent(by -> text.append(", a header says for ").append(safe(by)));
    leaf.text("cli.name")
        .ifPresent(name ->
            text.append(", with what calls itself ")
                .append(safe(name))
                .append(leaf.text("cli.version").map(v -> " " + safe(v)).orElse("")));
    return text.toString();
  }

  private static String what(Row row, Leaf leaf) {
    List<String> parts = new ArrayList<>();
    parts.add(row.upstream() == null ? "(no server)" : safe(row.upstream()));
    parts.add(row.method() == null ? "(unreadable)" : safe(row.method()));
    if (row.tool() != null) {
      parts.add(safe(row.tool()));
    }
    OptionalLong bytes = leaf.number("in.bytes");
    if (bytes.isPresent()) {
      parts.add("(" + bytes.getAsLong() + " bytes)");
    }
    return String.join(" ", parts);
  }

  /// The rules as they were then, where the policies of that digest are kept.
  private void policy(Leaf leaf) throws IOException {
    Optional<String> digest = leaf.text("pol");
    if (digest.isEmpty()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    lines.add(safe(digest.get()));
    try {
      Optional<List<PolicyContent.File>> files = PolicyStore.read(source, digest.get());
      if (files.isEmpty()) {
        lines.add(style.dim("its text is not in this log's folder"));
      } else {
        for (Object rule : leaf.list("rules")) {
          text(files.get(), (Map<?, ?>) rule, lines);
        }
      }
    } catch (FormatException e) {
      lines.add(style.bad(safe(String.valueOf(e.getMessage()))));
    }
    lines("policy", lines);
  }

  /// The rule at a row, up to the next empty line.
  private void text(List<PolicyContent.File> files, Map<?, ?> rule, List<String> lines) {
    Optional<PolicyContent.File> file =
        files.stream().filter(f -> f.name().equals(rule.get("file"))).findFirst();
    if (file.isEmpty() || !(rule.get("row") instanceof Long row)) {
      return;
    }
    List<String> text = file.get().text().lines().toList();
    lines.add(style.accent(safe(file.get().name())));
    for (int n = row.intValue(); n <= text.size() && n < row + LINES_OF_A_RULE; n++) {
      String line = text.get(n - 1);
      if (n > row && line.isBlank()) {
        return;
      }
      lines.add(
          String.format(Locale.ROOT, "%5d  %s", n, SafeText.of(line.replace("\t", "  "), PART)));
    }
  }

  private static String step(LogEntry record) {
    Leaf leaf = record.leaf();
    List<String> parts = new ArrayList<>();
    parts.add(
        String.format(
            Locale.ROOT, "%d  %s", record.index(), RowTable.time(leaf.text("t").orElse(null))));
    parts.add(leaf.kind().equals("intent") ? "intent" : safe(leaf.text("out").orElse(leaf.kind())));
    millis(leaf, "ns.policy").ifPresent(ms -> parts.add("policy took " + ms));
    millis(leaf, "ns.wait")
        .filter(ms -> !ms.equals("0.00 ms"))
        .ifPresent(ms -> parts.add("waited " + ms + " for its turn"));
    millis(leaf, "ns.up").ifPresent(ms -> parts.add("server took " + ms));
    millis(leaf, "ns.total").ifPresent(ms -> parts.add("all together " + ms));
    leaf.number("res.bytes").ifPresent(bytes -> parts.add(bytes + " bytes"));
    leaf.number("err").ifPresent(code -> parts.add("error " + code));
    return String.join("  ", parts);
  }

  private static Optional<String> millis(Leaf leaf, String path) {
    OptionalLong nanos = leaf.number(path);
    return nanos.isPresent()
        ? Optional.of(String.format(Locale.ROOT, "%.2f ms", nanos.getAsLong() / 1e6))
        : Optional.empty();
  }

  private static void redactions(LogEntry record, List<String> lines) {
    String where = record.leaf().kind().equals("outcome") ? "answer" : "request";
    for (Object entry : record.leaf().list("red")) {
      Map<?, ?> redaction = (Map<?, ?>) entry;
      lines.add(
          redaction.get("n")
              + " in the "
              + where
              + " at "
              + safe(String.valueOf(redaction.get("at")))
              + " by rule "
              + safe(String.valueOf(redaction.get("rule"))));
    }
  }

  private void lines(String label, List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      line(i == 0 ? label : "", lines.get(i));
    }
  }

  private void line(String label, String text) {
    terminal.out().println("  " + style.dim(String.format(Locale.ROOT, "%-9s", label)) + text);
  }

  private static String safe(String text) {
    return SafeText.of(text, PART);
  }
}
