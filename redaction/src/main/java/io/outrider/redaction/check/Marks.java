package io.outrider.redaction.check;

import java.util.Arrays;

/// The places that personal data is found by: rows of digits that may begin it, the inner signs of
/// addresses. One look through a text serves all that look for such data, and leaves out what none
/// of them would take. Reusable, not thread-safe.
public final class Marks {
  /// Bytes that may be read after a text.
  public static final int SLACK = 16;

  private static final int FEWEST = 64;
  private static final int MOST_SIGNS = 64;

  /// Colons in sixteen bytes after the first one of an address without a gap: its groups have four
  /// digits at most.
  private static final int FEWEST_COLONS = 3;

  private static final boolean[] GROUPS = new boolean[256];

  static {
    for (int b = 0; b < 0x80; b++) {
      GROUPS[b] = "0123456789abcdefABCDEF:".indexOf(b) >= 0;
    }
  }

  private final Places numbers = new Places();
  private final Places addresses = new Places();
  private final Places signs = new Places();

  /// What each number may be, as [Rows] has it.
  private long[] may = new long[FEWEST];

  private final Sieve sieve = new Sieve();

  /// Where the last row of digits ended.
  private int rowEnd;

  private final byte[][] scratch = new byte[MOST_SIGNS][];

  private static final class Places {
    int[] at = new int[FEWEST];
    int size;

    void add(int place) {
      if (size == at.length) {
        at = Arrays.copyOf(at, 2 * size);
      }
      at[size++] = place;
    }

    void clear(int most) {
      size = 0;
      if (at.length > most) {
        at = new int[FEWEST];
      }
    }
  }

  /// Finds all marks in `[from, to)`.
  public void find(byte[] text, int from, int to) {
    find(text, from, from, to);
  }

  /// Finds the marks from `floor` on. A digit there begins a number, whatever is before it.
  ///
  /// @param from where the text begins that may be looked back at
  /// @param to where it ends; there are [#SLACK] bytes more, whatever they are
  public void find(byte[] text, int from, int floor, int to) {
    clear(Math.max(1 << 12, (to - floor) >>> 2));
    rowEnd = floor;
    // Signs are found by the byte before them.
    int first = Math.max(from, floor - 1);
    for (int at = first; at < to; at += Sieve.WORDS * Words.SIZE) {
      int words = Math.min(Sieve.WORDS, (to - at + Words.SIZE - 1) / Words.SIZE);
      look(text, from, at, to, sieve.sift(text, at, words), words);
    }
  }

  private void look(byte[] text, int from, int at, int to, long[] through, int words) {
    for (int i = 0; i < words; i += Sieve.STEP) {
      if ((through[i] | through[i + 1] | through[i + 2] | through[i + 3]) != 0) {
        for (int j = i; j < i + Sieve.STEP; j++) {
          look(text, from, at + j * Words.SIZE, to, through[j]);
        }
      }
    }
  }

  private void look(byte[] text, int from, int at, int to, long through) {
    for (long some = through; some != 0; some &= some - 1) {
      int place = at + Words.before(some);
      if (place < to) {
        look(text, from, place, to);
      }
    }
  }

  private void look(byte[] text, int from, int at, int to) {
    if (at >= rowEnd && Bytes.isDigit(text[at])) {
      row(text, from, at, to);
    }
    int sign = at + 1;
    if (sign >= to) {
      return;
    }
    if (text[sign] == ':') {
      if (isGroup(text[at])
          && ((sign + 1 < to && isGroup(text[sign + 1]) && mayBeNetwork(text, sign))
              || isBare(text, from, sign, to))) {
        addresses.add(sign);
      }
    } else if (text[sign] == '@'
        && sign + 1 < to
        && Detections.isLocalPart(text[at])
        && Bytes.isAlphanumeric(text[sign + 1])) {
      signs.add(sign);
    }
  }

  /// Whether a colon is one of two together, or the first of many: in a time there are few.
  private static boolean mayBeNetwork(byte[] text, int at) {
    return text[at - 1] == ':'
        || text[at + 1] == ':'
        || Long.bitCount(Words.equal(Words.at(text, at + 1), ':'))
                + Long.bitCount(Words.equal(Words.at(text, at + 1 + Words.SIZE), ':'))
            >= FEWEST_COLONS;
  }

  /// Whether this is the second of two colons that stand alone.
  private static boolean isBare(byte[] text, int from, int at, int to) {
    return text[at - 1] == ':'
        && (at - 2 < from || !Bytes.isAlphanumeric(text[at - 2]))
        && (at + 1 >= to || !Bytes.isAlphanumeric(text[at + 1]));
  }

  private void clear(int most) {
    numbers.clear(most);
    addresses.clear(most);
    signs.clear(most);
    if (may.length > most) {
      may = new long[FEWEST];
    }
  }

  private static boolean isGroup(byte b) {
    return GROUPS[b & 0xff];
  }

  /// Looks at the row of digits around a place.
  private void row(byte[] text, int from, int at, int to) {
    int start = at - digitsBefore(text, rowEnd, at);
    int stop = at + digitsFrom(text, at, to);
    rowEnd = stop;
    long what = Rows.mayBegin(text, from, start, stop, to);
    if (what != 0) {
      number(start, what);
      if ((what & Rows.IP) != 0 && stop + 1 < to && Bytes.isDigit(text[stop + 1])) {
        addresses.add(start);
      }
    }
  }

  private static int digitsBefore(byte[] text, int from, int at) {
    int digits = 0;
    if (at >= Words.SIZE) {
      digits = Words.after(~Words.between(Words.at(text, at - Words.SIZE), '0', '9') & Words.HIGHS);
      if (digits < Words.SIZE) {
        return Math.min(digits, at - from);
      }
      digits = Math.min(digits, at - from);
    }
    while (at - digits > from && Bytes.isDigit(text[at - digits - 1])) {
      digits++;
    }
    return digits;
  }

  private static int digitsFrom(byte[] text, int at, int to) {
    int digits = Words.before(~Words.between(Words.at(text, at), '0', '9') & Words.HIGHS);
    if (digits == Words.SIZE) {
      while (at + digits < to && Bytes.isDigit(text[at + digits])) {
        digits++;
      }
    }
    return Math.min(digits, to - at);
  }

  private void number(int start, long what) {
    numbers.add(start);
    if (numbers.size > may.length) {
      may = Arrays.copyOf(may, 2 * may.length);
    }
    may[numbers.size - 1] = what;
  }

  /// Number of rows of digits.
  int numbers() {
    return numbers.size;
  }

  /// Where a row of digits begins.
  int number(int i) {
    return numbers.at[i];
  }

  /// What may begin with a row of digits, as [Rows] has it.
  long mayBegin(int i) {
    return may[i];
  }

  boolean mayBegin(int i, long what) {
    return (may[i] & what) != 0;
  }

  /// Number of places inside what may be addresses of machines.
  int addresses() {
    return addresses.size;
  }

  int address(int i) {
    return addresses.at[i];
  }

  /// Number of at signs with something at both sides.
  int signs() {
    return signs.size;
  }

  int sign(int i) {
    return signs.at[i];
  }

  /// Whether there is nothing to look at.
  public boolean isEmpty() {
    return numbers.size + addresses.size + signs.size == 0;
  }

  /// Room for the digits and letters of one number, until the next is asked for.
  byte[] scratch(int length) {
    byte[] known = scratch[length];
    if (known == null) {
      known = new byte[length];
      scratch[length] = known;
    }
    return known;
  }
}
