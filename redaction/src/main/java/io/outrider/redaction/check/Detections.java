package io.outrider.redaction.check;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/// Personal data that is known by its structure: found by code, because digits have no literal to
/// look for.
public final class Detections {
  /// Takes what is found.
  @FunctionalInterface
  public interface Sink {
    /// The bytes in `[start, stop)`.
    void found(int start, int stop);
  }

  private static final int MOST_CARD_DIGITS = 19;

  private Detections() {}

  /// Payment card numbers: 13 to 19 digits, in one run or in groups parted by one kind of
  /// separator, of a known issuer range and length, with Luhn's checksum.
  public static void cards(byte[] text, int from, int to, Marks marks, Sink sink) {
    int done = from;
    for (int m = 0; m < marks.size(); m++) {
      int start = marks.place(m);
      if (start >= done && Bytes.isDigit(text[start])) {
        done = card(text, from, start, to, sink);
      }
    }
  }

  /// Looks at the digits from a place on, and gives their end.
  private static int card(byte[] text, int from, int start, int to, Sink sink) {
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
          && (separator == 0 || separator == b)
          && i + 1 < to
          && Bytes.isDigit(text[i + 1])) {
        separator = b;
        i++;
      } else {
        break;
      }
    }
    if (n >= 13
        && n <= MOST_CARD_DIGITS
        && !touches(text, from, to, start, stop)
        && isCard(digits(text, start, stop, n), n)) {
      sink.found(start, stop);
    }
    return i;
  }

  private static byte[] digits(byte[] text, int start, int stop, int count) {
    byte[] digits = new byte[count];
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
          case '5' -> (two >= 51 && two <= 55 && n == 16) || (two == 50 || two >= 56) && n >= 13;
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
    for (int m = 0; m < marks.size(); m++) {
      int start = marks.place(m) - 2;
      if (start < done
          || start + 15 > to
          || !isUpper(text[start])
          || !isUpper(text[start + 1])
          || !Bytes.isDigit(text[start + 2])
          || !Bytes.isDigit(text[start + 3])
          || (start > from && Bytes.isAlphanumeric(text[start - 1]))) {
        continue;
      }
      int length = ibanLength(text[start], text[start + 1]);
      int stop = length == 0 ? -1 : ibanEnd(text, start, to, length);
      if (stop > 0) {
        sink.found(start, stop);
        done = stop;
      }
    }
  }

  private static int ibanEnd(byte[] text, int start, int to, int length) {
    byte[] iban = new byte[length];
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
    return remainder == 1 ? i : -1;
  }

  private static boolean isUpper(byte b) {
    return b >= 'A' && b <= 'Z';
  }

  private static final String IBAN_LENGTHS =
      "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22"
          + "GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22"
          + "MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25"
          + "SV28TL23TN24TR26UA29VA22VG24XK20YE30";

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
    for (int m = 0; m < marks.size(); m++) {
      int digit = marks.place(m);
      if (digit < done || !Bytes.isDigit(text[digit])) {
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
  private static final Set<String> HOME_GROUPS =
      Set.of(
          "3 4 4",
          "5 6",
          "4 3 4",
          "4 3 3",
          "5 3 3",
          "2 2 2 2 2",
          "2 4 4",
          "3 3 4",
          "3 6",
          "4 7",
          "3 7",
          "4 6",
          "2 4 5");

  /// A number with the zero that is dialled at home, in brackets or with gaps between its groups.
  private static int national(byte[] text, int start, int to) {
    var groups = new StringBuilder();
    boolean bracket = text[start] == '(';
    int i = bracket ? start + 1 : start;
    if (i + 1 >= to || text[i + 1] == '0') {
      return -1;
    }
    int stop = -1;
    while (i < to && groups.length() < 12) {
      int n = digitsAt(text, i, to);
      if (n == 0 || n > 9) {
        break;
      }
      groups.append(stop < 0 ? "" : " ").append(n);
      i += n;
      stop = i;
      if (bracket) {
        if (i >= to || text[i] != ')') {
          return -1;
        }
        bracket = false;
        i++;
        i += i < to && text[i] == ' ' ? 1 : 0;
      } else if (i < to && (isGap(text[i]) || (text[i] == '/' && groups.indexOf(" ") < 0))) {
        i++;
      } else {
        break;
      }
    }
    boolean alone = stop > 0 && (stop >= to || !Bytes.isAlphanumeric(text[stop]));
    return alone && HOME_GROUPS.contains(groups.toString()) ? stop : -1;
  }

  /// Whether a word for a telephone stands right before a number.
  private static boolean isTold(byte[] text, int from, int start) {
    int end = start;
    while (end > from && start - end < 3 && " .:=#".indexOf(text[end - 1]) >= 0) {
      end--;
    }
    int word = end;
    while (word > from && end - word < 10 && Bytes.isLetter(text[word - 1])) {
      word--;
    }
    return end < start
        && PHONE_WORDS.contains(
            new String(text, word, end - word, StandardCharsets.ISO_8859_1)
                .toLowerCase(Locale.ROOT));
  }

  private static final Set<String> PHONE_WORDS =
      Set.of(
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
          "call");

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

  /// IPv4 addresses in four decimal parts, and IPv6 addresses with at least three groups. Loopback
  /// and unspecified addresses name nobody and are left alone.
  public static void addresses(byte[] text, int from, int to, Marks marks, Sink sink) {
    int done = from;
    for (int m = 0; m < marks.size(); m++) {
      int at = marks.place(m);
      if (at < done || !mayBeAddress(text, at, to)) {
        continue;
      }
      int start = at;
      while (start > done && isAddressPart(text[start - 1])) {
        start--;
      }
      done = address(text, start, to, sink);
    }
  }

  /// A dot after at most three digits, or a colon.
  private static boolean mayBeAddress(byte[] text, int at, int to) {
    if (text[at] == ':') {
      return true;
    }
    int i = at;
    while (i < to && i < at + 4 && Bytes.isDigit(text[i])) {
      i++;
    }
    return i > at && i < at + 4 && i < to && text[i] == '.';
  }

  /// Looks at the run of what addresses are made of from a place on, and gives its end.
  private static int address(byte[] text, int start, int to, Sink sink) {
    int stop = start;
    int dots = 0;
    int colons = 0;
    while (stop < to && isAddressPart(text[stop])) {
      dots += text[stop] == '.' ? 1 : 0;
      colons += text[stop] == ':' ? 1 : 0;
      stop++;
    }
    int end = stop;
    while (end > start
        && (text[end - 1] == '.'
            || (text[end - 1] == ':' && !(end - 2 >= start && text[end - 2] == ':')))) {
      dots -= text[end - 1] == '.' ? 1 : 0;
      colons -= text[end - 1] == ':' ? 1 : 0;
      end--;
    }
    int v4End = end;
    if (colons == 1 && dots == 3) {
      // A port follows.
      while (text[v4End - 1] != ':') {
        v4End--;
      }
      v4End--;
    }
    boolean free = stop >= to || !(Bytes.isAlphanumeric(text[stop]) || text[stop] == '_');
    if (free && dots == 3 && colons <= 1 && isIpv4(text, start, v4End)) {
      sink.found(start, v4End);
    } else if (free && colons >= 2 && dots == 0 && isIpv6(text, start, end)) {
      sink.found(start, end);
    } else if (free && colons >= 2 && dots == 3) {
      int v4 = end;
      while (text[v4 - 1] != ':') {
        v4--;
      }
      // An address of the old kind in one of the new.
      if (isIpv4(text, v4, end)) {
        sink.found(start, end);
      }
    }
    return stop;
  }

  private static boolean isAddressPart(byte b) {
    return Bytes.isDigit(b) || isHexLetter(b) || b == '.' || b == ':';
  }

  private static boolean isHexLetter(byte b) {
    return (b >= 'a' && b <= 'f') || (b >= 'A' && b <= 'F');
  }

  private static boolean isIpv4(byte[] text, int start, int stop) {
    int parts = 0;
    int value = -1;
    int first = 0;
    boolean allZero = true;
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
        first = parts == 0 ? value : first;
        allZero &= value == 0;
        parts++;
        value = -1;
      } else {
        return false;
      }
    }
    return parts == 4 && first != 127 && first != 0 && !allZero;
  }

  private static boolean isIpv6(byte[] text, int start, int stop) {
    int groups = 0;
    int width = 0;
    int gaps = 0;
    for (int i = start; i < stop; i++) {
      if (text[i] == ':') {
        if (i + 1 < stop && text[i + 1] == ':') {
          gaps++;
        }
        groups += width > 0 ? 1 : 0;
        width = 0;
      } else if (++width > 4) {
        return false;
      }
    }
    groups += width > 0 ? 1 : 0;
    return gaps == 0 ? groups == 8 : gaps == 1 && groups >= 3 && groups <= 7;
  }

  /// E-mail addresses: a local part of at most 64 characters, and a domain that ends in a dot and
  /// letters.
  public static void emails(byte[] text, int from, int to, Marks marks, Sink sink) {
    int done = from;
    for (int m = 0; m < marks.size(); m++) {
      int at = marks.place(m);
      if (text[at] != '@' || at < done) {
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
