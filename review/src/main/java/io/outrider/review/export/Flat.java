package io.outrider.review.export;

import io.outrider.review.index.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A row as names and values, always the same names in the same order.
final class Flat {
  private static final double NANOS_PER_MILLI = 1e6;

  private Flat() {}

  static final List<String> NAMES =
      List.of(
          "record",
          "outcome_record",
          "kind",
          "time",
          "call",
          "user",
          "upstream",
          "method",
          "tool",
          "verdict",
          "outcome",
          "rules",
          "reasons",
          "latency_ms",
          "wait_ms",
          "redactions",
          "session",
          "event",
          "facts",
          "checkpointed");

  /// Absent values are null.
  static Map<String, @Nullable Object> of(Row row) {
    Map<String, @Nullable Object> flat = new LinkedHashMap<>();
    flat.put("record", row.index());
    flat.put("outcome_record", row.end().map(end -> end.index()).orElse(null));
    flat.put("kind", row.kind());
    flat.put("time", row.time());
    flat.put("call", row.callId());
    flat.put("user", row.user());
    flat.put("upstream", row.upstream());
    flat.put("method", row.method());
    flat.put("tool", row.tool());
    flat.put("verdict", row.verdict());
    flat.put("outcome", row.outcome());
    flat.put("rules", row.rules());
    flat.put("reasons", row.reasons());
    flat.put("latency_ms", millis(row.latencyNanos()));
    flat.put("wait_ms", millis(row.waitNanos()));
    flat.put("redactions", row.redactions());
    flat.put("session", row.session());
    flat.put("event", row.event());
    flat.put("facts", row.facts());
    flat.put(
        "checkpointed",
        row.entry().checkpointed() && row.end().map(end -> end.checkpointed()).orElse(true));
    return flat;
  }

  private static @Nullable Double millis(OptionalLong nanos) {
    return nanos.isPresent() ? nanos.getAsLong() / NANOS_PER_MILLI : null;
  }
}
