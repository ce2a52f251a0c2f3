package io.outrider.audit.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// What recovery must know of a leaf without reading all of it: whose call it is and whether it
/// opens or closes one.
///
/// Leaves are canonical, so the call id, if there is one, is the second field; and the key `k`
/// occurs once at the top.
public record LeafHead(String callId, boolean opens) {

  private static final byte[] CALL = ascii("\"call\":\"");
  private static final byte[] KIND = ascii("\"k\":\"");
  private static final byte[] INTENT = ascii("intent\"");
  private static final byte[] OUTCOME = ascii("outcome\"");

  /// Where `"call":"` stands: after `{"boot":"` and 16 hex digits and `",`.
  private static final int CALL_OFFSET = 27;

  /// The head of an intent or outcome; empty for other kinds.
  public static Optional<LeafHead> of(byte[] leaf) throws FormatException {
    return of(leaf, leaf.length);
  }

  /// The same, of the first `length` bytes of `leaf`.
  public static Optional<LeafHead> of(byte[] leaf, int length) throws FormatException {
    if (!standsAt(leaf, length, CALL_OFFSET, CALL)) {
      return Optional.empty();
    }
    int from = CALL_OFFSET + CALL.length;
    int to = from;
    while (to < length && leaf[to] != '"') {
      to++;
    }
    int kind = kind(leaf, length, to + 1);
    if (kind < 0) {
      // Not as we write it, so it is for the parser to say what is wrong.
      return of(Leaf.parse(Arrays.copyOf(leaf, length)));
    }
    boolean opens = standsAt(leaf, length, kind, INTENT);
    return opens || standsAt(leaf, length, kind, OUTCOME)
        ? Optional.of(
            new LeafHead(new String(leaf, from, to - from, StandardCharsets.US_ASCII), opens))
        : Optional.empty();
  }

  private static Optional<LeafHead> of(Leaf parsed) {
    return switch (parsed.kind()) {
      case "intent" -> Optional.of(new LeafHead(parsed.text("call").orElseThrow(), true));
      case "outcome" -> Optional.of(new LeafHead(parsed.text("call").orElseThrow(), false));
      default -> Optional.empty();
    };
  }

  /// Where the value of the top-level key `k` begins, behind its quote; -1 if there is none.
  private static int kind(byte[] leaf, int length, int from) {
    int depth = 1;
    for (int at = from; at < length; at++) {
      switch (leaf[at]) {
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        case '"' -> {
          // At the top, what follows a comma is a key.
          if (depth == 1 && leaf[at - 1] == ',' && standsAt(leaf, length, at, KIND)) {
            return at + KIND.length;
          }
          at = endOfString(leaf, length, at + 1);
        }
        default -> {}
      }
    }
    return -1;
  }

  private static int endOfString(byte[] leaf, int length, int from) {
    int at = from;
    while (at < length && leaf[at] != '"') {
      at += leaf[at] == '\\' ? 2 : 1;
    }
    return at;
  }

  private static boolean standsAt(byte[] leaf, int length, int at, byte[] text) {
    int end = at + text.length;
    return end <= length && Arrays.equals(leaf, at, end, text, 0, text.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
