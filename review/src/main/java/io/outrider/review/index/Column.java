package io.outrider.review.index;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// One number for each position of a block, or none. Kept in as few bytes for each as the largest
/// difference needs. Not thread-safe.
final class Column {
  static final long NONE = Long.MIN_VALUE;

  private static final int HEADER = 1 + Long.BYTES + Short.BYTES;

  private final long[] values = new long[Bits.BLOCK];

  Column() {
    Arrays.fill(values, NONE);
  }

  long get(int position) {
    return values[position];
  }

  void set(int position, long value) {
    values[position] = value;
  }

  /// Adds to the number there, if there is one.
  void increase(int position, long by) {
    values[position] = values[position] == NONE ? by : values[position] + by;
  }

  /// The smallest number; the largest `long` if there is none.
  long low() {
    long low = Long.MAX_VALUE;
    for (long value : values) {
      if (value != NONE) {
        low = Math.min(low, value);
      }
    }
    return low;
  }

  /// The largest number; [#NONE] if there is none.
  long high() {
    long high = NONE;
    for (long value : values) {
      high = Math.max(high, value);
    }
    return high;
  }

  /// Adds the positions among `candidates` whose number lies in the range to `kept`.
  void keepBetween(long low, long high, Bits candidates, Bits kept) {
    for (int i = candidates.next(0); i >= 0; i = candidates.next(i + 1)) {
      if (values[i] != NONE && values[i] >= low && values[i] <= high) {
        kept.set(i);
      }
    }
  }

  /// Empty if no position has a number.
  byte[] encode() {
    long low = low();
    long high = high();
    int end = values.length;
    while (end > 0 && values[end - 1] == NONE) {
      end--;
    }
    if (end == 0) {
      return new byte[0];
    }
    int width = width(high - low + 1);
    ByteBuffer out = ByteBuffer.allocate(HEADER + end * width);
    out.put((byte) width).putLong(low).putShort((short) (end - 1));
    for (int i = 0; i < end; i++) {
      long stored = values[i] == NONE ? 0 : values[i] - low + 1;
      switch (width) {
        case 1 -> out.put((byte) stored);
        case 2 -> out.putShort((short) stored);
        case 4 -> out.putInt((int) stored);
        default -> out.putLong(stored);
      }
    }
    return out.array();
  }

  private static int width(long largest) {
    if (largest < 0) {
      return 8;
    }
    return largest <= 0xff ? 1 : largest <= 0xffff ? 2 : largest <= 0xffff_ffffL ? 4 : 8;
  }

  static Column decode(byte[] encoded) throws DamagedIndexException {
    Column column = new Column();
    if (encoded.length == 0) {
      return column;
    }
    ByteBuffer in = ByteBuffer.wrap(encoded);
    if (in.remaining() < HEADER) {
      throw new DamagedIndexException("a column of " + encoded.length + " bytes");
    }
    int width = in.get();
    long low = in.getLong();
    int end = (in.getShort() & 0xffff) + 1;
    if (end > Bits.BLOCK || in.remaining() != (long) end * width) {
      throw new DamagedIndexException("a column of " + encoded.length + " bytes");
    }
    for (int i = 0; i < end; i++) {
      long stored =
          switch (width) {
            case 1 -> in.get() & 0xffL;
            case 2 -> in.getShort() & 0xffffL;
            case 4 -> in.getInt() & 0xffff_ffffL;
            default -> in.getLong();
          };
      column.values[i] = stored == 0 ? NONE : stored + low - 1;
    }
    return column;
  }
}
