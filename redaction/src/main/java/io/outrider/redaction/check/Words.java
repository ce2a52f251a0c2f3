package io.outrider.redaction.check;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Eight bytes at a time: the first byte of a text is the lowest of a word. Answers are in the
/// highest bit of each byte.
final class Words {
  static final int SIZE = 8;
  static final long ONES = 0x0101010101010101L;
  static final long HIGHS = 0x8080808080808080L;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Words() {}

  /// The bytes from a place on, which must all be in the array.
  static long at(byte[] text, int at) {
    return (long) LONGS.get(text, at);
  }

  /// Which bytes are ASCII characters from `first` to `last`.
  static long between(long word, int first, int last) {
    long ascii = word | HIGHS;
    return (ascii - ONES * first) & ~(ascii - ONES * (last + 1)) & ~word & HIGHS;
  }

  /// Which bytes are this ASCII character.
  static long equal(long word, int character) {
    long ascii = word | HIGHS;
    return ~((ascii ^ ONES * character) - ONES) & ~word & HIGHS;
  }

  /// The same, but for some bytes that are not ASCII, and with other bits set as well.
  static long mayBeBetween(long word, int first, int last) {
    long ascii = word | HIGHS;
    return (ascii - ONES * first) & ~(ascii - ONES * (last + 1));
  }

  /// Like [#mayBeBetween] for one character.
  static long mayBe(long word, int character) {
    return ~(((word | HIGHS) ^ ONES * character) - ONES);
  }

  /// How many bytes come before the first for which the answer is yes: 8 when there is none.
  static int before(long answers) {
    return Long.numberOfTrailingZeros(answers) >>> 3;
  }

  /// How many bytes come after the last for which the answer is yes: 8 when there is none.
  static int after(long answers) {
    return Long.numberOfLeadingZeros(answers) >>> 3;
  }
}
