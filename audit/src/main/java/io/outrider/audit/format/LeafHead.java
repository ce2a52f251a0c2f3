package io.outrider.audit.format;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What recovery must know of a leaf without reading all of it: whose call it is and whether it
/// opens or closes one.
///
/// Leaves are canonical, so the call id, if there is one, is the second field; and the key `k`
/// occurs once at the top.
public record LeafHead(String callId, boolean opens) {

  private static final byte[] CALL = "\"call\":\"".getBytes(StandardCharsets.US_ASCII);

  /// Where `"call":"` stands: after `{"boot":"` and 16 hex digits and `",`.
  private static final int CALL_OFFSET = 27;

  /// The head of an intent or outcome; empty for other kinds.
  public static Optional<LeafHead> of(byte[] leaf) throws FormatException {
    for (int i = 0; i < CALL.length; i++) {
      if (leaf.length <= CALL_OFFSET + i || leaf[CALL_OFFSET + i] != CALL[i]) {
        return Optional.empty();
      }
    }
    Leaf parsed = Leaf.parse(leaf);
    return switch (parsed.kind()) {
      case "intent" -> Optional.of(new LeafHead(parsed.text("call").orElseThrow(), true));
      case "outcome" -> Optional.of(new LeafHead(parsed.text("call").orElseThrow(), false));
      default -> Optional.empty();
    };
  }
}
