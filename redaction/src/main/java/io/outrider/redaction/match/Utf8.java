package io.outrider.redaction.match;

import java.util.List;

/// Splits ranges of code points into ranges of UTF-8 byte sequences.
final class Utf8 {
  private static final int[] LAST_OF_LENGTH = {0x7f, 0x7ff, 0xffff, CharSet.MAX};

  private Utf8() {}

  /// Adds one array per sequence: pairs of first and last byte, in order of the text.
  static void split(int first, int last, List<int[]> out) {
    for (int limit : LAST_OF_LENGTH) {
      if (first <= limit && limit < last) {
        split(first, limit, out);
        split(limit + 1, last, out);
        return;
      }
    }
    // Both ends now have one length. Cut until every continuation byte covers a plain range.
    for (int i = 1; i < length(first); i++) {
      int low = (1 << (6 * i)) - 1;
      if ((first & ~low) != (last & ~low)) {
        if ((first & low) != 0) {
          split(first, first | low, out);
          split((first | low) + 1, last, out);
          return;
        }
        if ((last & low) != low) {
          split(first, (last & ~low) - 1, out);
          split(last & ~low, last, out);
          return;
        }
      }
    }
    int n = length(first);
    int[] sequence = new int[2 * n];
    for (int i = 0; i < n; i++) {
      sequence[2 * i] = byteAt(first, i, n);
      sequence[2 * i + 1] = byteAt(last, i, n);
    }
    out.add(sequence);
  }

  private static int length(int codePoint) {
    return codePoint <= 0x7f ? 1 : codePoint <= 0x7ff ? 2 : codePoint <= 0xffff ? 3 : 4;
  }

  private static int byteAt(int codePoint, int index, int length) {
    int bits = codePoint >>> (6 * (length - 1 - index));
    if (index > 0) {
      return 0x80 | (bits & 0x3f);
    }
    return switch (length) {
      case 1 -> bits;
      case 2 -> 0xc0 | bits;
      case 3 -> 0xe0 | bits;
      default -> 0xf0 | bits;
    };
  }
}
