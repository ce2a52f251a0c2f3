package io.outrider.review.index;

import io.outrider.audit.format.Leaf;
import io.outrider.audit.verify.LogEntry;
import io.outrider.review.query.Field;
import io.outrider.review.query.Measure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A call or an event as a list shows it. Made from the records in the log, never from the index.
/// Texts are as clients and servers sent them: whoever shows them makes them harmless.
///
/// @param index of the intent, the refusal or the event
/// @param kind `intent`, `refusal`, `event`; `outcome` for one whose intent is not there
/// @param time as recorded
/// @param rules what took part, `rule (file:row)`, most decisive first
/// @param reasons reasons of a refusal and warnings
/// @param latencyNanos from the arrival of the call to the end of the reply
/// @param waitNanos how long it waited for its turn
/// @param redactions values redacted in the request and in the answer
/// @param event slug of an event
/// @param facts facts of an event
/// @param entry the record itself
/// @param end the outcome, if there is one yet
public record Row(
    long index,
    String kind,
    @Nullable String time,
    @Nullable String callId,
    @Nullable String user,
    @Nullable String upstream,
    @Nullable String method,
    @Nullable String tool,
    @Nullable String verdict,
    @Nullable String outcome,
    List<String> rules,
    List<String> reasons,
    OptionalLong latencyNanos,
    OptionalLong waitNanos,
    long redactions,
    @Nullable String session,
    @Nullable String event,
    Map<String, String> facts,
    LogEntry entry,
    Optional<LogEntry> end) {

  /// Reads a row from its records.
  static Row of(LogEntry entry, @Nullable LogEntry end) {
    Leaf leaf = entry.leaf();
    Facts facts = Facts.of(entry.index(), leaf);
    Facts outcome = end == null ? facts : Facts.of(end.index(), end.leaf());
    return new Row(
        entry.index(),
        leaf.kind(),
        leaf.text("t").orElse(null),
        facts.callId(),
        facts.first(Field.USER),
        facts.first(Field.UPSTREAM),
        facts.first(Field.METHOD),
        facts.first(Field.TOOL),
        facts.first(Field.VERDICT),
        outcome.first(Field.OUTCOME),
        rules(leaf),
        reasons(facts, end == null ? null : outcome),
        outcome.kind() == Facts.Kind.OUTCOME
            ? (end == null ? entry : end).leaf().number("ns.total")
            : OptionalLong.empty(),
        leaf.number("ns.wait"),
        redactions(facts) + (end == null ? 0 : redactions(outcome)),
        facts.first(Field.SESSION),
        facts.first(Field.EVENT),
        facts(leaf),
        entry,
        Optional.ofNullable(end));
  }

  private static List<String> rules(Leaf leaf) {
    List<String> rules = new ArrayList<>();
    for (Object rule : leaf.list("rules")) {
      String place = Facts.place(Facts.map(rule));
      rules.add(Facts.map(rule).get("rule") + (place == null ? "" : " (" + place + ")"));
    }
    return List.copyOf(rules);
  }

  private static List<String> reasons(Facts facts, @Nullable Facts outcome) {
    List<String> reasons = new ArrayList<>(facts.words().getOrDefault(Field.REASON, List.of()));
    if (outcome != null) {
      reasons.addAll(outcome.words().getOrDefault(Field.REASON, List.of()));
    }
    return List.copyOf(reasons);
  }

  private static long redactions(Facts facts) {
    return facts.numbers().getOrDefault(Measure.REDACTIONS, 0L);
  }

  private static Map<String, String> facts(Leaf leaf) {
    Map<String, String> facts = new LinkedHashMap<>();
    Facts.map(leaf.fields().get("f"))
        .forEach((name, value) -> facts.put(String.valueOf(name), String.valueOf(value)));
    return Collections.unmodifiableMap(facts);
  }
}
