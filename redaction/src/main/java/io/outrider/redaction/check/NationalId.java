package io.outrider.redaction.check;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// Numbers that states give their people, each with the checks its format has. All are found by the
/// first digit in them.
public enum NationalId {
  /// United States: social security number. It has no check digit, so it counts only in its groups.
  US_SSN("ddd~dd~dddd") {
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
      return n[0] >= '2' && CheckDigits.verhoeff(n);
    }
  },

  /// United States: taxpayer number of those without a social security number.
  US_ITIN("ddd~dd~dddd") {
    @Override
    boolean isValid(byte[] n) {
      int group = number(n, 3, 5);
      return n[0] == '9'
          && ((group >= 50 && group <= 65)
              || (group >= 70 && group <= 88)
              || (group >= 90 && group != 93 && group <= 99));
    }
  },

  /// United States: Medicare beneficiary identifier.
  US_MBI("dLXd-LXd-LLdd") {
    @Override
    boolean isValid(byte[] n) {
      boolean letters = n[0] != '0';
      for (byte b : n) {
        letters &= "SLOIBZ".indexOf(b) < 0;
      }
      return letters;
    }
  },

  /// Canada: social insurance number, in its groups.
  CA_SIN("ddd~ddd~ddd") {
    @Override
    boolean isValid(byte[] n) {
      return CheckDigits.luhn(n, 0, 9) && !CheckDigits.allSame(n);
    }
  },

  /// United Kingdom: number of the health service, in its groups, modulo 11.
  UK_NHS("ddd~ddd~dddd") {
    @Override
    boolean isValid(byte[] n) {
      int check = (11 - CheckDigits.modulo11(n, ":98765432")) % 11;
      return check == CheckDigits.digit(n, 9) && !CheckDigits.allSame(n);
    }
  },

  /// Australia: tax file number, in its groups.
  AU_TFN("ddd~ddd~ddd") {
    @Override
    boolean isValid(byte[] n) {
      return CheckDigits.modulo11(n, "14375869:") == 0 && !CheckDigits.allSame(n);
    }
  },

  /// Australia: business number, modulo 89.
  AU_ABN("dd?ddd?ddd?ddd") {
    @Override
    boolean isValid(byte[] n) {
      int sum = (n[0] - '0' - 1) * 10;
      for (int i = 1; i < 11; i++) {
        sum += (n[i] - '0') * (2 * i - 1);
      }
      return n[0] != '0' && sum % 89 == 0;
    }
  },

  /// Australia: Medicare card, in its groups.
  AU_MEDICARE("dddd~ddddd~d") {
    @Override
    boolean isValid(byte[] n) {
      return n[0] >= '2'
          && n[0] <= '6'
          && CheckDigits.weighted(n, 0, "13791379") % 10 == CheckDigits.digit(n, 8);
    }
  },

  /// Switzerland: number of the old-age insurance.
  CH_AHV("ddd.dddd.dddd.dd") {
    @Override
    boolean isValid(byte[] n) {
      return number(n, 0, 3) == 756 && CheckDigits.weighted(n, 0, "1313131313131") % 10 == 0;
    }
  },

  /// Belgium: number of the national register; those born since 2000 count with a 2 before it.
  BE_RRN("dd.dd.dd-ddd.dd") {
    @Override
    boolean isValid(byte[] n) {
      int check = number(n, 9, 11);
      int before = CheckDigits.modulo(n, 0, 9, 97);
      boolean fits = 97 - before == check || 97 - (before + 2_000_000_000 % 97) % 97 == check;
      return fits && CheckDigits.isDay(number(n, 2, 4) % 20, number(n, 4, 6));
    }
  },

  /// Sweden: personal number.
  SE_PNR("dddddd=dddd") {
    @Override
    boolean isValid(byte[] n) {
      int day = number(n, 4, 6);
      return CheckDigits.luhn(n, 0, 10)
          && CheckDigits.isDay(number(n, 2, 4), day > 60 ? day - 60 : day);
    }
  },

  /// Norway: birth number, with two check digits.
  NO_FNR("dddddd?ddddd") {
    @Override
    boolean isValid(byte[] n) {
      int day = number(n, 0, 2);
      return CheckDigits.isDay(number(n, 2, 4), day > 40 ? day - 40 : day)
          && CheckDigits.modulo11(n, "3761894521") == 0
          && CheckDigits.modulo11(n, "54327654321") == 0;
    }
  },

  /// Denmark: number of the central register, in its groups, as far as it has a check digit.
  DK_CPR("dddddd~dddd") {
    @Override
    boolean isValid(byte[] n) {
      return CheckDigits.isDay(number(n, 2, 4), number(n, 0, 2))
          && CheckDigits.modulo11(n, "4327654321") == 0;
    }
  },

  /// Finland: personal identity code.
  FI_HETU("dddddd=dddX") {
    @Override
    boolean isValid(byte[] n) {
      int value = number(n, 0, 6) * 1000 + number(n, 6, 9);
      return CheckDigits.isDay(number(n, 2, 4), number(n, 0, 2))
          && "0123456789ABCDEFHJKLMNPRSTUVWXY".charAt(value % 31) == n[9];
    }
  },

  /// Estonia: personal code.
  EE_IK("ddddddddddd") {
    @Override
    boolean isValid(byte[] n) {
      return n[0] >= '1'
          && n[0] <= '8'
          && CheckDigits.isDay(number(n, 3, 5), number(n, 5, 7))
          && CheckDigits.baltic(n);
    }
  },

  /// Romania: personal numeric code.
  RO_CNP("ddddddddddddd") {
    @Override
    boolean isValid(byte[] n) {
      int rest = CheckDigits.weighted(n, 0, "279146358279") % 11;
      return n[0] != '0'
          && CheckDigits.isDay(number(n, 3, 5), number(n, 5, 7))
          && (rest == 10 ? 1 : rest) == CheckDigits.digit(n, 12);
    }
  },

  /// Bulgaria: uniform civil number.
  BG_EGN("dddddddddd") {
    @Override
    boolean isValid(byte[] n) {
      int sum = (n[0] - '0') * 2 + (n[1] - '0') * 4 + (n[2] - '0') * 8 + (n[3] - '0') * 5;
      sum += (n[4] - '0') * 10 + CheckDigits.weighted(n, 5, "9736");
      return CheckDigits.isDay(number(n, 2, 4) % 20, number(n, 4, 6))
          && sum % 11 % 10 == CheckDigits.digit(n, 9);
    }
  },

  /// Czechia and Slovakia: birth number, divisible by 11.
  CZ_RC("dddddd|dddd") {
    @Override
    boolean isValid(byte[] n) {
      int month = number(n, 2, 4) % 50;
      return CheckDigits.isDay(month > 20 ? month - 20 : month, number(n, 4, 6))
          && CheckDigits.modulo(n, 0, 10, 11) == 0;
    }
  },

  /// Turkey: identity number, with two check digits.
  TR_TCKN("ddddddddddd") {
    @Override
    boolean isValid(byte[] n) {
      int odd = CheckDigits.weighted(n, 0, "101010101");
      int even = CheckDigits.weighted(n, 0, "010101010");
      int tenth = Math.floorMod(odd * 7 - even, 10);
      return n[0] != '0'
          && tenth == CheckDigits.digit(n, 9)
          && (odd + even + tenth) % 10 == CheckDigits.digit(n, 10);
    }
  },

  /// South Africa: identity number, with the date of birth.
  ZA_ID("ddddddddddddd") {
    @Override
    boolean isValid(byte[] n) {
      return n[10] <= '2'
          && CheckDigits.isDay(number(n, 2, 4), number(n, 4, 6))
          && CheckDigits.luhn(n, 0, 13);
    }
  },

  /// China: number of the identity card, with the date of birth.
  CN_ID("dddddddddddddddddX") {
    @Override
    boolean isValid(byte[] n) {
      int weight = 1;
      int sum = 0;
      for (int i = 16; i >= 0; i--) {
        weight = weight * 2 % 11;
        sum += (n[i] - '0') * weight;
      }
      int century = number(n, 6, 8);
      return (century == 19 || century == 20)
          && CheckDigits.isDay(number(n, 10, 12), number(n, 12, 14))
          && "10X98765432".charAt(sum % 11) == n[17];
    }
  },

  /// South Korea: resident registration number. Those of newer date have no check digit, so it
  /// counts only in its groups.
  KR_RRN("dddddd~ddddddd") {
    @Override
    boolean isValid(byte[] n) {
      return CheckDigits.isDay(number(n, 2, 4), number(n, 4, 6)) && n[6] >= '1' && n[6] <= '8';
    }
  },

  /// Taiwan: identity number.
  TW_ID("Lddddddddd") {
    @Override
    boolean isValid(byte[] n) {
      int letter = "ABCDEFGHJKLMNPQRSTUVXYWZIO".indexOf(n[0]) + 10;
      int sum = letter / 10 + letter % 10 * 9 + CheckDigits.weighted(n, 1, "876543211");
      return (n[1] == '1' || n[1] == '2') && sum % 10 == 0;
    }
  },

  /// Singapore: identity number of residents and foreigners.
  SG_NRIC("LdddddddL") {
    @Override
    boolean isValid(byte[] n) {
      int sum = CheckDigits.weighted(n, 1, "2765432");
      return switch (n[0]) {
        case 'S', 'T' -> "JZIHGFEDCBA".charAt((sum + (n[0] == 'T' ? 4 : 0)) % 11) == n[8];
        case 'F', 'G' -> "XWUTRQPNMLK".charAt((sum + (n[0] == 'G' ? 4 : 0)) % 11) == n[8];
        case 'M' -> "KLJNPQRTUWX".charAt(10 - (sum + 3) % 11) == n[8];
        default -> false;
      };
    }
  },

  /// India: permanent account number; its fourth letter says the kind of its holder.
  IN_PAN("LLLLLddddL") {
    @Override
    boolean isValid(byte[] n) {
      return "ABCFGHJLPT".indexOf(n[3]) >= 0 && number(n, 5, 9) != 0;
    }
  },

  /// Mexico: code of the population register.
  MX_CURP("LLLLddddddLLLLLLXd") {
    @Override
    boolean isValid(byte[] n) {
      int sum = 0;
      for (int i = 0; i < 17; i++) {
        // The alphabet has a letter after N that no code has.
        int value = Bytes.isDigit(n[i]) ? n[i] - '0' : n[i] - 'A' + (n[i] > 'N' ? 11 : 10);
        sum += value * (18 - i);
      }
      return (n[10] == 'H' || n[10] == 'M' || n[10] == 'X')
          && CheckDigits.isDay(number(n, 6, 8), number(n, 8, 10))
          && (10 - sum % 10) % 10 == CheckDigits.digit(n, 17);
    }
  },

  /// Chile: number of the register, in its groups and with its check digit after a hyphen.
  CL_RUT("dd~ddd~ddd=X") {
    @Override
    boolean isValid(byte[] n) {
      int check = 11 - CheckDigits.modulo11(n, "32765432");
      return n[8] == (check == 11 ? '0' : check == 10 ? 'K' : (byte) ('0' + check));
    }
  },

  /// Brazil: number of the register of companies.
  BR_CNPJ("dd.ddd.ddd/dddd-dd") {
    @Override
    boolean isValid(byte[] n) {
      int first = CheckDigits.modulo11(n, "543298765432");
      int second = CheckDigits.modulo11(n, "6543298765432");
      return !CheckDigits.allSame(n)
          && (first < 2 ? 0 : 11 - first) == CheckDigits.digit(n, 12)
          && (second < 2 ? 0 : 11 - second) == CheckDigits.digit(n, 13);
    }
  },

  /// Austria: number of the social insurance, with the date of birth.
  AT_SVNR("dddd?dddddd") {
    @Override
    boolean isValid(byte[] n) {
      int sum = CheckDigits.weighted(n, 0, "3790584216") % 11;
      return n[0] != '0'
          && sum == CheckDigits.digit(n, 3)
          && CheckDigits.isDay(number(n, 6, 8), number(n, 4, 6));
    }
  },

  /// Ireland: personal public service number.
  IE_PPS("dddddddL") {
    @Override
    boolean isValid(byte[] n) {
      return "WABCDEFGHIJKLMNOPQRSTUV".charAt(CheckDigits.weighted(n, 0, "8765432") % 23) == n[7];
    }
  },

  /// Greece: number of the social security, with the date of birth.
  GR_AMKA("ddddddddddd") {
    @Override
    boolean isValid(byte[] n) {
      return CheckDigits.isDay(number(n, 2, 4), number(n, 0, 2)) && CheckDigits.luhn(n, 0, 11);
    }
  };

  /// The bits of all.
  private static final long ALL = (1L << values().length) - 1;

  private static final String SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE";

  /// What characters at odd places of an Italian code count.
  private static final int[] ITALIAN_ODD = {
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
  };

  /// How it is written: `d` is a digit, `L` a capital letter, `X` either, `?` an optional space or
  /// hyphen, `~` a space, a hyphen or a dot that must be there and is the same each time, `|` a
  /// slash and `=` a hyphen that must be there, any other character itself, which may be missing.
  private final String format;

  /// Bytes from its start to its first digit, at most.
  private final int beforeDigit;

  /// Digits and letters.
  private final int length;

  private final long bit;

  @SuppressWarnings("EnumOrdinal") // the bit is not kept anywhere
  NationalId(String format) {
    this.format = format;
    this.bit = 1L << ordinal();
    int signs = 0;
    for (int i = 0; i < format.length(); i++) {
      signs += isSign(format.charAt(i)) ? 1 : 0;
    }
    this.length = signs;
    int first = format.indexOf('d');
    int either = format.indexOf('X');
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
    NationalId[] ids = new NationalId[names.size()];
    int i = 0;
    for (String name : new TreeSet<>(names)) {
      ids[i++] = valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
    return ids;
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
    for (int m = 0; m < marks.numbers(); m++) {
      int digit = marks.number(m);
      long may = marks.mayBegin(m);
      if (digit < done || (may & ALL) == 0) {
        continue;
      }
      for (int i = 0; i < ids.length; i++) {
        if ((may & ids[i].bit) != 0) {
          int start = ids[i].start(text, done, digit);
          int stop = start < 0 ? -1 : ids[i].end(text, from, start, to, marks);
          if (stop > 0 && sink.found(i, start, stop)) {
            done = stop;
            break;
          }
        }
      }
    }
  }

  /// The bit that stands for it in sets.
  long bit() {
    return bit;
  }

  /// Where one has its first digit, at most.
  int beforeDigit() {
    return beforeDigit;
  }

  String format() {
    return format;
  }

  /// Where a number begins whose first digit is at a place; -1 when it cannot.
  private int start(byte[] text, int from, int digit) {
    int start = digit;
    for (int i = beforeDigit - 1; i >= 0; i--) {
      char c = format.charAt(i);
      boolean there =
          start > from && (c == 'L' ? isCapital(text[start - 1]) : isBetween(c, text[start - 1]));
      if (there) {
        start--;
      } else if (c == 'L') {
        return -1;
      }
    }
    return start;
  }

  /// What parts a number and must be there.
  static boolean isNeeded(char c) {
    return c == '~' || c == '|' || c == '=';
  }

  /// Whether a byte is what a character of a format, other than a sign, stands for.
  private static boolean isBetween(char c, byte b) {
    return switch (c) {
      case '?' -> b == ' ' || b == '-';
      case '~' -> b == ' ' || b == '-' || b == '.';
      case '|' -> b == '/';
      case '=' -> b == '-';
      default -> b == c;
    };
  }

  private static boolean isCapital(byte b) {
    return b >= 'A' && b <= 'Z';
  }

  /// The end of a number that begins at a place, or -1.
  private int end(byte[] text, int from, int start, int to, Marks marks) {
    if (start > from && isJoined(text[start - 1])) {
      return -1;
    }
    int at = start;
    byte parted = 0;
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      byte b = at < to ? text[at] : 0;
      if (isSign(c)) {
        if (!(c != 'L' && Bytes.isDigit(b) || c != 'd' && isCapital(b))) {
          return -1;
        }
        at++;
      } else if (at < to && isBetween(c, b)) {
        if (c == '~' && parted != 0 && b != parted) {
          return -1;
        }
        parted = c == '~' ? b : parted;
        at++;
      } else if (isNeeded(c)) {
        return -1;
      }
    }
    boolean alone = at >= to || !isJoined(text[at]);
    if (parted == '.') {
      // Not a piece of a longer number, as versions are.
      alone &= !(start > from && text[start - 1] == '.');
      alone &= !(at + 1 < to && text[at] == '.' && Bytes.isDigit(text[at + 1]));
    }
    return alone && isValid(signs(text, start, at, marks)) ? at : -1;
  }

  private byte[] signs(byte[] text, int start, int stop, Marks marks) {
    byte[] signs = marks.scratch(length);
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
