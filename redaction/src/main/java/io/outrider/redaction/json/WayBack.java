package io.outrider.redaction.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Leads from a decoded byte of a string back to the bytes it came from, by going through the
/// string again. Most messages have few finds or none, and so need no map of all. What is asked in
/// the order of the text is found in one walk. Reusable, not thread-safe.
final class WayBack {
  private static final int WORD = 8;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long PAIRS = 0x00ff00ff00ff00ffL;

  /// Bytes that are walked at once where all escapes are short.
  private static final int BLOCK = 64 * WORD;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// Steps of eight bytes that one message may cost before a map is cheaper.
  private static final int FEWEST_STEPS = 1 << 10;

  private int string = -1;
  private int position;
  private int raw;
  private long steps;

  /// Begins with a new message.
  void reset() {
    string = -1;
    steps = 0;
  }

  /// Whether so many walks back and forth were made that a map would have been cheaper.
  boolean isLost(int size) {
    return steps > FEWEST_STEPS + size / WORD * 2L;
  }

  /// Walks to the byte or the escape that a decoded byte came from.
  ///
  /// @param source the message, whose string is known to be valid
  /// @param entry the number of the string
  /// @param textStart where its decoded text begins
  /// @param rawStart where it begins in the message
  void walk(byte[] source, int entry, int textStart, int rawStart, int place) {
    int wanted = place;
    int at = textStart;
    int from = rawStart;
    if (entry == string && place >= position) {
      at = position;
      from = raw;
    }
    int begun = at;
    while (at < wanted) {
      if (wanted - at > BLOCK && !hasLongEscape(source, from)) {
        // An escape of two bytes becomes one, and the last may reach out of the block.
        int block = BLOCK + (source[from + BLOCK - 1] == '\\' ? 1 : 0);
        at += block - escapes(source, from);
        from += block;
        continue;
      }
      int limit = Math.min(wanted, at + BLOCK);
      while (at < limit) {
        int plain = at + WORD <= limit ? plain(source, from) : 0;
        at += plain;
        from += plain;
        if (plain < WORD) {
          int decoded = decoded(source, from);
          if (at + decoded > wanted) {
            wanted = at;
            break;
          }
          at += decoded;
          from = after(source, from);
        }
      }
    }
    steps += (at - begun) / WORD + 1;
    string = entry;
    position = at;
    raw = from;
  }

  /// Bytes before the next escape in the eight from a place on.
  private static int plain(byte[] source, int from) {
    long slash = (long) LONGS.get(source, from) ^ ONES * '\\';
    return Long.numberOfTrailingZeros((slash - ONES) & ~slash & HIGHS) >>> 3;
  }

  /// Whether any escape in a block is longer than two bytes or a backslash itself. Like the next, a
  /// loop that the compiler turns into vector instructions.
  private static boolean hasLongEscape(byte[] source, int from) {
    long some = 0;
    for (int i = from; i < from + BLOCK; i += WORD) {
      long next = (long) LONGS.get(source, i + 1);
      some |= equal((long) LONGS.get(source, i), '\\') & (equal(next, '\\') | equal(next, 'u'));
    }
    return some != 0;
  }

  /// Backslashes in a block.
  private static int escapes(byte[] source, int from) {
    long sums = 0;
    for (int i = from; i < from + BLOCK; i += WORD) {
      sums += equal((long) LONGS.get(source, i), '\\') >>> 7;
    }
    // Eight sums of a byte each, added up in pairs first because they may be too many for one.
    long pairs = (sums & PAIRS) + ((sums >>> 8) & PAIRS);
    return (int) ((pairs * (PAIRS & ONES)) >>> 48);
  }

  private static long equal(long word, int character) {
    return ~(((word | HIGHS) ^ ONES * character) - ONES) & ~word & HIGHS;
  }

  /// The first byte of what the last walk led to.
  int start() {
    return raw;
  }

  /// One past the last byte of what the last walk led to.
  int end(byte[] source) {
    return after(source, raw);
  }

  /// One past a byte or an escape.
  private static int after(byte[] source, int from) {
    if (source[from] != '\\') {
      return from + 1;
    }
    if (source[from + 1] != 'u') {
      return from + 2;
    }
    return isPair(source, from) ? from + 12 : from + 6;
  }

  /// How many bytes a byte or an escape becomes.
  private static int decoded(byte[] source, int from) {
    if (source[from] != '\\' || source[from + 1] != 'u') {
      return 1;
    }
    int c = hex(source, from + 2);
    if (isPair(source, from)) {
      return 4;
    }
    return c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
  }

  private static boolean isPair(byte[] source, int from) {
    return Character.isHighSurrogate((char) hex(source, from + 2))
        && source[from + 6] == '\\'
        && source[from + 7] == 'u'
        && Character.isLowSurrogate((char) hex(source, from + 8));
  }

  private static int hex(byte[] source, int at) {
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      value = value << 4 | Character.digit(source[i], 16);
    }
    return value;
  }
}
