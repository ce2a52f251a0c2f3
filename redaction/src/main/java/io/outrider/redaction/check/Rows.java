package io.outrider.redaction.check;

import java.util.Arrays;

/// What may begin with a row of digits, told by their number and by the bytes at both sides. Few
/// rows in honest texts can be anything that is looked for, and one look into a table says so.
final class Rows {
  /// The lower bits are national numbers, see [NationalId#bit].
  static final long CARD = 1L << 60;

  static final long IBAN = 1L << 61;
  static final long PHONE = 1L << 62;
  static final long IP = 1L << 63;

  private static final long OTHERS = CARD | IBAN | PHONE | IP;

  /// Rows that are longer count as rows of so many digits.
  private static final int MOST = 20;

  /// The same for second rows.
  private static final int MOST_SECOND = 8;

  private static final int LEAST_CARD_DIGITS = 13;
  private static final int MOST_CARD_DIGITS = 19;
  private static final int MOST_PHONE_DIGITS = 15;

  // What stands at a side of a row. All bytes that are not named, and the ends of a text, are
  // alike.
  private static final int OTHER = 0;
  private static final int SPACE = 1;
  private static final int HYPHEN = 2;
  private static final int DOT = 3;
  private static final int SLASH = 4;
  private static final int BRACKET = 5;
  private static final int TELLING = 6;
  private static final int CAPITAL = 8;
  private static final int SMALL = 9;
  private static final int DIGIT = 10;
  private static final int SIDES = 16;

  /// The bytes of each side, by its number; 7 are those that join words.
  private static final String[] BYTES = {
    "",
    " ",
    "-",
    ".",
    "/",
    "()",
    "+:=#",
    "_",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789"
  };

  /// What may stand at the ends of a national number.
  private static final int[] ENDS = {OTHER, SPACE, DOT, SLASH, BRACKET, TELLING};

  private static final byte[] SIDE_OF = new byte[256];
  private static final long[] AFTER = new long[(MOST + 1) * SIDES];
  private static final long[] BEFORE = new long[SIDES];

  /// By the digits of a row and of another after one separator.
  private static final long[] SECOND = new long[(MOST + 1) * (MOST_SECOND + 1)];

  /// National numbers that have letters before their first digit.
  private static long lettered;

  /// Those that have two or more.
  private static long longLettered;

  static {
    for (int side = 0; side < BYTES.length; side++) {
      for (int i = 0; i < BYTES[side].length(); i++) {
        SIDE_OF[BYTES[side].charAt(i)] = (byte) side;
      }
      BEFORE[side] = before(side);
      for (int digits = 1; digits <= MOST; digits++) {
        AFTER[digits * SIDES + side] = after(digits, side);
      }
    }
    Arrays.fill(SECOND, OTHERS);
    for (NationalId id : NationalId.values()) {
      if ((id.bit() & OTHERS) != 0) {
        throw new IllegalStateException(id + " (expected: less than 60 national numbers)");
      }
      noteBefore(id);
      noteAfter(id);
    }
  }

  private Rows() {}

  private static long before(int side) {
    boolean alone = !isAlphanumeric(side) && side != DOT && side != HYPHEN;
    return (side == CAPITAL ? IBAN : 0)
        | (alone ? CARD : 0)
        | (alone && side != SLASH ? PHONE : 0)
        | (side != DOT ? IP : 0);
  }

  private static long after(int digits, int side) {
    boolean alone = !isAlphanumeric(side);
    boolean gap = side == SPACE || side == HYPHEN;
    boolean parted = gap || side == DOT || side == SLASH || side == BRACKET;
    boolean card = digits < LEAST_CARD_DIGITS ? gap : digits <= MOST_CARD_DIGITS && (alone || gap);
    boolean iban = digits >= LEAST_CARD_DIGITS ? side != SMALL : gap || side == CAPITAL;
    boolean phone = digits <= MOST_PHONE_DIGITS && (parted || (digits >= Sieve.LONG_ROW && alone));
    return (card ? CARD : 0)
        | (iban && digits >= 2 ? IBAN : 0)
        | (phone ? PHONE : 0)
        | (digits <= 3 && side == DOT ? IP : 0);
  }

  private static boolean isAlphanumeric(int side) {
    return side == CAPITAL || side == SMALL || side == DIGIT;
  }

  /// Notes what may stand before the first digit of a number.
  private static void noteBefore(NationalId id) {
    for (int i = id.beforeDigit() - 1; i >= 0; i--) {
      char c = id.format().charAt(i);
      for (int side : sides(c)) {
        BEFORE[side] |= id.bit();
      }
      if (c == 'L') {
        lettered |= id.bit();
        longLettered |= i > 0 ? id.bit() : 0;
      }
      if (c == 'L' || NationalId.isNeeded(c)) {
        return;
      }
    }
    for (int side : ENDS) {
      BEFORE[side] |= id.bit();
    }
  }

