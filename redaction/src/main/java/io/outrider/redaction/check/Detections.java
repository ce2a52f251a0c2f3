package io.outrider.redaction.check;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// Personal data that is known by its structure: found by code, because digits have no literal to
/// look for.
public final class Detections {
  /// Takes what is found.
  @FunctionalInterface
  public interface Sink {
    /// The bytes in `[start, stop)`.
    void found(int start, int stop);
  }

  private static final int LEAST_CARD_DIGITS = 13;
  private static final int MOST_CARD_DIGITS = 19;

  private Detections() {}

  /// Payment card numbers: 13 to 19 digits, in one run or in groups parted by one kind of
  /// separator, of a known issuer range and length, with Luhn's checksum.
  public static void cards(byte[] text, int from, int to, Marks marks, Sink sink) {
    int done = from;
    for (int m = 0; m < marks.numbers(); m++) {
      int start = marks.number(m);
      if (start >= done && marks.mayBegin(m, Rows.CARD)) {
        // What hangs together is cut into numbers from its beginning.
        int at = beginning(text, done, start);
        while (at <= start) {
          at = Bytes.isDigit(text[at]) ? card(text, from, at, to, marks, sink) : at + 1;
        }
        done = at;
      }
    }
  }

  /// The first of the digits before a digit that nothing but single separators part from it.
  private static int beginning(byte[] text, int from, int digit) {
    int at = digit;
    while (true) {
      if (at > from && Bytes.isDigit(text[at - 1])) {
        at--;
      } else if (at - 1 > from
          && (text[at - 1] == ' ' || text[at - 1] == '-')
          && Bytes.isDigit(text[at - 2])) {
        at -= 2;
      } else {
        return at;
      }
    }
  }

  /// Looks at the digits from a place on, and gives their end.
  private static int card(byte[] text, int from, int start, int to, Marks marks, Sink sink) {
    int n = 0;
    byte separator = 0;
    int stop = start;
    int i = start;
    while (i < to) {
      byte b = text[i];
      if (Bytes.isDigit(b)) {
        n++;
        i++;
        stop = i;
      } else if ((b == ' ' || b == '-')
          && (separator == 0 ? n < LEAST_CARD_DIGITS : separator == b)
          && i + 1 < to
          && Bytes.isDigit(text[i + 1])) {
        separator = b;
        i++;
      } else {
        break;
      }
    }
    if (n >= LEAST_CARD_DIGITS
        && n <= MOST_CARD_DIGITS
        && !touches(text, from, to, start, stop)
        && isCard(digits(text, start, stop, marks.scratch(n)), n)) {
      sink.found(start, stop);
    }
    return i;
  }

  private static byte[] digits(byte[] text, int start, int stop, byte[] digits) {
    int n = 0;
    for (int i = start; i < stop; i++) {
      if (Bytes.isDigit(text[i])) {
        digits[n++] = text[i];
      }
    }
    return digits;
  }

  private static boolean touches(byte[] text, int from, int to, int start, int stop) {
    return (start > from
            && (Bytes.isAlphanumeric(text[start - 1])
                || text[start - 1] == '.'
                || text[start - 1] == '-'))
        || (stop < to
            && (Bytes.isAlphanumeric(text[stop])
                || (text[stop] == '.' && stop + 1 < to && Bytes.isDigit(text[stop + 1]))));
  }

  private static boolean isCard(byte[] d, int n) {
    int two = (d[0] - '0') * 10 + d[1] - '0';
    int four = two * 100 + (d[2] - '0') * 10 + d[3] - '0';
    boolean issuer =
        switch (d[0]) {
          case '4' -> n == 13 || n == 16 || n == 19;
          case '5' -> (two >= 51 && two <= 55 && n == 16) || ((two == 50 || two >= 56) && n >= 13);
          case '1' -> four == 1220 && n == 15;
          case '2' -> four >= 2221 && four <= 2720 && n == 16;
          case '3' ->
              ((two == 34 || two == 37) && n == 15)
                  || ((two == 36 || two == 38 || two == 39 || (four >= 3000 && four <= 3059))
                      && n >= 14)
                  || (four >= 3528 && four <= 3589 && n >= 16);
          case '6' -> n >= 16;
          default -> false;
        };
    if (!issuer) {
      return false;
    }
    int sum = 0;
    boolean same = true;
    for (int i = 0; i < n; i++) {
      int digit = d[n - 1 - i] - '0';
      same &= d[i] == d[0];
      if (i % 2 == 1) {
        digit *= 2;
        digit -= digit > 9 ? 9 : 0;
      }
      sum += digit;
    }
    return sum % 10 == 0 && !same;
  }

