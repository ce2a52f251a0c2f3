package io.outrider.redaction.check;

import java.util.Arrays;

/// The places that personal data is found by: rows of digits that may begin it, the inner signs of
/// addresses. One look through a text serves all that look for such data, and leaves out what none
/// of them would take. Reusable, not thread-safe.
public final class Marks {
  private static final int FEWEST = 64;
  private static final int MOST_SIGNS = 64;

  private static final boolean[] GROUPS = new boolean[256];

  static {
    for (int b = 0; b < 0x80; b++) {
      GROUPS[b] =
          Bytes.isDigit((byte) b) || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F' || b == ':';
    }
  }

  private final Places numbers = new Places();
  private final Places addresses = new Places();
  private final Places signs = new Places();

  /// What each number may be, as [Rows] has it.
  private long[] may = new long[FEWEST];

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

  /// Finds all marks in `[from, to)`. A digit at `from` begins a number, whatever is before it.
  ///
  /// @param text has eight bytes after `to`, whatever they are
  public void find(byte[] text, int from, int to) {
    clear(Math.max(1 << 12, to - from >>> 2));
    long before = 0;
    for (int at = from; at < to; at += Words.SIZE) {
      long word = Words.at(text, at);
      // The colon comes after the digits: of such a stretch only the first byte is marked here.
      long stretch = Words.between(word, '0', ':');
      long marks = stretch & ~(stretch << 8 | before) | Words.equal(word, '@');
      before = stretch >>> 56;
      while (marks != 0) {
        int place = at + Words.before(marks);
        if (place >= to) {
          return;
        }
        if (text[place] == '@') {
          sign(text, from, place, to);
        } else {
          stretch(text, from, place, to);
        }
        marks &= marks - 1;
      }
    }
  }

  private void clear(int most) {
    numbers.clear(most);
    addresses.clear(most);
    signs.clear(most);
    if (may.length > most) {
      may = new long[FEWEST];
    }
  }

  private void sign(byte[] text, int from, int at, int to) {
    if (at > from
        && at + 1 < to
        && Detections.isLocalPart(text[at - 1])
        && Bytes.isAlphanumeric(text[at + 1])) {
      signs.add(at);
    }
  }

  /// Looks at digits and colons.
  private void stretch(byte[] text, int from, int start, int to) {
    int at = start;
    while (at < to) {
      if (text[at] == ':') {
        if (at > from
            && isGroup(text[at - 1])
            && (at + 1 < to && isGroup(text[at + 1]) || isBare(text, from, at, to))) {
          addresses.add(at);
        }
        at++;
      } else if (Bytes.isDigit(text[at])) {
        at += row(text, from, at, to);
      } else {
        return;
      }
    }
  }

  /// Whether this is the second of two colons that stand alone.
  private static boolean isBare(byte[] text, int from, int at, int to) {
    return text[at - 1] == ':'
        && (at - 2 < from || !Bytes.isAlphanumeric(text[at - 2]))
        && (at + 1 >= to || !Bytes.isAlphanumeric(text[at + 1]));
  }

  private static boolean isGroup(byte b) {
    return GROUPS[b & 0xff];
  }

  /// Looks at the digits from a place on, and says how many they are.
  private int row(byte[] text, int from, int start, int to) {
    int digits = Words.before(~Words.between(Words.at(text, start), '0', '9') & Words.HIGHS);
    if (digits == Words.SIZE) {
      while (start + digits < to && Bytes.isDigit(text[start + digits])) {
        digits++;
      }
    }
    int stop = Math.min(to, start + digits);
    long what =
        Rows.mayBegin(
            start > from ? text[start - 1] : 0,
            Math.min(stop - start, Rows.MOST),
            stop < to ? text[stop] : 0);
    if (what != 0) {
      number(start, what);
      if ((what & Rows.IP) != 0 && stop + 1 < to && Bytes.isDigit(text[stop + 1])) {
        addresses.add(start);
      }
    }
    return stop - start;
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
