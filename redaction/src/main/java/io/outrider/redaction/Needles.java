package io.outrider.redaction;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Finds every place at which one of several known values stands, in one pass: their first eight
/// bytes are a number that is looked up at each position. Used once.
final class Needles {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int BLOOM_BITS = 1 << 14;

  /// Which values begin with a byte, and which have a byte next, as one bit for every eighth value.
  private final byte[] firsts = new byte[256];

  private final byte[] seconds = new byte[256];

  private final byte[] text;
  private final int length;
  private final long[] bloom = new long[BLOOM_BITS / 64];

  /// Number of the first eight bytes to starts, stops and names.
  private final Map<Long, int[]> byHead = new HashMap<>();

  /// Takes what is found, and says whether to go on.
  @FunctionalInterface
  interface Sink {
    boolean found(int needle, int start, int stop);
  }

  Needles(byte[] text, int length) {
    this.text = text;
    this.length = length;
  }

  /// Adds the value in `[start, stop)`, at least eight bytes; a value that is there already is not
  /// added again.
  void add(int start, int stop, int needle) {
    long head = (long) LONGS.get(text, start);
    int[] same = byHead.getOrDefault(head, new int[0]);
    for (int i = 0; i < same.length; i += 3) {
      if (Arrays.equals(text, same[i], same[i + 1], text, start, stop)) {
        return;
      }
    }
    int[] longer = Arrays.copyOf(same, same.length + 3);
    longer[same.length] = start;
    longer[same.length + 1] = stop;
    longer[same.length + 2] = needle;
    byHead.put(head, longer);
    int bit = hash(head);
    bloom[bit >>> 6] |= 1L << bit;
    firsts[text[start] & 0xff] |= (byte) (1 << (needle & 7));
    seconds[text[start + 1] & 0xff] |= (byte) (1 << (needle & 7));
  }

  boolean isEmpty() {
    return byHead.isEmpty();
  }

  void find(Sink sink) {
    final byte[] t = text;
    for (int at = 0; at + 8 <= length; at++) {
      if ((firsts[t[at] & 0xff] & seconds[t[at + 1] & 0xff]) == 0) {
        continue;
      }
      long head = (long) LONGS.get(text, at);
      int bit = hash(head);
      if ((bloom[bit >>> 6] >>> bit & 1) == 0) {
        continue;
      }
      int[] candidates = byHead.get(head);
      if (candidates == null) {
        continue;
      }
      for (int i = 0; i < candidates.length; i += 3) {
        int stop = at + candidates[i + 1] - candidates[i];
        if (at != candidates[i]
            && stop <= length
            && Arrays.equals(text, candidates[i], candidates[i + 1], text, at, stop)
            && !sink.found(candidates[i + 2], at, stop)) {
          return;
        }
      }
    }
  }

  private static int hash(long head) {
    return (int) (head * 0x9e3779b97f4a7c15L >>> 50);
  }
}