  /// International bank account numbers: a country with its length, and remainder 1 modulo 97.
  public static void ibans(byte[] text, int from, int to, Marks marks, Sink sink) {
    int done = from;
    for (int m = 0; m < marks.numbers(); m++) {
      int start = marks.number(m) - 2;
      if (!marks.mayBegin(m, Rows.IBAN)
          || start < done
          || start + 15 > to
          || !isUpper(text[start])
          || !isUpper(text[start + 1])
          || !Bytes.isDigit(text[start + 2])
          || !Bytes.isDigit(text[start + 3])
          || (start > from && Bytes.isAlphanumeric(text[start - 1]))) {
        continue;
      }
      int length = ibanLength(text[start], text[start + 1]);
      int stop = length == 0 ? -1 : ibanEnd(text, start, to, marks.scratch(length));
      if (stop > 0) {
        sink.found(start, stop);
        done = stop;
      }
    }
  }

  private static int ibanEnd(byte[] text, int start, int to, byte[] iban) {
    int length = iban.length;
    int n = 0;
    int i = start;
    while (i < to && n < length) {
      byte b = text[i];
      if (Bytes.isDigit(b) || isUpper(b)) {
        iban[n++] = b;
      } else if (b != ' ' && b != '-') {
        return -1;
      }
      i++;
    }
    if (n < length || (i < to && Bytes.isAlphanumeric(text[i]))) {
      return -1;
    }
    int remainder = 0;
    for (int k = 0; k < length; k++) {
      byte b = iban[(k + 4) % length];
      remainder =
          isUpper(b) ? (remainder * 100 + b - 'A' + 10) % 97 : (remainder * 10 + b - '0') % 97;
    }
    return remainder == 1 && hasForm(iban) ? i : -1;
  }

  private static boolean isUpper(byte b) {
    return b >= 'A' && b <= 'Z';
  }

  private static final String IBAN_LENGTHS =
      "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22"
          + "GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22"
          + "MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25"
          + "SV28TL23TN24TR26UA29VA22VG24XK20YE30";

  /// Behind the check digits: so many digits (`n`), capitals (`a`) or either (`c`).
  private static final String IBAN_FORMS =
      "AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BI23n BR23n1a1c BY4c4n16c"
          + " CH5n12c CR18n CY8n16c CZ20n DE18n DJ23n DK14n DO4c20n EE16n EG25n ES20n FI14n FK2a12n"
          + " FO14n FR10n11c2n GB4a14n GE2a16n GI4a15c GL14n GR7n16c GT4c20c HN4a20n HR17n HU24n"
          + " IE4a14n IL19n IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c KZ3n13c LB4n20c LC4a24c LI5n12c"
          + " LT16n LU3n13c LV4a13c LY21n MC10n11c2n MD2c18c ME18n MK3n10c2n MN16n MR23n MT4a5n18c"
          + " MU4a19n3a NI4a20n NL4a10n NO11n OM3n16c PK4a16c PL24n PS4a21c PT21n QA4a21c RO4a16c RS18n"
          + " RU14n15c SA2n18c SC4a20n3a SD14n SE20n SI15n SK20n SM1a10n12c SO19n ST21n SV4a20n TL19n"
          + " TN20n TR6n16c UA6n19c VA18n VG4a16n XK16n YE4a4n18c ";

  /// Whether digits and letters stand where they do in the numbers of that country.
  private static boolean hasForm(byte[] iban) {
    String country = new String(iban, 0, 2, StandardCharsets.ISO_8859_1);
    int at = IBAN_FORMS.indexOf(country) + 2;
    int next = 4;
    while (at >= 2 && IBAN_FORMS.charAt(at) != ' ') {
      int count = 0;
      while (IBAN_FORMS.charAt(at) <= '9') {
        count = count * 10 + IBAN_FORMS.charAt(at++) - '0';
      }
      char kind = IBAN_FORMS.charAt(at++);
      for (int stop = next + count; next < stop; next++) {
        boolean digit = Bytes.isDigit(iban[next]);
        if (digit && kind == 'a' || !digit && kind == 'n') {
          return false;
        }
      }
    }
    return true;
  }

