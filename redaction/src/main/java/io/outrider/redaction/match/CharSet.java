package io.outrider.redaction.match;

import java.util.Arrays;

/// An immutable set of code points: sorted, disjoint, inclusive ranges.
final class CharSet {
  static final int MAX = Character.MAX_CODE_POINT;
  static final CharSet EMPTY = new CharSet(new int[0]);
  static final CharSet ANY = new CharSet(new int[] {0, MAX});
  static final CharSet DIGIT = of('0', '9');
  static final CharSet WORD = normalize(new int[] {'0', '9', 'A', 'Z', '_', '_', 'a', 'z'});
  static final CharSet SPACE = normalize(new int[] {'\t', '\n', '\f', '\r', ' ', ' '});
  static final CharSet NOT_NEWLINE = of('\n', '\n').negate();

  private static final CharSet[] ASCII = new CharSet[0x80];
  private static final CharSet[] ASCII_FOLDED = new CharSet[0x80];

  static {
    for (int c = 0; c < ASCII.length; c++) {
      ASCII[c] = of(c, c);
      ASCII_FOLDED[c] = ASCII[c].foldAscii();
    }
  }

  /// Pairs of first and last.
  private final int[] ranges;

  private CharSet(int[] ranges) {
    this.ranges = ranges;
  }

  static CharSet of(int first, int last) {
    return new CharSet(new int[] {first, last});
  }

  /// The set of one character, or of both its cases when it is an ASCII letter and `fold` is set.
  static CharSet single(int codePoint, boolean fold) {
    if (codePoint < ASCII.length) {
      return fold ? ASCII_FOLDED[codePoint] : ASCII[codePoint];
    }
    return of(codePoint, codePoint);
  }

  /// A set from pairs in any order.
  static CharSet normalize(int[] pairs) {
    int n = pairs.length / 2;
    long[] sorted = new long[n];
    for (int i = 0; i < n; i++) {
      sorted[i] = ((long) pairs[2 * i] << 32) | pairs[2 * i + 1];
    }
    Arrays.sort(sorted);
    int[] out = new int[2 * n];
    int used = 0;
    for (long pair : sorted) {
      int first = (int) (pair >> 32);
      int last = (int) pair;
      if (used > 0 && first <= out[used - 1] + 1) {
        out[used - 1] = Math.max(out[used - 1], last);
      } else {
        out[used++] = first;
        out[used++] = last;
      }
    }
    return new CharSet(Arrays.copyOf(out, used));
  }

  CharSet union(CharSet other) {
    int[] all = Arrays.copyOf(ranges, ranges.length + other.ranges.length);
    System.arraycopy(other.ranges, 0, all, ranges.length, other.ranges.length);
    return normalize(all);
  }

  CharSet negate() {
    int[] out = new int[ranges.length + 2];
    int used = 0;
    int next = 0;
    for (int i = 0; i < ranges.length; i += 2) {
      if (ranges[i] > next) {
        out[used++] = next;
        out[used++] = ranges[i] - 1;
      }
      next = ranges[i + 1] + 1;
    }
    if (next <= MAX) {
      out[used++] = next;
      out[used++] = MAX;
    }
    return new CharSet(Arrays.copyOf(out, used));
  }

  /// This set and the other case of each of its ASCII letters.
  CharSet foldAscii() {
    CharSet folded = this;
    for (int i = 0; i < ranges.length; i += 2) {
      folded = folded.unionShifted(ranges[i], ranges[i + 1], 'a', 'z', 'A' - 'a');
      folded = folded.unionShifted(ranges[i], ranges[i + 1], 'A', 'Z', 'a' - 'A');
    }
    return folded;
  }

  private CharSet unionShifted(int first, int last, int from, int to, int shift) {
    int low = Math.max(first, from);
    int high = Math.min(last, to);
    return low > high ? this : union(of(low + shift, high + shift));
  }

  boolean contains(int codePoint) {
    for (int i = 0; i < ranges.length; i += 2) {
      if (codePoint >= ranges[i] && codePoint <= ranges[i + 1]) {
        return true;
      }
    }
    return false;
  }

  boolean isEmpty() {
    return ranges.length == 0;
  }

  /// Number of code points.
  int size() {
    int size = 0;
    for (int i = 0; i < ranges.length; i += 2) {
      size += ranges[i + 1] - ranges[i] + 1;
    }
    return size;
  }

  /// Whether every code point beyond ASCII is in the set.
  boolean holdsAllBeyondAscii() {
    int last = ranges.length - 1;
    return last > 0 && ranges[last] == MAX && ranges[last - 1] <= 0x80;
  }

  /// The ranges, for reading only.
  int[] ranges() {
    return ranges;
  }
}
