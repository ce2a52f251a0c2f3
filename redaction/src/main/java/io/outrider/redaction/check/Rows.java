package io.outrider.redaction.check;

import java.util.EnumSet;
import java.util.Set;

/// What may begin with a row of digits, told by their number and by the bytes at both sides. Few
/// rows in honest texts can be anything that is looked for, and one look into a table says so.
final class Rows {
  /// The lower bits are national numbers, by their ordinals.
  static final long CARD = 1L << 60;

  static final long IBAN = 1L << 61;
  static final long PHONE = 1L << 62;
  static final long IP = 1L << 63;

  /// Rows that are longer count as rows of so many digits.
  static final int MOST = 20;

  private static final byte[] SIDES = new byte[256];
  private static final int ALL_SIDES = 16;
  private static final long[] AFTER = new long[(MOST + 1) * ALL_SIDES];
  private static final long[] BEFORE = new long[ALL_SIDES];

  /// What may stand at the ends of a national number.
  private static final Set<Side> ENDS =
      EnumSet.of(Side.OTHER, Side.SPACE, Side.DOT, Side.SLASH, Side.BRACKET);

  /// What stands at a side of a row: all other bytes, and the ends of a text, are alike.
  private enum Side {
    OTHER(""),
    SPACE(" "),
    HYPHEN("-"),
    DOT("."),
    SLASH("/"),
    BRACKET("()"),
    JOINER("_"),
    CAPITAL("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    SMALL("abcdefghijklmnopqrstuvwxyz"),
    DIGIT("0123456789");

    private final String bytes;

    Side(String bytes) {
      this.bytes = bytes;
    }

    boolean isAlphanumeric() {
      return this == CAPITAL || this == SMALL || this == DIGIT;
    }

    boolean isGap() {
      return this == SPACE || this == HYPHEN;
    }
  }

  static {
    for (Side side : Side.values()) {
      side.bytes.chars().forEach(b -> SIDES[b] = (byte) side.ordinal());
      BEFORE[side.ordinal()] = before(side);
      for (int digits = 1; digits <= MOST; digits++) {
        AFTER[digits * ALL_SIDES + side.ordinal()] = after(digits, side);
      }
    }
    NationalId[] ids = NationalId.values();
    if (ids.length >= Long.numberOfTrailingZeros(CARD)) {
      throw new IllegalStateException(
          "national numbers: " + ids.length + " (expected: as many as there are bits for)");
    }
    for (NationalId id : ids) {
      noteBefore(id);
      noteAfter(id);
    }
  }

  private Rows() {}

  /// What a row may begin.
  ///
  /// @param before the byte before it, 0 when there is none
  /// @param after the byte after it, 0 when there is none
  static long mayBegin(byte before, int digits, byte after) {
    return AFTER[digits * ALL_SIDES + SIDES[after & 0xff]] & BEFORE[SIDES[before & 0xff]];
  }

  private static long before(Side side) {
    boolean alone = !side.isAlphanumeric() && side != Side.DOT && side != Side.HYPHEN;
    return (side == Side.CAPITAL ? IBAN : 0)
        | (alone ? CARD : 0)
        | (alone && side != Side.SLASH ? PHONE : 0)
        | (side != Side.DOT ? IP : 0);
  }

  private static long after(int digits, Side side) {
    boolean alone = !side.isAlphanumeric();
    boolean parted = side.isGap() || side == Side.DOT || side == Side.SLASH || side == Side.BRACKET;
    boolean card = digits >= 13 && digits <= 19 && alone || digits < 19 && side.isGap();
    boolean iban =
        digits >= 13 && side != Side.SMALL || digits >= 2 && (side.isGap() || side == Side.CAPITAL);
    boolean phone = digits <= 15 && (parted || digits >= 7 && alone);
    return (card ? CARD : 0)
        | (iban ? IBAN : 0)
        | (phone ? PHONE : 0)
        | (digits <= 3 && side == Side.DOT ? IP : 0);
  }

  /// Notes what may stand before the first digit of a number.
  private static void noteBefore(NationalId id) {
    for (int i = id.beforeDigit() - 1; i >= 0; i--) {
      char c = id.format().charAt(i);
      for (Side side : sides(c)) {
        BEFORE[side.ordinal()] |= bit(id);
      }
      if (c == 'L' || NationalId.isNeeded(c)) {
        return;
      }
    }
    for (Side side : ENDS) {
      BEFORE[side.ordinal()] |= bit(id);
    }
  }

  /// Notes all rows that the first digits of a number can be, and what may stand after them.
  private static void noteAfter(NationalId id) {
    int row = 0;
    for (int i = id.beforeDigit(); i < id.format().length(); i++) {
      char c = id.format().charAt(i);
      if (c != 'd' && row > 0) {
        noteAfter(id, row, sides(c));
        if (c == 'L' || NationalId.isNeeded(c)) {
          return;
        }
      }
      row += c == 'd' || c == 'X' ? 1 : 0;
    }
    noteAfter(id, row, ENDS);
  }

  private static void noteAfter(NationalId id, int row, Set<Side> sides) {
    for (Side side : sides) {
      AFTER[row * ALL_SIDES + side.ordinal()] |= bit(id);
    }
  }

  private static long bit(NationalId id) {
    return 1L << id.ordinal();
  }

  /// What a character of a format, other than a digit, stands for.
  private static Set<Side> sides(char c) {
    return switch (c) {
      case 'L', 'X' -> EnumSet.of(Side.CAPITAL);
      case '?' -> EnumSet.of(Side.SPACE, Side.HYPHEN);
      case '~' -> EnumSet.of(Side.SPACE, Side.HYPHEN, Side.DOT);
      case '|' -> EnumSet.of(Side.SLASH);
      case '=' -> EnumSet.of(Side.HYPHEN);
      default -> EnumSet.of(Side.values()[SIDES[c]]);
    };
  }
}
