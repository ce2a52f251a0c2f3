package io.outrider.redaction.check;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Numbers that states give their people, each with the checks its format has. All are found by the
/// first digit in them.
public enum NationalId {
  /// United States: social security number. It has no check digit, so it counts only with its
  /// hyphens.
  US_SSN("ddd-dd-dddd") {
    @Override
    boolean isValid(byte[] n) {
      int area = number(n, 0, 3);
      return area != 0 && area != 666 && area < 900 && number(n, 3, 5) != 0 && number(n, 5, 9) != 0;
    }
  },

  /// United Kingdom: national insurance number. No check digit, but few letters are in use.
  UK_NINO("LL?dd?dd?dd?L") {
    @Override
    boolean isValid(byte[] n) {
      return "ABCEGHJKLMNOPRSTWXYZ".indexOf(n[0]) >= 0
          && "ABCEGHJKLMNPRSTWXYZ".indexOf(n[1]) >= 0
          && n[8] >= 'A'
          && n[8] <= 'D';
    }
  },

  /// Germany: tax identification number (ISO 7064, modulo 11 and 10).
  DE_TAX_ID("ddddddddddd") {
    @Override
    boolean isValid(byte[] n) {
      int[] times = new int[10];
      int product = 10;
      for (int i = 0; i < 10; i++) {
        times[n[i] - '0']++;
        int sum = (n[i] - '0' + product) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
      }
      // One digit comes twice or three times, all others at most once.
      int repeated = 0;
      int most = 0;
      for (int count : times) {
        repeated += count > 1 ? 1 : 0;
        most = Math.max(most, count);
      }
      return n[0] != '0' && repeated == 1 && most <= 3 && (11 - product) % 10 == n[10] - '0';
    }
  },

  /// France: number of the national register, with its key.
  FR_NIR("d?dd?dd?dX?ddd?ddd?dd") {
    @Override
    boolean isValid(byte[] n) {
      int month = number(n, 3, 5);
      boolean corsica = n[6] == 'A' || n[6] == 'B';
      if ((n[0] != '1' && n[0] != '2')
          || month == 0
          || (month > 12 && month < 20)
          || (corsica && n[5] != '2')
          || (!corsica && !Bytes.isDigit(n[6]))) {
        return false;
      }
      // For the key, 2A counts as 19 and 2B as 18.
      long value = 0;
      for (int i = 0; i < 13; i++) {
        int digit = n[i] - '0';
        if (corsica && (i == 5 || i == 6)) {
          digit = i == 5 ? 1 : n[6] == 'A' ? 9 : 8;
        }
        value = value * 10 + digit;
      }
      return 97 - value % 97 == number(n, 13, 15);
    }
  },

  /// Spain: identity number, with its letter.
  ES_DNI("dddddddd-L") {
    @Override
    boolean isValid(byte[] n) {
      return SPANISH.charAt(number(n, 0, 8) % 23) == n[8];
    }
  },

  /// Spain: identity number of foreigners.
  ES_NIE("L-ddddddd-L") {
    @Override
    boolean isValid(byte[] n) {
      int first = n[0] - 'X';
      return first >= 0
          && first <= 2
          && SPANISH.charAt((first * 10_000_000 + number(n, 1, 8)) % 23) == n[8];
    }
  },

  /// Italy: tax code.
  IT_TAX_CODE("LLLLLLXXLXXLXXXL") {
    @Override
    boolean isValid(byte[] n) {
      int sum = 0;
      for (int i = 0; i < 15; i++) {
        int value = Bytes.isDigit(n[i]) ? n[i] - '0' : n[i] - 'A';
        sum += i % 2 == 1 ? value : ITALIAN_ODD[value];
      }
      return "ABCDEHLMPRST".indexOf(n[8]) >= 0 && n[15] == 'A' + sum % 26;
    }
  },

  /// Netherlands: citizen service number, with the test of eleven.
  NL_BSN("ddddddddd") {
    @Override
    boolean isValid(byte[] n) {
      int sum = -(n[8] - '0');
      for (int i = 0; i < 8; i++) {
        sum += (9 - i) * (n[i] - '0');
      }
      return sum % 11 == 0 && !(n[0] == '0' && n[1] == '0');
    }
  },

  /// Poland: register number, which begins with the date of birth.
  PL_PESEL("ddddddddddd") {
    @Override
    boolean isValid(byte[] n) {
      int sum = 0;
      for (int i = 0; i < 10; i++) {
        sum += ("1379137913".charAt(i) - '0') * (n[i] - '0');
      }
      int month = number(n, 2, 4) % 20;
      int day = number(n, 4, 6);
      return month >= 1
          && month <= 12
          && day >= 1
          && day <= 31
          && (10 - sum % 10) % 10 == n[10] - '0';
    }
  },

  /// Brazil: number of the register of persons.
  BR_CPF("ddd.ddd.ddd-dd") {
    @Override
    boolean isValid(byte[] n) {
      boolean same = true;
      for (byte b : n) {
        same &= b == n[0];
      }
      return !same && check(n, 9) == n[9] - '0' && check(n, 10) == n[10] - '0';
    }

    private int check(byte[] n, int count) {
      int sum = 0;
      for (int i = 0; i < count; i++) {
        sum += (count + 1 - i) * (n[i] - '0');
      }
      int rest = sum * 10 % 11;
      return rest == 10 ? 0 : rest;
    }
  },