  private static int ibanLength(byte first, byte second) {
    for (int i = 0; i < IBAN_LENGTHS.length(); i += 4) {
      if (IBAN_LENGTHS.charAt(i) == first && IBAN_LENGTHS.charAt(i + 1) == second) {
        return (IBAN_LENGTHS.charAt(i + 2) - '0') * 10 + IBAN_LENGTHS.charAt(i + 3) - '0';
      }
    }
    return 0;
  }

  /// Telephone numbers: E.164 with its plus sign, with separators or without, and North American
  /// ones in their usual groups.
  public static void phones(byte[] text, int from, int to, Marks marks, Sink sink) {
    int done = from;
    for (int m = 0; m < marks.numbers(); m++) {
      int digit = marks.number(m);
      if (digit < done || !marks.mayBegin(m, Rows.PHONE)) {
        continue;
      }
      byte before = digit > done ? text[digit - 1] : 0;
      int start = before == '+' || before == '(' ? digit - 1 : digit;
      int stop = -1;
      if (before == '+') {
        if (text[digit] != '0' && !(start > from && Bytes.isAlphanumeric(text[start - 1]))) {
          stop = international(text, start, to);
        }
      } else if (!(start > from && isNumberPart(text[start - 1]))
          || (start > from && text[start - 1] == ':' && isTold(text, from, start))) {
        int area = text[digit] == '1' && digit + 1 < to && isGap(text[digit + 1]) ? 2 : 0;
        stop = northAmerican(text, start + area, to);
        boolean inRow =
            start > from + 1 && isGap(text[start - 1]) && Bytes.isDigit(text[start - 2]);
        stop = stop < 0 && text[digit] == '0' && !inRow ? national(text, start, to) : stop;
        stop = stop < 0 && isTold(text, from, start) ? told(text, start, to) : stop;
      }
      if (stop > 0) {
        sink.found(start, stop);
        done = stop;
      }
    }
  }

  private static boolean isNumberPart(byte b) {
    return Bytes.isAlphanumeric(b)
        || b == '.'
        || b == '-'
        || b == '+'
        || b == '('
        || b == '/'
        || b == ':';
  }

  private static int international(byte[] text, int start, int to) {
    int digits = 0;
    int stop = -1;
    int i = start + 1;
    while (i < to && digits <= 15) {
      byte b = text[i];
      if (Bytes.isDigit(b)) {
        digits++;
        stop = i + 1;
      } else if (!((b == ' ' || b == '-' || b == '.' || b == '(' || b == ')')
          && i + 1 < to
          && (Bytes.isDigit(text[i + 1]) || text[i + 1] == '(' || text[i + 1] == ' ')
          && text[i - 1] != b)) {
        break;
      }
      i++;
    }
    return digits >= 8 && digits <= 15 && (stop >= to || !Bytes.isAlphanumeric(text[stop]))
        ? stop
        : -1;
  }

  private static boolean isGap(byte b) {
    return b == ' ' || b == '-' || b == '.';
  }

  /// Digits in each group of numbers as they are written at home in Europe, Australia and
  /// elsewhere: they begin with a zero.
  private static final long[] HOME_GROUPS = {
    0x344, 0x56, 0x434, 0x433, 0x533, 0x22222, 0x244, 0x334, 0x36, 0x47, 0x37, 0x46, 0x245
  };

  private static final int MOST_HOME_GROUPS = 5;

  /// A number with the zero that is dialled at home, in brackets or with gaps between its groups.
  private static int national(byte[] text, int start, int to) {
    long groups = 0;
    boolean bracket = text[start] == '(';
    int i = bracket ? start + 1 : start;
    if (i + 1 >= to || text[i + 1] == '0') {
      return -1;
    }
    int stop = -1;
    while (i < to && groups >>> (4 * MOST_HOME_GROUPS) == 0) {
      int n = digitsAt(text, i, to);
      if (n == 0 || n > 9) {
        break;
      }
      groups = groups << 4 | n;
      i += n;
      stop = i;
      if (bracket) {
        if (i >= to || text[i] != ')') {
          return -1;
        }
        bracket = false;
        i++;
        i += i < to && text[i] == ' ' ? 1 : 0;
      } else if (i < to && (isGap(text[i]) || (text[i] == '/' && groups <= 9))) {
        i++;
      } else {
        break;
      }
    }
    boolean alone = stop > 0 && (stop >= to || !Bytes.isAlphanumeric(text[stop]));
    return alone && isOneOf(HOME_GROUPS, groups) ? stop : -1;
  }

