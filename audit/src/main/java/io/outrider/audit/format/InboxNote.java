package io.outrider.audit.format;

import io.outrider.audit.record.Event;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a command leaves for the writer of a log: an event to record, under a name of its own so
/// that it can be recognised when it comes twice.
///
/// One JSON object on one line: `ev`, `f`, `note`, `t`, as in a leaf.
public record InboxNote(String id, Event event) {

  /// The fact of a recorded event that holds the id of its note.
  public static final String NOTE = "note";

  /// The fact of a recorded event that says when its note was written.
  public static final String NOTED = "noted";

  /// Largest note: the facts of an event, every character escaped, and a little.
  public static final int MAX_BYTES = 6 * LeafEncoder.MAX_EVENT_TEXT + 1_024;

  private static final String SUFFIX = ".note";
  private static final String ID = "[0-9a-f]{12}-[0-9a-f]{16}";

  /// @throws IllegalArgumentException if no note may say this
  public InboxNote {
    if (!id.matches(ID)) {
      throw new IllegalArgumentException("note: id \"" + id + "\" (expected: " + ID + ")");
    }
    if (!event.kind().isNoted()) {
      throw new IllegalArgumentException(
          "note: event \"" + event.kind().slug() + "\" (expected: one that a command may record)");
    }
    int length =
        event.fields().entrySet().stream()
            .mapToInt(e -> e.getKey().length() + e.getValue().length())
            .sum();
    if (length > LeafEncoder.MAX_EVENT_TEXT) {
      throw new IllegalArgumentException(
          "note: facts of "
              + length
              + " characters (expected: at most "
              + LeafEncoder.MAX_EVENT_TEXT
              + ")");
    }
    int facts = event.fields().size();
    if (CustodyEvent.kind(event.kind().slug()).isPresent() && facts > CustodyEvent.MAX_FACTS) {
      throw new IllegalArgumentException(
          "note: " + facts + " facts (expected: at most " + CustodyEvent.MAX_FACTS + ")");
    }
  }

  /// An id that sorts by time.
  public static String id(Instant time, long random) {
    return String.format(
        Locale.ROOT, "%012x-%016x", time.toEpochMilli() & 0xffff_ffff_ffffL, random);
  }

  /// Name of the file in the inbox.
  public String fileName() {
    return id + SUFFIX;
  }

  /// The id in a file's name; empty if it is not the name of a note.
  public static Optional<String> id(String fileName) {
    if (!fileName.endsWith(SUFFIX)) {
      return Optional.empty();
    }
    String id = fileName.substring(0, fileName.length() - SUFFIX.length());
    return id.matches(ID) ? Optional.of(id) : Optional.empty();
  }

  /// The event as the writer records it.
  ///
  /// @param now the writer's time; the note may have waited
  public Event recorded(Instant now) {
    Map<String, String> facts = new TreeMap<>(event.fields());
    facts.put(NOTE, id);
    facts.put(NOTED, event.time().toString());
    return new Event(event.kind(), now, facts);
  }

  public byte[] bytes() {
    Bytes out = new Bytes(512);
    JsonWriter json = new JsonWriter(out);
    json.beginObject();
    json.key("ev");
    json.string(event.kind().slug());
    json.key("f");
    json.beginObject();
    event
        .fields()
        .forEach((key, value) -> {
          json.key(key);
          json.string(value);
        });
    json.endObject();
    json.key(NOTE);
    json.string(id);
    json.key("t");
    json.string(event.time().toString());
    json.endObject();
    out.put('\n');
    return out.toArray();
  }

  /// Reads a note.
  ///
  /// @throws FormatException if it is not one, or says what no note may say
  public static InboxNote parse(byte[] bytes) throws FormatException {
    Map<String, Object> fields = Leaf.fields("note", bytes);
    Map<String, String> facts = new LinkedHashMap<>();
    if (!(fields.get("f") instanceof Map<?, ?> given)) {
      throw new FormatException("note: f is missing (expected: an object)");
    }
    for (Map.Entry<?, ?> fact : given.entrySet()) {
      if (!(fact.getValue() instanceof String text)) {
        throw new FormatException("note: f." + fact.getKey() + " (expected: a string)");
      }
      facts.put(String.valueOf(fact.getKey()), text);
    }
    try {
      return new InboxNote(
          text(fields, NOTE),
          new Event(kind(text(fields, "ev")), Instant.parse(text(fields, "t")), facts));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new FormatException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String text(Map<String, Object> fields, String key) throws FormatException {
    if (fields.get(key) instanceof String text) {
      return text;
    }
    throw new FormatException("note: " + key + " is missing (expected: a string)");
  }

  private static Event.Kind kind(String slug) throws FormatException {
    for (Event.Kind kind : Event.Kind.values()) {
      if (kind.slug().equals(slug)) {
        return kind;
      }
    }
    throw new FormatException("note: event \"" + slug.strip() + "\" (expected: a known one)");
  }

  @Override
  public String toString() {
    return event.kind().slug() + " " + id + " " + event.fields().size() + " facts";
  }
}