  /// India: Aadhaar number, in its groups, with Verhoeff's check digit.
  IN_AADHAAR("dddd?dddd?dddd") {
    @Override
    boolean isValid(byte[] n) {
      int c = 0;
      for (int i = 0; i < 12; i++) {
        c = dihedral(c, permuted(i % 8, n[11 - i] - '0'));
      }
      return n[0] >= '2' && c == 0;
    }

    /// Multiplication in the group of a pentagon's symmetries.
    private int dihedral(int a, int b) {
      return a < 5
          ? (b < 5 ? (a + b) % 5 : 5 + (a + b) % 5)
          : (b < 5 ? 5 + (a - b + 5) % 5 : (a - b + 10) % 5);
    }

    private int permuted(int times, int digit) {
      int result = digit;
      for (int i = 0; i < times; i++) {
        result = "1576283094".charAt(result) - '0';
      }
      return result;
    }
  };

  /// No number has more digits in a row.
  private static final int MOST_DIGITS = 16;

  private static final String SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE";

  /// What characters at odd places of an Italian code count.
  private static final int[] ITALIAN_ODD = {
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
  };

  /// How it is written: `d` is a digit, `L` a capital letter, `X` either, `?` an optional space,
  /// any other character itself, which may be missing but for those of [#US_SSN].
  private final String format;

  /// Bytes from its start to its first digit, at most.
  private final int beforeDigit;

  /// Digits and letters.
  private final int length;

  /// How many digits may be in a row where it has its first, as a set of bits.
  private final int firstDigits;

  NationalId(String format) {
    this.format = format;
    int signs = 0;
    for (int i = 0; i < format.length(); i++) {
      signs += isSign(format.charAt(i)) ? 1 : 0;
    }
    this.length = signs;
    int first = format.indexOf('d');
    int either = format.indexOf('X');
    int rows = 0;
    int row = 0;
    boolean over = false;
    for (int i = 0; i < format.length() && !over; i++) {
      char c = format.charAt(i);
      if (c != 'd' && row > 0) {
        rows |= 1 << row;
      }
      over = c == 'L' && row > 0;
      row += c == 'd' || c == 'X' ? 1 : 0;
    }
    this.firstDigits = over ? rows : rows | 1 << row;
    this.beforeDigit = first < 0 || (either >= 0 && either < first) ? either : first;
  }

  private static boolean isSign(char c) {
    return c == 'd' || c == 'L' || c == 'X';
  }

  /// Whether the digits and letters of a number, without what parts them, are one.
  abstract boolean isValid(byte[] number);

  /// The numbers with names such as `us-ssn`.
  ///
  /// @throws IllegalArgumentException when there is no such number
  public static NationalId[] named(Set<String> names) {
    return names.stream()
        .sorted()
        .map(name -> valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')))
        .toArray(NationalId[]::new);
  }

  /// The names of all.
  public static Set<String> names() {
    return Arrays.stream(values())
        .map(id -> id.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Takes what is found.
  @FunctionalInterface
  public interface Sink {
    /// The bytes in `[start, stop)`, and which of the numbers asked for it is. False when it is not
    /// wanted: the same bytes may be another number.
    boolean found(int id, int start, int stop);
  }

  /// Finds numbers of some states.
  public static void find(byte[] text, int from, int to, Marks marks, NationalId[] ids, Sink sink) {
    int done = from;
    for (int m = 0; m < marks.size(); m++) {
      int digit = marks.place(m);
      if (digit < done || !Bytes.isDigit(text[digit])) {
        continue;
      }
      int digits = 1;
      while (digit + digits < to && digits < MOST_DIGITS && Bytes.isDigit(text[digit + digits])) {
        digits++;
      }
      for (int i = 0; i < ids.length; i++) {
        if ((ids[i].firstDigits >>> digits & 1) != 0) {
          int start = ids[i].start(text, done, digit);
          int stop = start < 0 ? -1 : ids[i].end(text, from, start, to);
          if (stop > 0 && sink.found(i, start, stop)) {
            done = stop;
            break;
          }
        }
      }
    }
  }

  /// Where a number begins whose first digit is at a place; -1 when it cannot.
  private int start(byte[] text, int from, int digit) {
    int start = digit;
    for (int i = beforeDigit - 1; i >= 0; i--) {
      char c = format.charAt(i);
      boolean there =
          start > from && (c == 'L' ? isCapital(text[start - 1]) : text[start - 1] == sign(c));
      if (there) {
        start--;
      } else if (c == 'L') {
        return -1;
      }
    }
    return start;
  }

  private static byte sign(char c) {
    return (byte) (c == '?' ? ' ' : c);
  }

  private static boolean isCapital(byte b) {
    return b >= 'A' && b <= 'Z';
  }

  /// The end of a number that begins at a place, or -1.
  private int end(byte[] text, int from, int start, int to) {
    if (start > from && isJoined(text[start - 1])) {
      return -1;
    }
    int at = start;
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      byte b = at < to ? text[at] : 0;
      if (isSign(c)) {
        if (!(c != 'L' && Bytes.isDigit(b) || c != 'd' && isCapital(b))) {
          return -1;
        }
        at++;
      } else if (at < to && b == sign(c)) {
        at++;
      } else if (this == US_SSN) {
        return -1;
      }
    }
    boolean alone = at >= to || !isJoined(text[at]);
    return alone && isValid(signs(text, start, at)) ? at : -1;
  }

  private byte[] signs(byte[] text, int start, int stop) {
    byte[] signs = new byte[length];
    int n = 0;
    for (int i = start; i < stop; i++) {
      if (Bytes.isAlphanumeric(text[i])) {
        signs[n++] = text[i];
      }
    }
    return signs;
  }

  private static boolean isJoined(byte b) {
    return Bytes.isAlphanumeric(b) || b == '_' || b == '-';
  }

  private static int number(byte[] digits, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = value * 10 + digits[i] - '0';
    }
    return value;
  }
}