  /// Whether a word for a telephone stands right before a number.
  private static boolean isTold(byte[] text, int from, int start) {
    int end = start;
    while (end > from && start - end < 3 && TELLING.indexOf(text[end - 1]) >= 0) {
      end--;
    }
    if (end == start) {
      return false;
    }
    long word = 0;
    for (int i = end; i > from && end - i < MOST_LETTERS && Bytes.isLetter(text[i - 1]); i--) {
      word = word << LETTER | (text[i - 1] & SMALL_LETTER);
    }
    return isOneOf(PHONE_WORDS, word);
  }

  /// Whether a byte may be the last of a word for a telephone, or stand between that and the sign
  /// before its number.
  static boolean mayTell(byte b) {
    return Bytes.isLetter(b) || TELLING.indexOf(b) >= 0;
  }

  private static boolean isOneOf(long[] known, long value) {
    for (long k : known) {
      if (k == value) {
        return true;
      }
    }
    return false;
  }

  private static final String TELLING = " .:=#";
  private static final int MOST_LETTERS = 10;
  private static final int LETTER = 5;

  /// Bits of a letter that are the same in small and capital.
  private static final int SMALL_LETTER = 0x1f;

  /// Read backwards, five bits a letter.
  private static final long[] PHONE_WORDS =
      Stream.of(
              "phone",
              "tel",
              "telephone",
              "telefon",
              "telefono",
              "mobile",
              "mobil",
              "cell",
              "fax",
              "handy",
              "whatsapp",
              "phoneno",
              "call")
          .mapToLong(Detections::backwards)
          .toArray();

  private static long backwards(String word) {
    long packed = 0;
    for (int i = word.length() - 1; i >= 0; i--) {
      packed = packed << LETTER | (word.charAt(i) & SMALL_LETTER);
    }
    return packed;
  }

  /// Seven to fifteen digits with single gaps.
  private static int told(byte[] text, int start, int to) {
    int digits = 0;
    int stop = -1;
    for (int i = start; i < to && digits <= 15; i++) {
      if (Bytes.isDigit(text[i])) {
        digits++;
        stop = i + 1;
      } else if (!((isGap(text[i]) || text[i] == '/' || text[i] == '(' || text[i] == ')')
          && i + 1 < to
          && !isGap(text[i + 1]))) {
        break;
      }
    }
    boolean alone = stop > 0 && (stop >= to || !Bytes.isAlphanumeric(text[stop]));
    return digits >= 7 && digits <= 15 && alone ? stop : -1;
  }

  private static int northAmerican(byte[] text, int start, int to) {
    int i = start;
    if (i >= to) {
      return -1;
    }
    boolean bracket = text[i] == '(';
    i += bracket ? 1 : 0;
    int area = i;
    if (digitsAt(text, i, to) != 3 || text[area] < '2') {
      return -1;
    }
    i += 3;
    if (bracket) {
      if (i >= to || text[i] != ')') {
        return -1;
      }
      i++;
      i += i < to && (text[i] == ' ' || text[i] == '-') ? 1 : 0;
    } else if (i < to && (text[i] == '-' || text[i] == '.' || text[i] == ' ')) {
      i++;
    } else {
      return -1;
    }
    if (digitsAt(text, i, to) != 3 || text[i] < '2') {
      return -1;
    }
    i += 3;
    if (i >= to || !(text[i] == '-' || text[i] == '.' || text[i] == ' ')) {
      return -1;
    }
    i++;
    if (digitsAt(text, i, to) != 4) {
      return -1;
    }
    i += 4;
    return i < to && (Bytes.isAlphanumeric(text[i]) || text[i] == '-') ? -1 : i;
  }

