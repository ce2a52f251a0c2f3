package io.outrider.redaction.check;

/// Lets through the few bytes of a text that personal data may be at: the last digit of a short row
/// that may go on after a separator, some digit of every long row, the byte before a colon or an at
/// sign with something at both sides.
///
/// All is done by loops over words without branches, each short enough that the compiler turns it
/// into vector instructions: longer ones it leaves as they are, which takes four times as long.
final class Sieve {
  /// Words of a text that are looked at together, so that what is known of them stays in the cache.
  static final int WORDS = 512;

  /// Rows of so many digits are let through whatever is after them.
  static final int LONG_ROW = 7;

  /// Words that may be looked at together.
  static final int STEP = 4;

  private final long[] through = new long[WORDS];

  /// Looks at some words, after which the text must have ten bytes more.
  ///
  /// @return for each word a bit for each byte that is let through, as [Words] has them
  long[] sift(byte[] text, int from, int words) {
    long[] t = through;
    partings(text, from, words, t);
    continuations(text, from, words, t);
    capitals(text, from, words, t);
    digits(text, from, words, t);
    colons(text, from, words, t);
    signs(text, from, words, t);
    for (int i = words; (i & (STEP - 1)) != 0; i++) {
      t[i] = 0;
    }
    return t;
  }

  /// Bytes before a separator, or before some of the signs next to those.
  private static void partings(byte[] text, int from, int words, long[] out) {
    for (int i = 0; i < words; i++) {
      long after = Words.at(text, from + i * Words.SIZE + 1);
      out[i] = Words.mayBe(after, ' ') | Words.mayBeBetween(after, '(', '/');
    }
  }

  /// Of these the ones where a digit, a capital letter or another separator follows, or something
  /// between those.
  private static void continuations(byte[] text, int from, int words, long[] out) {
    for (int i = 0; i < words; i++) {
      long next = Words.at(text, from + i * Words.SIZE + 2);
      out[i] &= Words.mayBe(next, ' ') | Words.mayBeBetween(next, '(', 'Z');
    }
  }

  /// Of these without the last, and bytes before a capital letter.
  private static void capitals(byte[] text, int from, int words, long[] out) {
    for (int i = 0; i < words; i++) {
      int at = from + i * Words.SIZE;
      out[i] =
          (out[i] & ~Words.mayBeBetween(Words.at(text, at + 2), ':', '@'))
              | Words.mayBeBetween(Words.at(text, at + 1), 'A', 'Z');
    }
  }

  /// Of all these the digits, and the first of four digits in a word. A row of seven has four in
  /// one of its words.
  private static void digits(byte[] text, int from, int words, long[] out) {
    for (int i = 0; i < words; i++) {
      long digits = Words.between(Words.at(text, from + i * Words.SIZE), '0', '9');
      long two = digits & (digits >>> 8);
      out[i] = (out[i] & digits) | (two & (two >>> 16));
    }
  }

  private static void colons(byte[] text, int from, int words, long[] out) {
    for (int i = 0; i < words; i++) {
      int at = from + i * Words.SIZE;
      long before = Words.at(text, at);
      out[i] |=
          Words.equal(Words.at(text, at + 1), ':')
              & Words.mayBeBetween(before, '0', 'f')
              & (Words.mayBeBetween(Words.at(text, at + 2), '0', 'f') | Words.mayBe(before, ':'));
    }
  }

  private static void signs(byte[] text, int from, int words, long[] out) {
    for (int i = 0; i < words; i++) {
      int at = from + i * Words.SIZE;
      out[i] |=
          Words.equal(Words.at(text, at + 1), '@')
              & Words.mayBeBetween(Words.at(text, at), '!', '~');
    }
  }
}
