package io.outrider.redaction.match;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// A short text that is looked for with letters in either case, compared by words of eight bytes.
/// Immutable.
///
/// A byte beyond ASCII is taken for the one with its high bit cleared, as in [LiteralAutomaton].
public final class Literal {
  /// The longest: two words.
  public static final int MOST = 16;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final int length;

  /// What must be equal of the first word, after small letters were made of those that may be of
  /// either case.
  private final long value;

  private final long mask;
  private final long fold;
  private final long secondValue;
  private final long secondMask;
  private final long secondFold;

  /// @param text ASCII, at most [#MOST] long, in lower case but for the last letter: an upper-case
  ///   one stands for itself alone
  public Literal(String text) {
    if (text.isEmpty() || text.length() > MOST) {
      throw new IllegalArgumentException(
          "literal " + text + " (expected: from 1 to " + MOST + " letters)");
    }
    length = text.length();
    long[] words = new long[6];
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c > 0x7f) {
        throw new IllegalArgumentException("literal " + text + " (expected: ASCII)");
      }
      int word = 3 * (i >> 3);
      int shift = 8 * (i & 7);
      words[word] |= (long) c << shift;
      words[word + 1] |= 0x7fL << shift;
      words[word + 2] |= (c >= 'a' && c <= 'z' ? 0x20L : 0) << shift;
    }
    value = words[0];
    mask = words[1];
    fold = words[2];
    secondValue = words[3];
    secondMask = words[4];
    secondFold = words[5];
  }

  /// Writes its first eight letters: what must be equal, the mask of what counts, and what is
  /// folded before.
  void writeHead(long[] out, int at) {
    out[at] = value;
    out[at + 1] = mask;
    out[at + 2] = fold;
  }

  /// Number of letters.
  public int length() {
    return length;
  }

  /// Whether it stands at a place of a text that ends at `to` and has [GramFilter#SLACK] bytes
  /// more.
  public boolean isAt(byte[] text, int at, int to) {
    return at + length <= to
        && (((long) LONGS.get(text, at) | fold) & mask) == value
        && (length <= 8
            || (((long) LONGS.get(text, at + 8) | secondFold) & secondMask) == secondValue);
  }
}