  private static int digitsAt(byte[] text, int at, int to) {
    int i = at;
    while (i < to && Bytes.isDigit(text[i]) && i - at < 20) {
      i++;
    }
    return i - at;
  }

  /// IPv4 addresses in four decimal parts, and IPv6 addresses, with their zone and with the length
  /// of the prefix that makes a network of them.
  public static void addresses(byte[] text, int from, int to, Marks marks, Sink sink) {
    int done = from;
    for (int m = 0; m < marks.addresses(); m++) {
      int at = marks.address(m);
      if (at < done) {
        continue;
      }
      int start = at;
      while (start > done && isAddressPart(text[start - 1])) {
        start--;
      }
      done = address(text, from, start, to, sink);
    }
  }

  /// Looks at the run of what addresses are made of from a place on, and gives its end.
  private static int address(byte[] text, int from, int start, int to, Sink sink) {
    int stop = start;
    int dots = 0;
    int colons = 0;
    while (stop < to && isAddressPart(text[stop])) {
      dots += text[stop] == '.' ? 1 : 0;
      colons += text[stop] == ':' ? 1 : 0;
      stop++;
    }
    if (stop < to && isWord(text[stop])) {
      return stop;
    }
    int end = stop;
    while (end > start
        && (text[end - 1] == '.'
            || (text[end - 1] == ':' && !(end - 2 >= start && text[end - 2] == ':')))) {
      dots -= text[end - 1] == '.' ? 1 : 0;
      colons -= text[end - 1] == ':' ? 1 : 0;
      end--;
    }
    boolean glued = start > from && isWord(text[start - 1]);
    int v4 = end;
    while (v4 > start && text[v4 - 1] != ':') {
      v4--;
    }
    if (colons == 1 && dots == 3) {
      // A port follows.
      if (!glued && isIpv4(text, start, v4 - 1)) {
        sink.found(start, v4 - 1);
      }
    } else if (colons == 0) {
      if (!glued && dots == 3 && isIpv4(text, start, end)) {
        sink.found(start, prefixEnd(text, end, stop, to, 32));
      }
    } else if (dots == 0 && !glued) {
      if (isIpv6(text, start, end, 8) || isUnspecified(text, from, start, end, to)) {
        sink.found(start, prefixEnd(text, zoneEnd(text, end, stop, to), stop, to, 128));
      }
    } else if (dots == 3 && isIpv4(text, v4, end)) {
      // An address of the old kind in one of the new.
      if (glued) {
        sink.found(v4, end);
      } else if (isIpv6(text, start, v4, 6)) {
        sink.found(start, prefixEnd(text, end, stop, to, 128));
      }
    }
    return stop;
  }

  private static boolean isWord(byte b) {
    return Bytes.isAlphanumeric(b) || b == '_';
  }

  private static boolean isAddressPart(byte b) {
    return Bytes.isDigit(b) || isHexLetter(b) || b == '.' || b == ':';
  }

  private static boolean isHexLetter(byte b) {
    return (b >= 'a' && b <= 'f') || (b >= 'A' && b <= 'F');
  }

  /// The end of `%eth0` behind an address.
  private static int zoneEnd(byte[] text, int end, int stop, int to) {
    if (end != stop || end + 1 >= to || text[end] != '%' || !isWord(text[end + 1])) {
      return end;
    }
    int at = end + 1;
    while (at < to && at - end <= MOST_ZONE && (isWord(text[at]) || text[at] == '-')) {
      at++;
    }
    return at;
  }

  private static final int MOST_ZONE = 16;

  /// The end of `/24` behind an address; that of the address when there is none.
  private static int prefixEnd(byte[] text, int end, int stop, int to, int most) {
    if (end < stop || end + 1 >= to || text[end] != '/') {
      return end;
    }
    int length = 0;
    int at = end + 1;
    while (at < to && at - end <= 3 && Bytes.isDigit(text[at])) {
      length = length * 10 + text[at] - '0';
      at++;
    }
    return at > end + 1 && length <= most && !(at < to && isWord(text[at])) ? at : end;
  }

