package io.outrider.redaction;

import io.outrider.redaction.check.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds every place at which one of several known values stands, in one pass that looks at every
/// fourth place: wherever a value stands, one of any four grams of four bytes in a row begins
/// there. Which four is chosen for each value, so that few places have them that are not the value.
/// Used once.
final class Needles {
  /// The shortest value: four grams must lie in it.
  static final int LEAST = 8;

  /// Grams from which the four are chosen. Of texts made to be slow each may have to be asked for.
  private static final int MOST_GRAMS = 16;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int STEP = 4;
  private static final int BITS = 15;
  private static final int MIX = 0x9e3779b1;

  private final byte[] text;
  private final int length;
  private final long[] filter = new long[1 << BITS - 6];

  /// Per gram how far from the start of a value it is, a bit for each distance.
  private final Map<Integer, Integer> offsets = new HashMap<>();

  /// The values: start, stop, name, and the first of their four grams. Each once and in the order
  /// of their bytes when they are looked for.
  private final List<int[]> values = new ArrayList<>();

  /// Takes what is found, and says whether to go on.
  @FunctionalInterface
  interface Sink {
    boolean found(int needle, int start, int stop);
  }

  /// @param text has eight bytes more than `length`, whatever they are
  Needles(byte[] text, int length) {
    this.text = text;
    this.length = length;
  }

  /// Adds the value in `[start, stop)`, at least [#LEAST] bytes; of equal values only the first is
  /// looked for.
  void add(int start, int stop, int needle) {
    int first = rarest(start, stop);
    values.add(new int[] {start, stop, needle, first});
    for (int offset = first; offset < first + STEP; offset++) {
      int gram = (int) (long) LONGS.get(text, start + offset);
      offsets.merge(gram, 1 << offset, (one, other) -> one | other);
      int hash = hash(gram);
      filter[hash >>> 6] |= 1L << hash;
    }
  }

  /// The first of four grams none of which other texts have often.
  private int rarest(int start, int stop) {
    int last = Math.min(stop - start - LEAST + 1, MOST_GRAMS - STEP);
    int rarest = 0;
    int most = -1;
    for (int first = 0; first <= last; first++) {
      int least = Integer.MAX_VALUE;
      for (int gram = start + first; gram < start + first + STEP; gram++) {
        int sum = 0;
        for (int i = gram; i < gram + STEP; i++) {
          sum += rarity(text[i]);
        }
        least = Math.min(least, sum);
      }
      if (least > most) {
        most = least;
        rarest = first;
      }
    }
    return rarest;
  }

  /// How seldom a byte is in prose and source code.
  private static int rarity(byte b) {
    if (b == '@') {
      return 4;
    }
    return b == ' ' || (b >= 'a' && b <= 'z') ? 0 : Bytes.isAlphanumeric(b) ? 2 : 1;
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  void find(Sink sink) {
    List<int[]> sorted = sorted();
    int[] beginnings = beginnings(sorted);
    final byte[] t = text;
    final long[] f = filter;
    for (int at = 0; at < length; at += 2 * STEP) {
      long word = (long) LONGS.get(t, at);
      int first = hash((int) word);
      int second = hash((int) (word >>> 32));
      long hitFirst = f[first >>> 6] >>> first;
      long hitSecond = f[second >>> 6] >>> second;
      if (((hitFirst | hitSecond) & 1) != 0) {
        boolean goesOn = (hitFirst & 1) == 0 || look(at, (int) word, sorted, beginnings, sink);
        if (!goesOn
            || ((hitSecond & 1) != 0
                && !look(at + STEP, (int) (word >>> 32), sorted, beginnings, sink))) {
          return;
        }
      }
    }
  }

  private List<int[]> sorted() {
    values.sort(
        (one, other) -> Arrays.compareUnsigned(text, one[0], one[1], text, other[0], other[1]));
    List<int[]> unique = new ArrayList<>(values.size());
    for (int[] value : values) {
      int[] last = unique.isEmpty() ? null : unique.getLast();
      if (last == null || !Arrays.equals(text, last[0], last[1], text, value[0], value[1])) {
        unique.add(value);
      }
    }
    return unique;
  }

  /// Per value the longest other one that it begins with, or -1.
  private int[] beginnings(List<int[]> sorted) {
    int[] beginnings = new int[sorted.size()];
    for (int i = 0; i < beginnings.length; i++) {
      int before = i - 1;
      while (before >= 0 && !isAt(sorted.get(before), sorted.get(i)[0], sorted.get(i)[1])) {
        before = beginnings[before];
      }
      beginnings[i] = before;
    }
    return beginnings;
  }

  private boolean isAt(int[] value, int start, int limit) {
    int stop = start + value[1] - value[0];
    return stop <= limit && Arrays.equals(text, value[0], value[1], text, start, stop);
  }

  /// Looks where a gram stands. Many values may share it, so they are not tried one by one: those
  /// that stand at a place are the last one not after the text there, or what that begins with.
  private boolean look(int at, int gram, List<int[]> sorted, int[] beginnings, Sink sink) {
    for (int some = offsets.getOrDefault(gram, 0); some != 0; some &= some - 1) {
      int offset = Integer.numberOfTrailingZeros(some);
      int start = at - offset;
      if (start < 0 || start >= length) {
        continue;
      }
      for (int i = lastNotAfter(start, sorted); i >= 0; i = beginnings[i]) {
        int[] value = sorted.get(i);
        boolean here = offset >= value[3] && offset < value[3] + STEP;
        if (here
            && start != value[0]
            && isAt(value, start, length)
            && !sink.found(value[2], start, start + value[1] - value[0])) {
          return false;
        }
      }
    }
    return true;
  }

  /// The last value that does not come after the rest of the text, in the order of bytes; or -1.
  private int lastNotAfter(int start, List<int[]> sorted) {
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int[] value = sorted.get(middle);
      if (Arrays.compareUnsigned(text, value[0], value[1], text, start, length) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private static int hash(int gram) {
    return gram * MIX >>> 32 - BITS;
  }
}
