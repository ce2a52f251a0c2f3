package io.outrider.redaction.match;

import java.util.List;

/// An immutable set of bytes.
public final class ByteSet {
  /// No byte.
  public static final ByteSet NONE = new ByteSet(new long[4]);

  /// Every byte.
  public static final ByteSet ALL = new ByteSet(new long[] {-1, -1, -1, -1});

  /// What may stand before a letter, a digit or a low line at the edge of a word. In UTF-8 that is
  /// no byte that begins a character of several.
  public static final ByteSet NOT_IN_WORD = notInWord();

  /// The end of a line.
  public static final ByteSet NEWLINE = new ByteSet(new long[] {1L << '\n', 0, 0, 0});

  private final long[] bits;

  ByteSet(long[] bits) {
    this.bits = bits;
  }

  /// Every byte that a match of these parts can hold.
  static ByteSet of(List<Node> parts, int from, int to) {
    var builder = new Builder();
    for (int i = from; i < to; i++) {
      parts.get(i).addBytes(builder);
    }
    return builder.build();
  }

  /// Every byte that a match of these parts can begin with.
  static ByteSet first(List<Node> parts) {
    var builder = new Builder();
    for (Node part : parts) {
      part.addFirst(builder);
      if (part.minBytes() > 0) {
        break;
      }
    }
    return builder.build();
  }

  private static ByteSet notInWord() {
    long[] bits = {-1, -1, -1, 0};
    for (int b = 0; b < 0x80; b++) {
      if (LazyDfa.isWord(b)) {
        bits[b >>> 6] &= ~(1L << b);
      }
    }
    return new ByteSet(bits);
  }

  /// The bytes of either.
  public ByteSet or(ByteSet other) {
    long[] all = bits.clone();
    for (int i = 0; i < all.length; i++) {
      all[i] |= other.bits[i];
    }
    return new ByteSet(all);
  }

  /// The set as [GramFilter] sees it: a bit for each of the bytes that are alike to it.
  long folded() {
    return folded(bits[0] | bits[2]) | folded(bits[1] | bits[3]) << 32;
  }

  private static long folded(long half) {
    return (half | half >>> 32) & 0xffffffffL;
  }

  /// Whether a byte is in the set.
  public boolean has(byte b) {
    return (bits[(b & 0xff) >>> 6] >>> b & 1) != 0;
  }

  /// Whether all bytes of the set are in another.
  boolean isWithin(ByteSet other) {
    for (int i = 0; i < bits.length; i++) {
      if ((bits[i] & ~other.bits[i]) != 0) {
        return false;
      }
    }
    return true;
  }

  /// The bytes that are in it by a table.
  static ByteSet of(boolean[] members) {
    long[] bits = new long[4];
    for (int b = 0; b < members.length; b++) {
      bits[b >>> 6] |= members[b] ? 1L << b : 0;
    }
    return new ByteSet(bits);
  }

  /// Collects bytes. Characters beyond ASCII stand for every byte that UTF-8 may write them with.
  static final class Builder {
    private final long[] bits = new long[4];

    void add(CharSet set) {
      int[] ranges = set.ranges();
      for (int i = 0; i < ranges.length; i += 2) {
        int first = ranges[i];
        int last = Math.min(ranges[i + 1], 0x7f);
        if (first < 0x40 && first <= last) {
          bits[0] |= (-1L << first) & (-1L >>> (63 - Math.min(last, 0x3f)));
        }
        if (last >= 0x40 && first <= last) {
          bits[1] |= (-1L << Math.max(first, 0x40)) & (-1L >>> (127 - last));
        }
        if (ranges[i + 1] > 0x7f) {
          bits[2] = -1;
          bits[3] = -1;
        }
      }
    }

    ByteSet build() {
      return new ByteSet(bits);
    }
  }
}
