package io.outrider.audit.verify;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What completeness needs to know of a leaf.
///
/// @param out how a call ended; null where it is not said
/// @param event slug of an event; null for other kinds
/// @param parsed the leaf, if it had to be taken apart, as that of an event always is
record LeafScan(
    long version,
    long index,
    String kind,
    String boot,
    long monotonic,
    @Nullable String callId,
    OptionalLong intent,
    @Nullable String out,
    @Nullable String event,
    byte[] bytes,
    @Nullable Leaf parsed) {

  static LeafScan of(byte[] bytes) throws FormatException {
    Optional<LeafScan> quick = LeafScanner.scan(bytes);
    return quick.isPresent() ? quick.get() : parsed(bytes);
  }

  /// The same by a full parse.
  static LeafScan parsed(byte[] bytes) throws FormatException {
    Leaf leaf = Leaf.parse(bytes);
    return new LeafScan(
        leaf.number("v").orElse(-1),
        leaf.index(),
        leaf.kind(),
        leaf.text("boot").orElse(""),
        leaf.number("m").orElse(-1),
        leaf.text("call").orElse(null),
        leaf.number("intent"),
        leaf.text("out").orElse(null),
        leaf.text("ev").orElse(null),
        bytes,
        leaf);
  }

  boolean isEvent(String slug) {
    return slug.equals(event);
  }

  Optional<String> call() {
    return Optional.ofNullable(callId);
  }

  /// All fields.
  Leaf leaf() {
    if (parsed != null) {
      return parsed;
    }
    try {
      return Leaf.parse(bytes);
    } catch (FormatException e) {
      throw new IllegalStateException("a leaf that was scanned cannot be parsed", e);
    }
  }

  /// The line with each byte as a character: enough to look for ASCII in it, and quick.
  String latin() {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