  private static boolean isIpv4(byte[] text, int start, int stop) {
    int parts = 0;
    int value = -1;
    for (int i = start; i <= stop; i++) {
      if (i < stop && Bytes.isDigit(text[i])) {
        if (value == 0) {
          return false;
        }
        value = Math.max(value, 0) * 10 + text[i] - '0';
        if (value > 255) {
          return false;
        }
      } else if (i == stop || text[i] == '.') {
        if (value < 0) {
          return false;
        }
        parts++;
        value = -1;
      } else {
        return false;
      }
    }
    return parts == 4;
  }

  /// Groups of hexadecimal digits, as many as there must be, or fewer with one gap. What might be
  /// names of a program, such as `a::b`, has a digit and a long group as well.
  private static boolean isIpv6(byte[] text, int start, int stop, int full) {
    int groups = 0;
    int width = 0;
    int widest = 0;
    int gaps = 0;
    boolean digit = false;
    for (int i = start; i < stop; i++) {
      if (text[i] == ':') {
        if (i + 1 < stop && text[i + 1] == ':') {
          gaps++;
        }
        groups += width > 0 ? 1 : 0;
        width = 0;
      } else if (++width > 4) {
        return false;
      } else {
        digit |= Bytes.isDigit(text[i]);
        widest = Math.max(widest, width);
      }
    }
    groups += width > 0 ? 1 : 0;
    boolean clear =
        groups >= 3 || full < 8 || (digit && (widest >= 3 || (groups == 1 && text[start] == ':')));
    return gaps == 0 ? groups == full : gaps == 1 && clear && groups < full;
  }

  /// `::`, where something says that it is an address: what stands for one in programs as well.
  private static boolean isUnspecified(byte[] text, int from, int start, int end, int to) {
    if (end - start != 2 || text[start] != ':' || text[start + 1] != ':') {
      return false;
    }
    if (end + 1 < to && text[end] == '/' && Bytes.isDigit(text[end + 1])
        || start > from && text[start - 1] == '=') {
      return true;
    }
    int word = start;
    while (word > from && text[word - 1] == ' ') {
      word--;
    }
    int begin = word;
    while (begin > from && word - begin < MOST_ZONE && Bytes.isAlphanumeric(text[begin - 1])) {
      begin--;
    }
    String name = new String(text, begin, word - begin, StandardCharsets.ISO_8859_1);
    return word < start && NAMES_OF_ADDRESSES.contains(name.toLowerCase(Locale.ROOT));
  }

  private static final Set<String> NAMES_OF_ADDRESSES =
      Set.of("ip", "ipv6", "unspecified", "address", "addr", "bind", "listen", "host");

  /// E-mail addresses: a local part of at most 64 characters, and a domain that ends in a dot and
  /// letters.
  public static void emails(byte[] text, int from, int to, Marks marks, Sink sink) {
    int done = from;
    for (int m = 0; m < marks.signs(); m++) {
      int at = marks.sign(m);
      if (at < done) {
        continue;
      }
      int start = at;
      while (start > done && at - start < MOST_LOCAL && isLocalPart(text[start - 1])) {
        start--;
      }
      int stop = start == at ? -1 : domainEnd(text, at + 1, to);
      if (stop > 0) {
        sink.found(start, stop);
        done = stop;
      }
    }
  }

  private static final int MOST_LOCAL = 64;
  private static final int MOST_LABEL = 63;
  private static final int MOST_TOP = 24;
  private static final String LOCAL_SIGNS = ".!#$%&'*+/=?^_`{|}~-";

  /// Whether a byte may stand before the sign of an e-mail address.
  public static boolean isLocalPart(byte b) {
    return Bytes.isAlphanumeric(b) || (b > ' ' && LOCAL_SIGNS.indexOf(b) >= 0);
  }

  private static int domainEnd(byte[] text, int start, int to) {
    if (start >= to || !Bytes.isAlphanumeric(text[start])) {
      return -1;
    }
    int end = -1;
    int label = start;
    int i = start;
    while (i < to && i - label <= MOST_LABEL) {
      byte b = text[i];
      if (b == '.') {
        label = i + 1;
        int letters = label;
        while (letters < to && letters - label < MOST_TOP && Bytes.isLetter(text[letters])) {
          letters++;
        }
        end = letters - label >= 2 ? letters : end;
      } else if (!Bytes.isAlphanumeric(b) && b != '-') {
        break;
      }
      i++;
    }
    return end;
  }
}
