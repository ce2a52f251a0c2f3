package io.outrider.redaction.match;

import java.util.List;

/// An immutable set of bytes.
public final class ByteSet {
  /// No byte.
  public static final ByteSet NONE = new ByteSet(new long[4]);

  private final long[] bits;

  private ByteSet(long[] bits) {
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
