package io.outrider.audit.verify;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What completeness needs to know of a leaf.
///
/// @param event slug of an event; null for other kinds
record LeafScan(
    long version,
    long index,
    String kind,
    String boot,
    long monotonic,
    @Nullable String callId,
    OptionalLong intent,
    @Nullable String event,
    Leaf leaf) {

  static LeafScan of(byte[] bytes) throws FormatException {
    Leaf leaf = Leaf.parse(bytes);
    return new LeafScan(
        leaf.number("v").orElse(-1),
        leaf.index(),
        leaf.kind(),
        leaf.text("boot").orElse(""),
        leaf.number("m").orElse(-1),
        leaf.text("call").orElse(null),
        leaf.number("intent"),
        leaf.text("ev").orElse(null),
        leaf);
  }

  boolean isEvent(String slug) {
    return slug.equals(event);
  }

  Optional<String> call() {
    return Optional.ofNullable(callId);
  }
}
