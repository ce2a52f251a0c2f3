package io.outrider.redaction.match;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Long runs of bytes that join: letters, digits, and the signs that tokens are made of. Prose has
/// few, and most secrets are one, so a rule whose matches all have one need not be asked anywhere
/// else. Reusable, not thread-safe.
public final class Runs {
  /// The shortest run that counts.
  public static final int LEAST = 16;

  /// The first byte that joins: white space, quotes and round brackets are below.
  private static final int FIRST = '+';

  private static final boolean[] JOINS = new boolean[256];

  static {
    for (int b = 0; b < JOINS.length; b++) {
      JOINS[b] = isJoining(b);
    }
  }

  private static final ByteSet JOINING = ByteSet.of(JOINS);

  private static final int WORD = 8;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private int[] starts = new int[32];
  private int[] stops = new int[32];
  private int size;

  /// Where percent signs stand; none is in a run.
  private int[] percents = new int[16];

  private int percentCount;

  private static boolean isJoining(int b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '-' && b <= '9')
        || b == FIRST
        || b == '='
        || b == '_'
        || b == '~';
  }

  static boolean consistOf(ByteSet set) {
    return set.isWithin(JOINING);
  }

  /// Finds all runs in `[from, to)`, and percent signs. The text must have [GramFilter#SLACK] bytes
  /// more.
  public void find(byte[] text, int from, int to) {
    size = 0;
    percentCount = 0;
    shrink(to - from);
    // Without a branch that could be mispredicted, but for runs: the bytes before a word that may
    // belong to one are counted.
    int before = 0;
    int at = from;
    for (; at < to; at += WORD) {
      long word = (long) LONGS.get(text, at);
      long breaks = ~((word | HIGHS) - ONES * FIRST | word) & HIGHS;
      long percent = word ^ ONES * '%';
      if (((percent - ONES) & ~percent & HIGHS) != 0) {
        percents(text, at, Math.min(to, at + WORD));
      }
      int here = Long.numberOfTrailingZeros(breaks) >>> 3;
      if (before + here >= LEAST && breaks != 0) {
        runs(text, at - before, Math.min(to, at + here));
      }
      int unbroken = (int) ((breaks | -breaks) >> 63);
      before = (before & ~unbroken) + (Long.numberOfLeadingZeros(breaks) >>> 3);
    }
    if (before >= LEAST) {
      runs(text, at - before, to);
    }
  }

  private void shrink(int length) {
    int keep = Math.max(1 << 12, length >>> 3);
    if (starts.length > keep) {
      starts = new int[32];
      stops = new int[32];
    }
    if (percents.length > keep) {
      percents = new int[16];
    }
  }

  private void percents(byte[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text[i] == '%') {
        if (percentCount == percents.length) {
          percents = Arrays.copyOf(percents, 2 * percentCount);
        }
        percents[percentCount++] = i;
      }
    }
  }

  /// Adds the runs in a stretch of bytes none of which is white space, a quote or a bracket.
  private void runs(byte[] text, int from, int to) {
    int start = from;
    for (int i = from; i <= to; i++) {
      if (i == to || !JOINS[text[i] & 0xff]) {
        if (i - start >= LEAST) {
          add(start, i);
        }
        start = i + 1;
      }
    }
  }

  private void add(int start, int stop) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      stops = Arrays.copyOf(stops, 2 * size);
    }
    starts[size] = start;
    stops[size++] = stop;
  }

  /// Number of percent signs.
  public int percents() {
    return percentCount;
  }

  /// Where a percent sign stands.
  public int percent(int i) {
    return percents[i];
  }

  /// Number of runs.
  public int size() {
    return size;
  }

  /// The first byte of a run.
  public int start(int run) {
    return starts[run];
  }

  /// One past the last byte of a run.
  public int stop(int run) {
    return stops[run];
  }
}
