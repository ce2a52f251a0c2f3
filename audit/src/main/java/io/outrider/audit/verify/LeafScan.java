package io.outrider.audit.verify;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.record.Event;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A record that had to be taken apart: an event, or one that [LeafScanner] leaves to the parser.
record LeafScan(long index, Leaf leaf) {
  private static final Set<String> EVENTS =
      Arrays.stream(Event.Kind.values()).map(Event.Kind::slug).collect(Collectors.toSet());

  static LeafScan of(byte[] bytes) throws FormatException {
    return of(Leaf.parse(bytes));
  }

  static LeafScan of(Leaf leaf) {
    return new LeafScan(leaf.index(), leaf);
  }

  /// What is wrong with how it is written; empty if nothing is.
  Optional<String> form() {
    byte[] time = leaf.text("t").orElse("").getBytes(StandardCharsets.UTF_8);
    if (time.length != LeafScanner.TIME.length() || !LeafScanner.isTime(time, 0)) {
      return Optional.of(
          "time \""
              + SafeText.of(leaf.text("t").orElse(""), 60)
              + "\" (expected: RFC 3339, UTC, nine decimals)");
    }
    if (leaf.kind().equals("event")) {
      Optional<String> wrong = eventForm();
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return CanonicalLeaf.is(leaf.bytes(), leaf.fields())
        ? Optional.empty()
        : Optional.of(
            "is JSON that no Outrider writes (expected: sorted keys, no space, one spelling of each"
                + " character)");
  }

  private Optional<String> eventForm() {
    if (!EVENTS.contains(event())) {
      return Optional.of("unknown event \"" + SafeText.of(event(), 60) + "\"");
    }
    Object given = leaf.fields().getOrDefault("f", Map.of());
    return given instanceof Map<?, ?> facts
            && facts.values().stream().allMatch(String.class::isInstance)
        ? Optional.empty()
        : Optional.of("its facts are no texts (expected: f, an object of strings)");
  }

  /// A fact of an event; `null` as text if there is none.
  String fact(String name) {
    return leaf.fields().get("f") instanceof Map<?, ?> facts ? String.valueOf(facts.get(name)) : "";
  }

  /// Slug of an event; empty for other kinds.
  String event() {
    return leaf.text("ev").orElse("");
  }

  boolean isEvent(String slug) {
    return event().equals(slug);
  }
}
