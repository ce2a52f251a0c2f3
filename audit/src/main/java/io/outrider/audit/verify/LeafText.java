package io.outrider.audit.verify;

import io.outrider.audit.format.Leaf;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A record as one line for people, or as the JSON line it is. Everything that came from outside is
/// made harmless.
public final class LeafText {
  private LeafText() {}

  /// Longest part of a line; the whole is one command away.
  private static final int PART = 80;

  /// One line: index, time, what happened, who, what, why.
  public static String line(LogEntry entry) {
    Leaf leaf = entry.leaf();
    List<String> parts = new ArrayList<>();
    parts.add(String.format(Locale.ROOT, "%8d%s", entry.index(), entry.checkpointed() ? " " : "*"));
    parts.add(
        leaf.text("t").map(t -> safe(t.length() == 30 ? t.substring(0, 23) + "Z" : t)).orElse("-"));
    switch (leaf.kind()) {
      case "intent" -> {
        parts.add(String.format(Locale.ROOT, "%-11s", safe(leaf.text("verdict").orElse("-"))));
        call(leaf, parts);
        ground(leaf, parts);
      }
      case "refusal" -> {
        parts.add(String.format(Locale.ROOT, "%-11s", safe(leaf.text("out").orElse("-"))));
        call(leaf, parts);
        leaf.list("why").stream()
            .findFirst()
            .ifPresent(why -> parts.add("\"" + safe(String.valueOf(why)) + "\""));
        ground(leaf, parts);
      }
      case "outcome" -> {
        parts.add(String.format(Locale.ROOT, "%-11s", safe(leaf.text("out").orElse("-"))));
        parts.add(safe(leaf.text("call").orElse("-")));
        leaf.number("intent").ifPresent(i -> parts.add("of " + i));
        leaf.number("ns.total")
            .ifPresent(ns -> parts.add(String.format(Locale.ROOT, "%.1f ms", ns / 1e6)));
        leaf.number("res.bytes").ifPresent(n -> parts.add(n + " bytes"));
        leaf.text("detail").ifPresent(d -> parts.add("\"" + safe(d) + "\""));
        redacted(leaf, parts);
      }
      default -> {
        parts.add(String.format(Locale.ROOT, "%-11s", safe(leaf.text("ev").orElse(leaf.kind()))));
        if (leaf.fields().get("f") instanceof Map<?, ?> facts) {
          facts.forEach((key, value) ->
              parts.add(safe(String.valueOf(key)) + "=" + safe(String.valueOf(value))));
        }
      }
    }
    return String.join("  ", parts);
  }

  /// The JSON line of the leaf; means the same as the bytes in the log, with dangerous characters
  /// escaped.
  public static String json(LogEntry entry) {
    return SafeText.json(entry.leaf().json());
  }

  private static void call(Leaf leaf, List<String> parts) {
    parts.add(safe(leaf.text("sub.id").filter(id -> !id.isEmpty()).orElse("(unknown)")));
    Optional<String> up = leaf.text("up");
    String method = leaf.text("meth").map(LeafText::safe).orElse("(unreadable)");
    parts.add(
        up.map(u -> safe(u) + " ").orElse("")
            + method
            + leaf.text("tool").map(t -> " " + safe(t)).orElse(""));
    parts.add(safe(leaf.text("call").orElse("-")));
  }

  private static void ground(Leaf leaf, List<String> parts) {
    leaf.list("rules").stream()
        .findFirst()
        .filter(Map.class::isInstance)
        .map(rule -> (Map<?, ?>) rule)
        .ifPresent(rule -> {
          Object file = rule.get("file");
          String where =
              file == null
                  ? ""
                  : " (" + file + (rule.get("row") == null ? "" : ":" + rule.get("row")) + ")";
          parts.add("by " + safe(rule.get("rule") + where));
        });
    redacted(leaf, parts);
  }

  private static void redacted(Leaf leaf, List<String> parts) {
    long count =
        leaf.list("red").stream()
            .filter(Map.class::isInstance)
            .mapToLong(r -> ((Map<?, ?>) r).get("n") instanceof Long n ? n : 0)
            .sum();
    if (count > 0) {
      parts.add(count + " redacted");
    }
  }

  private static String safe(String text) {
    return SafeText.of(text, PART);
  }
}
