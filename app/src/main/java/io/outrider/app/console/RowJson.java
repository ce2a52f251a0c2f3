package io.outrider.app.console;

import io.outrider.review.index.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A row of a list as JSON: what is absent is left out, what is long is cut.
final class RowJson {
  /// A line of a list shows less.
  private static final int LONGEST = 300;

  private static final int MOST = 8;

  private RowJson() {}

  static Map<String, Object> of(Row row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("index", row.index());
    json.put("kind", row.kind());
    put(json, "time", row.time());
    put(json, "call", row.callId());
    put(json, "user", row.user());
    put(json, "upstream", row.upstream());
    put(json, "method", row.method());
    put(json, "tool", row.tool());
    put(json, "verdict", row.verdict());
    put(json, "outcome", row.outcome());
    put(json, "rules", row.rules());
    put(json, "reasons", row.reasons());
    row.latencyNanos().ifPresent(nanos -> json.put("latency_ns", nanos));
    row.waitNanos().ifPresent(nanos -> json.put("wait_ns", nanos));
    if (row.redactions() > 0) {
      json.put("redactions", row.redactions());
    }
    put(json, "session", row.session());
    put(json, "event", row.event());
    if (!row.facts().isEmpty()) {
      json.put(
          "facts",
          row.facts().entrySet().stream()
              .limit(MOST)
              .collect(
                  Collectors.toMap(
                      Map.Entry::getKey,
                      fact -> cut(fact.getValue()),
                      (a, b) -> a,
                      LinkedHashMap::new)));
    }
    json.put("checkpointed", row.entry().checkpointed());
    return json;
  }

  static <T> List<Map<String, Object>> all(List<T> list, Function<T, Map<String, Object>> json) {
    return list.stream().map(json).toList();
  }

  private static void put(Map<String, Object> json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, cut(value));
    }
  }

  private static void put(Map<String, Object> json, String name, List<String> values) {
    if (!values.isEmpty()) {
      json.put(name, values.stream().limit(MOST).map(RowJson::cut).toList());
    }
  }

  static String cut(String text) {
    return cut(text, LONGEST);
  }

  /// The first characters of a text; never half of one.
  static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    return text.substring(0, end) + "\u2026";
  }
}
