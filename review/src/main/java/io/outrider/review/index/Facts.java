package io.outrider.review.index;

import io.outrider.audit.format.Leaf;
import io.outrider.review.query.Field;
import io.outrider.review.query.Measure;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the index keeps of one record. Whatever is missing in the record is missing here: the log
/// may hold anything, and a reviewer must find it all the same.
///
/// @param intent for an outcome, the index of its intent; -1 if it says none
/// @param words names and texts by field
/// @param numbers numbers by measure
record Facts(
    long index,
    Kind kind,
    @Nullable String callId,
    long intent,
    Map<Field, List<String>> words,
    Map<Measure, Long> numbers) {

  enum Kind {
    INTENT(0),
    REFUSAL(1),
    OUTCOME(2),
    EVENT(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /// The number in the index.
    int code() {
      return code;
    }

    static Kind of(String slug) {
      return switch (slug) {
        case "intent" -> INTENT;
        case "refusal" -> REFUSAL;
        case "outcome" -> OUTCOME;
        default -> EVENT;
      };
    }
  }

  /// Facts of events that the log counts by itself; their numbers are no names.
  private static final Set<String> COUNTING = Set.of("heartbeat", "stop", "start", "genesis");

  static Facts of(long index, Leaf leaf) {
    Kind kind = Kind.of(leaf.kind());
    Facts facts =
        new Facts(
            index,
            kind,
            string(leaf.fields().get("call")),
            leaf.fields().get("intent") instanceof Long intent ? intent : -1,
            new EnumMap<>(Field.class),
            new EnumMap<>(Measure.class));
    facts.word(Field.KIND, leaf.kind());
    facts.word(Field.RUN, leaf.fields().get("boot"));
    facts.time(leaf.fields().get("t"));
    switch (kind) {
      case INTENT, REFUSAL -> facts.call(leaf.fields());
      case OUTCOME -> facts.outcome(leaf.fields());
      case EVENT -> facts.event(leaf.fields());
    }
    return facts;
  }

  private void call(Map<String, Object> leaf) {
    word(Field.KIND, "call");
    Map<?, ?> principal = map(leaf.get("sub"));
    word(Field.USER, principal.get("id"));
    word(Field.VERIFIED, principal.get("by"));
    word(Field.CLIENT, map(leaf.get("cli")).get("name"));
    Map<?, ?> source = map(leaf.get("src"));
    word(Field.VIA, source.get("via"));
    word(Field.ADDRESS, host(string(source.get("addr"))));
    word(Field.UPSTREAM, leaf.get("up"));
    word(Field.METHOD, leaf.get("meth"));
    word(Field.TOOL, leaf.get("tool"));
    word(Field.SESSION, leaf.get("sid"));
    word(Field.VERDICT, leaf.get("verdict"));
    word(Field.OUTCOME, leaf.get("out"));
    word(Field.POLICY, leaf.get("pol"));
    word(Field.CONFIG, leaf.get("cfg"));
    for (Object rule : list(leaf.get("rules"))) {
      word(Field.RULE, map(rule).get("rule"));
      word(Field.FILE, place(map(rule)));
    }
    list(leaf.get("why")).forEach(reason -> word(Field.REASON, reason));
    list(leaf.get("warn")).forEach(warning -> word(Field.REASON, warning));
    list(leaf.get("obl")).forEach(obligation -> word(Field.OBLIGATION, obligation));
    map(leaf.get("labels")).forEach((name, value) -> word(Field.LABEL, name + "=" + value));
    number(Measure.WAIT, map(leaf.get("ns")).get("wait"), 1_000);
    redactions(leaf.get("red"));
  }

  private void outcome(Map<String, Object> leaf) {
    word(Field.OUTCOME, leaf.get("out"));
    word(Field.REASON, leaf.get("detail"));
    if (leaf.get("err") instanceof Long code) {
      word(Field.ERROR, code.toString());
    }
    Map<?, ?> answer = map(leaf.get("res"));
    if (Boolean.TRUE.equals(answer.get("error"))) {
      word(Field.ERROR, "tool");
    }
    number(Measure.LATENCY, map(leaf.get("ns")).get("total"), 1_000);
    number(Measure.BYTES, answer.get("bytes"), 1);
    redactions(leaf.get("red"));
  }

  private void event(Map<String, Object> leaf) {
    String slug = string(leaf.get("ev"));
    word(Field.EVENT, slug);
    if (slug == null || !COUNTING.contains(slug)) {
      map(leaf.get("f")).forEach((name, value) -> word(Field.FACT, name + "=" + value));
    }
  }

  /// `file:row` of a rule, as far as it is known.
  static @Nullable String place(Map<?, ?> rule) {
    String file = string(rule.get("file"));
    Object row = rule.get("row");
    return file == null || row == null ? file : file + ":" + row;
  }

  private void redactions(@Nullable Object list) {
    long count = 0;
    for (Object redaction : list(list)) {
      word(Field.REDACTED, map(redaction).get("rule"));
      count += map(redaction).get("n") instanceof Long n ? n : 1;
    }
    if (count > 0) {
      numbers.put(Measure.REDACTIONS, count);
    }
  }

  /// A wall clock may have said anything; a time that is none is no time.
  private void time(@Nullable Object text) {
    if (text instanceof String t) {
      try {
        numbers.put(Measure.TIME, Clock.millis(t));
      } catch (DateTimeException | ArithmeticException e) {
        word(Field.FACT, "time=" + t);
      }
    }
  }

  private void word(Field field, @Nullable Object value) {
    if (value instanceof String text && !text.isEmpty()) {
      words.merge(
          field,
          List.of(text),
          (before, one) -> before.contains(text) ? before : and(before, text));
    }
  }

  private static List<String> and(List<String> before, String text) {
    List<String> more = new ArrayList<>(before);
    more.add(text);
    return more;
  }

  private void number(Measure measure, @Nullable Object value, long divisor) {
    if (value instanceof Long number && number >= 0) {
      numbers.put(measure, number / divisor);
    }
  }

  /// The first word of a field.
  @Nullable String first(Field field) {
    List<String> all = words.get(field);
    return all == null ? null : all.getFirst();
  }

  /// All words of a field in one text, for people.
  @Nullable String joined(Field field) {
    List<String> all = words.get(field);
    return all == null ? null : String.join("; ", all);
  }

  /// Facts of an event in one text.
  static String factsText(Leaf leaf) {
    Map<String, String> sorted = new LinkedHashMap<>();
    map(leaf.fields().get("f")).forEach((k, v) -> sorted.put(String.valueOf(k), String.valueOf(v)));
    return sorted.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(" "));
  }

  private static @Nullable String host(@Nullable String address) {
    if (address == null) {
      return null;
    }
    int colon = address.lastIndexOf(':');
    // A bare IPv6 address has several colons and no port.
    boolean port = colon > 0 && (address.indexOf(':') == colon || address.charAt(colon - 1) == ']');
    return port ? address.substring(0, colon) : address;
  }

  static @Nullable String string(@Nullable Object value) {
    return value instanceof String text ? text : null;
  }

  static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
