package io.outrider.audit.verify;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import java.util.Map;

/// A record that had to be taken apart: an event, or one that [LeafScanner] leaves to the parser.
record LeafScan(long index, Leaf leaf) {

  static LeafScan of(byte[] bytes) throws FormatException {
    return of(Leaf.parse(bytes));
  }

  static LeafScan of(Leaf leaf) {
    return new LeafScan(leaf.index(), leaf);
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
