package io.outrider.redaction.match;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An immutable set of code points: sorted, disjoint, inclusive ranges.
final class CharSet {
  static final int MAX = Character.MAX_CODE_POINT;
  static final CharSet EMPTY = new CharSet(new int[0]);
  static final CharSet ANY = new CharSet(new int[] {0, MAX});
  static final CharSet DIGIT = of('0', '9');
  static final CharSet WORD = ofRanges('0', '9', 'A', 'Z', '_', '_', 'a', 'z');
  static final CharSet SPACE = ofRanges('\t', '\n', '\f', '\r', ' ', ' ');
  static final CharSet NOT_NEWLINE = of('\n', '\n').negate();

  private static final CharSet[] ASCII = new CharSet[0x80];
  private static final CharSet[] ASCII_FOLDED = new CharSet[0x80];

  static {
    for (int c = 0; c < ASCII.length; c++) {
      ASCII[c] = of(c, c);
      boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      int upper = c & ~0x20;
      int lower = c | 0x20;
      ASCII_FOLDED[c] = letter ? ofRanges(upper, upper, lower, lower) : ASCII[c];
    }
  }

  /// Pairs of first and last.
  private final int[] ranges;

  /// Null until somebody asks.
  private @Nullable String letters;

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

  /// A set from pairs of first and last, in order and apart.
  static CharSet ofRanges(int... pairs) {
    return new CharSet(pairs);
  }

  CharSet union(CharSet other) {
    if (ranges.length == 0) {
      return other;
    }
    int[] out = new int[ranges.length + other.ranges.length];
    int used = 0;
    int i = 0;
    int j = 0;
    while (i < ranges.length || j < other.ranges.length) {
      boolean mine =
          j >= other.ranges.length || (i < ranges.length && ranges[i] <= other.ranges[j]);
      int first = mine ? ranges[i] : other.ranges[j];
      int last = mine ? ranges[i + 1] : other.ranges[j + 1];
      i += mine ? 2 : 0;
      j += mine ? 0 : 2;
      if (used > 0 && first <= out[used - 1] + 1) {
        out[used - 1] = Math.max(out[used - 1], last);
      } else {
        out[used++] = first;
        out[used++] = last;
      }
    }
    return new CharSet(Arrays.copyOf(out, used));
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

  /// The members in lower case, but for letters that are there in upper case alone; empty when
  /// there are more than ten, or one lies beyond ASCII. Remembered: a letter has one set for all
  /// expressions, and each start asks thousands of times.
  String letters() {
    String known = letters;
    if (known == null) {
      known = fewLetters();
      letters = known;
    }
    return known;
  }

  private String fewLetters() {
    if (ranges.length == 0 || ranges[ranges.length - 1] > 0x7f || size() > 20) {
      return "";
    }
    var found = new StringBuilder(2);
    for (int i = 0; i < ranges.length; i += 2) {
      for (int c = ranges[i]; c <= ranges[i + 1]; c++) {
        boolean both = c >= 'A' && c <= 'Z' && contains(c + 32);
        char letter = (char) (both ? c + 32 : c);
        if (found.indexOf(String.valueOf(letter)) < 0) {
          found.append(letter);
        }
      }
    }
    return found.length() > 10 ? "" : found.toString();
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

  /// Number of ranges that reach beyond ASCII.
  int rangesBeyondAscii() {
    int count = 0;
    for (int i = 1; i < ranges.length; i += 2) {
      count += ranges[i] >= 0x80 ? 1 : 0;
    }
    return count;
  }

  /// The ranges, for reading only.
  int[] ranges() {
    return ranges;
  }
}