  /// Notes all rows that the first digits of a number can be, and what may stand after them.
  private static void noteAfter(NationalId id) {
    int row = 0;
    for (int i = id.beforeDigit(); i < id.format().length(); i++) {
      char c = id.format().charAt(i);
      if (c != 'd' && row > 0) {
        noteAfter(id, row, sides(c));
        if (c != 'L' && c != 'X') {
          noteSecond(id, row, i + 1);
        }
        if (c == 'L' || NationalId.isNeeded(c)) {
          return;
        }
      }
      row += c == 'd' || c == 'X' ? 1 : 0;
    }
    noteAfter(id, row, ENDS);
    for (int second = 0; second <= MOST_SECOND; second++) {
      SECOND[second(row, second)] |= id.bit();
    }
  }

  private static void noteAfter(NationalId id, int row, int[] sides) {
    for (int side : sides) {
      AFTER[row * SIDES + side] |= id.bit();
    }
  }

  /// Notes all rows that a number can have after a separator.
  private static void noteSecond(NationalId id, int row, int from) {
    int second = 0;
    for (int i = from; i < id.format().length(); i++) {
      char c = id.format().charAt(i);
      if (c != 'd') {
        SECOND[second(row, second)] |= id.bit();
        if (c == 'L' || NationalId.isNeeded(c)) {
          return;
        }
      }
      second += c == 'd' || c == 'X' ? 1 : 0;
    }
    SECOND[second(row, second)] |= id.bit();
  }

  private static int second(int row, int second) {
    return row * (MOST_SECOND + 1) + Math.min(second, MOST_SECOND);
  }

  /// What a character of a format, other than a digit, stands for.
  private static int[] sides(char c) {
    return switch (c) {
      case 'L', 'X' -> new int[] {CAPITAL};
      case '?' -> new int[] {SPACE, HYPHEN};
      case '~' -> new int[] {SPACE, HYPHEN, DOT};
      case '|' -> new int[] {SLASH};
      case '=' -> new int[] {HYPHEN};
      default -> new int[] {SIDE_OF[c]};
    };
  }

  /// What a row may begin, in a text that begins at `from` and ends at `to`.
  ///
  /// @param start the first of its digits
  /// @param stop one past the last of them
  static long mayBegin(byte[] text, int from, int start, int stop, int to) {
    int before = start > from ? SIDE_OF[text[start - 1] & 0xff] : OTHER;
    int after = stop < to ? SIDE_OF[text[stop] & 0xff] : OTHER;
    int digits = Math.min(MOST, stop - start);
    long may = AFTER[digits * SIDES + after] & BEFORE[before];
    if (may == 0) {
      return 0;
    }
    if (after >= SPACE && after <= SLASH) {
      may &= SECOND[second(digits, digitsFrom(text, stop + 1, to))];
    }
    boolean afterCapital = start - 2 >= from && SIDE_OF[text[start - 2] & 0xff] == CAPITAL;
    if (!afterCapital) {
      may &=
          before == CAPITAL ? ~longLettered : before == SPACE || before == HYPHEN ? ~lettered : -1;
    }
    if ((may & PHONE) != 0 && !mayBePhone(text, from, start, stop, to, before)) {
      may &= ~PHONE;
    }
    return (may & CARD) == 0 || isLong(text, start, to) ? may : may & ~CARD;
  }

  /// Without a plus sign or a word before it a telephone number begins with zero or three digits.
  private static boolean mayBePhone(
      byte[] text, int from, int start, int stop, int to, int before) {
    int digits = stop - start;
    byte first = text[start];
    if (first == '0' || digits == 3) {
      return true;
    }
    if (first == '1' && digits == 1 && stop + 1 < to && text[stop + 1] != '1') {
      return true;
    }
    if (before == TELLING && text[start - 1] == '+') {
      return true;
    }
    return (before == SPACE || before == BRACKET || before == TELLING)
        && start - 2 >= from
        && Detections.mayTell(text[start - 2]);
  }

  /// Digits from a place on, no more than eight.
  private static int digitsFrom(byte[] text, int at, int to) {
    return Math.min(
        to - at, Words.before(~Words.between(Words.at(text, at), '0', '9') & Words.HIGHS));
  }

  /// Whether the bytes of a card may be from a place on: digits and what parts them.
  private static boolean isLong(byte[] text, int start, int to) {
    return to - start >= LEAST_CARD_DIGITS
        && (Words.between(Words.at(text, start), ' ', '9')
                & Words.between(Words.at(text, start + LEAST_CARD_DIGITS - Words.SIZE), ' ', '9'))
            == Words.HIGHS;
  }
}
