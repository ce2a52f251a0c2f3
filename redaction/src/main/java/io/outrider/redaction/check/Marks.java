package io.outrider.redaction.check;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The places that personal data is found by: where digits begin, colons, and at signs. One look
/// through a text serves all that look for such data. Reusable, not thread-safe.
public final class Marks {
  private static final int WORD = 8;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private int[] places = new int[64];
  private int size;

  /// Finds all marks in `[from, to)`. A digit at `from` begins a number, whatever is before it.
  ///
  /// @param text has eight bytes after `to`, whatever they are
  public void find(byte[] text, int from, int to) {
    size = 0;
    if (places.length > Math.max(1 << 12, to - from >>> 2)) {
      places = new int[64];
    }
    long digitBefore = 0;
    for (int at = from; at < to; at += WORD) {
      long word = (long) LONGS.get(text, at);
      long ascii = word | HIGHS;
      long fromZero = ascii - ONES * '0';
      long digits = fromZero & ~(ascii - ONES * (':')) & ~word & HIGHS;
      long colons = fromZero & ~(ascii - ONES * (';')) & ~digits & ~word & HIGHS;
      long sign = ascii ^ ONES * ('@' | 0x80);
      long signs = ~((sign | HIGHS) - ONES) & HIGHS & ~word;
      long begins = digits & ~(digits << WORD | digitBefore);
      digitBefore = digits >>> 56 & 0x80;
      for (long marks = begins | colons | signs; marks != 0; marks &= marks - 1) {
        add(at + (Long.numberOfTrailingZeros(marks) >>> 3));
      }
    }
    while (size > 0 && places[size - 1] >= to) {
      size--;
    }
  }

  private void add(int place) {
    if (size == places.length) {
      places = Arrays.copyOf(places, 2 * size);
    }
    places[size++] = place;
  }

  /// Number of marks.
  public int size() {
    return size;
  }

  /// Where a mark is.
  public int place(int mark) {
    return places[mark];
  }
}
