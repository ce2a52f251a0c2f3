package io.outrider.audit.format;

import io.outrider.audit.record.Event;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// An event by which a person changed what the log keeps, or forbade that: hold, release, redact,
/// prune.
///
/// `state/custody` lists all of a log, a line for each, so that nobody has to read the whole log to
/// know its holds. The list follows from the log; the log decides.
///
/// @param index the record of the event
/// @param facts its `f`
public record CustodyEvent(long index, Event.Kind kind, Map<String, String> facts) {

  /// Where the list lies.
  public static final String FILE = "state/custody";

  // Facts. `FIRST` and `LAST` bound a hold, both inclusive.
  public static final String FIRST = "from";
  public static final String LAST = "to";
  public static final String HOLD = "hold";
  public static final String RECORD = "record";
  public static final String FIELD = "field";
  public static final String MINIMUM = "minimum";
  public static final String REASON = "reason";
  public static final String BY = "by";
  public static final String SECOND = "second";

  /// Why the writer did not do what was asked; absent if it did.
  public static final String REFUSED = "refused";

  /// Most facts of a note about custody. With as many, and those the writer adds, no fact is left
  /// out of the record, least of all that it was refused.
  static final int MAX_FACTS = 20;

  public CustodyEvent {
    facts = Map.copyOf(facts);
  }

  /// The event as its record tells it: a leaf cuts what is too long, and the list must say what the
  /// log says.
  public static CustodyEvent recorded(Event event, long index) {
    LeafEncoder encoder = new LeafEncoder(0, 0);
    encoder.encode(event, index, 0, -1);
    try {
      return of(Leaf.parse(Arrays.copyOf(encoder.leaf(), encoder.leafLength())))
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "event \"" + event.kind().slug() + "\" (expected: one about custody)"));
    } catch (FormatException e) {
      throw new IllegalStateException("a leaf of our own cannot be read", e);
    }
  }

  /// Why a record would not hold the whole of these facts; empty if it does.
  public static Optional<String> excess(Map<String, String> facts) {
    for (Map.Entry<String, String> fact : facts.entrySet()) {
      int name = fact.getKey().length();
      if (name > LeafEncoder.MAX_KEY) {
        return Optional.of(
            "a fact's name of "
                + name
                + " characters (expected: at most "
                + LeafEncoder.MAX_KEY
                + ")");
      }
      Bytes out = new Bytes(256);
      new JsonWriter(out).string(fact.getValue());
      int length = out.length() - 2; // without its quotes
      if (length > LeafEncoder.MAX_FIELD) {
        return Optional.of(
            fact.getKey()
                + ": "
                + length
                + " bytes (expected: at most "
                + LeafEncoder.MAX_FIELD
                + ", as UTF-8 in JSON)");
      }
    }
    return Optional.empty();
  }

  /// The kinds that are custody.
  public static Optional<Event.Kind> kind(String slug) {
    return switch (slug) {
      case "hold" -> Optional.of(Event.Kind.HOLD);
      case "release" -> Optional.of(Event.Kind.RELEASE);
      case "redact" -> Optional.of(Event.Kind.REDACT);
      case "prune" -> Optional.of(Event.Kind.PRUNE);
      default -> Optional.empty();
    };
  }

  /// The event a leaf holds, if it is custody.
  public static Optional<CustodyEvent> of(Leaf leaf) {
    return of(leaf.fields());
  }

  private static Optional<CustodyEvent> of(Map<String, Object> fields) {
    if (!(fields.get("ev") instanceof String slug)
        || !(fields.get("i") instanceof Long index)
        || !(fields.get("f") instanceof Map<?, ?> given)) {
      return Optional.empty();
    }
    Map<String, String> facts = new TreeMap<>();
    given.forEach((key, value) -> facts.put(String.valueOf(key), String.valueOf(value)));
    return kind(slug).map(kind -> new CustodyEvent(index, kind, facts));
  }

  /// Whether the writer did what was asked.
  public boolean wasDone() {
    return !facts.containsKey(REFUSED);
  }

  /// A fact that is a record's number.
  public OptionalLong number(String fact) {
    String text = facts.getOrDefault(fact, "");
    return text.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  /// The lines of a list.
  public static byte[] list(List<CustodyEvent> events) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (CustodyEvent event : events) {
      Bytes out = new Bytes(256);
      JsonWriter json = new JsonWriter(out);
      json.beginObject();
      json.key("ev");
      json.string(event.kind.slug());
      json.key("f");
      json.beginObject();
      new TreeMap<>(event.facts)
          .forEach((key, value) -> {
            json.key(key);
            json.string(value);
          });
      json.endObject();
      json.key("i");
      json.number(event.index);
      json.endObject();
      out.put('\n');
      lines.writeBytes(out.toArray());
    }
    return lines.toByteArray();
  }

  /// Reads a list.
  ///
  /// @throws FormatException if a line is not one of a list
  public static List<CustodyEvent> parse(byte[] list) throws FormatException {
    List<CustodyEvent> events = new ArrayList<>();
    for (String line : new String(list, StandardCharsets.UTF_8).lines().toList()) {
      events.add(
          of(Leaf.fields(FILE, line.getBytes(StandardCharsets.UTF_8)))
              .orElseThrow(() -> new FormatException(FILE + ": a line without ev, f and i")));
    }
    return events;
  }
}
