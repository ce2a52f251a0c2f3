package io.outrider.redaction;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Finds every place at which one of several known values stands, in one pass that looks at every
/// fourth place: wherever a value stands, one of its first four grams of four bytes begins there.
/// Used once.
final class Needles {
  /// The shortest value: its first four grams must lie in it.
  static final int LEAST = 8;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int STEP = 4;
  private static final int BITS = 15;
  private static final int MIX = 0x9e3779b1;

  private final byte[] text;
  private final int length;
  private final long[] filter = new long[1 << BITS - 6];

  /// Per gram the values it is in: start, stop, name, and how far from the start it is.
  private final Map<Integer, int[]> byGram = new HashMap<>();

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

  /// Adds the value in `[start, stop)`, at least [#LEAST] bytes; a value that is there already is
  /// not added again.
  void add(int start, int stop, int needle) {
    for (int offset = 0; offset < STEP; offset++) {
      int gram = (int) (long) LONGS.get(text, start + offset);
      int[] same = byGram.getOrDefault(gram, new int[0]);
      for (int i = 0; i < same.length; i += 4) {
        if (same[i + 3] == offset && Arrays.equals(text, same[i], same[i + 1], text, start, stop)) {
          return;
        }
      }
      int[] longer = Arrays.copyOf(same, same.length + 4);
      longer[same.length] = start;
      longer[same.length + 1] = stop;
      longer[same.length + 2] = needle;
      longer[same.length + 3] = offset;
      byGram.put(gram, longer);
      int hash = hash(gram);
      filter[hash >>> 6] |= 1L << hash;
    }
  }

  boolean isEmpty() {
    return byGram.isEmpty();
  }

  void find(Sink sink) {
    final byte[] t = text;
    final long[] f = filter;
    for (int at = 0; at < length; at += 2 * STEP) {
      long word = (long) LONGS.get(t, at);
      int first = hash((int) word);
      int second = hash((int) (word >>> 32));
      long hitFirst = f[first >>> 6] >>> first;
      long hitSecond = f[second >>> 6] >>> second;
      if (((hitFirst | hitSecond) & 1) != 0) {
        boolean goesOn = (hitFirst & 1) == 0 || look(at, (int) word, sink);
        if (!goesOn || ((hitSecond & 1) != 0 && !look(at + STEP, (int) (word >>> 32), sink))) {
          return;
        }
      }
    }
  }

  private boolean look(int at, int gram, Sink sink) {
    int[] candidates = byGram.get(gram);
    if (candidates == null) {
      return true;
    }
    for (int i = 0; i < candidates.length; i += 4) {
      int start = at - candidates[i + 3];
      int stop = start + candidates[i + 1] - candidates[i];
      if (start >= 0
          && start != candidates[i]
          && stop <= length
          && Arrays.equals(text, candidates[i], candidates[i + 1], text, start, stop)
          && !sink.found(candidates[i + 2], start, stop)) {
        return false;
      }
    }
    return true;
  }

  private static int hash(int gram) {
    return gram * MIX >>> 32 - BITS;
  }
}
