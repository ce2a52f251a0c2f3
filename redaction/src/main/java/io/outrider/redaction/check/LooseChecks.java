package io.outrider.redaction.check;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/// Tests for values in loose surroundings, such as prose, logs and calls in source code: there a
/// value must itself look like a secret, because its name says little.
final class LooseChecks {
  /// Words with digits that people write about passwords: a name of the trade, and after it only
  /// numbers and whole words, so that `v1FnEP6Sxn` is none.
  private static final Pattern TECHNICAL =
      Pattern.compile(
          "(?i:sha|md5|base64|base32|utf|bcrypt|pbkdf2|argon2|scrypt|rfc|aes|rsa|ascii|oauth|http"
              + "|ldap|ipv|x509|pkcs|iso)"
              + "(?:[-_./:+,=#]{0,2}(?:\\d{1,4}|[a-z]{2,}\\d{0,2}|[A-Z][a-z]{2,}|[A-Z]{3,}))*[-_./:+,=]*|v[12](?:(?:alpha|beta|rc)\\d{0,2})?(?:[-_./].*)?");

  /// How far from a member of a JSON web key its `kty` may stand: two RSA members of 4096 bits.
  private static final int KEY_REACH = 3_000;

  /// Words joined by signs.
  private static final Pattern JOINED = Pattern.compile("[A-Za-z]+[-_./:'][A-Za-z0-9-_./:']*");

  /// A word with a number in it or at its end.
  private static final Pattern NUMBERED =
      Pattern.compile("[A-Z]?[a-z]+\\d{0,2}[a-z]*|[A-Z]+\\d{0,2}");

  /// Letters that nobody can say: three or more without a vowel, or five consonants in a row.
  private static final Pattern UNSPEAKABLE =
      Pattern.compile("(?i)(?<![a-z])[^aeiouy\\d]{3,}(?![a-z])|[^aeiouy\\d]{5,}");

  private LooseChecks() {}

  /// The second argument of a call that sets a password: a value, and not the name of something.
  static boolean isArgument(byte[] text, int begin, int end, int start, int stop) {
    if (stop - start < 4
        || Placeholders.is(text, start, stop)
        || References.is(text, start, stop)
        || isAboutPasswords(Checks.nameBefore(text, begin, start))) {
      return false;
    }
    int others = 0;
    int spaces = 0;
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      others += Bytes.isDigit(b) || "!@#$%^&*+=?".indexOf(b) >= 0 ? 1 : 0;
      spaces += b == ' ' ? 1 : 0;
    }
    return others > 0 && spaces < 2;
  }

  /// The second argument of a call that takes a user and a password. A word of letters alone is one
  /// after an e-mail address, or when it is long and says nothing of forms.
  static boolean isCallPassword(byte[] text, int begin, int end, int start, int stop) {
    if (isArgument(text, begin, end, start, stop)) {
      return true;
    }
    if (stop - start < 6
        || Placeholders.is(text, start, stop)
        || References.is(text, start, stop)
        || isAboutPasswords(Checks.nameBefore(text, begin, start))) {
      return false;
    }
    for (int i = start; i < stop; i++) {
      if (!Bytes.isLetter(text[i])) {
        return false;
      }
    }
    int line = start;
    boolean mail = false;
    while (line > begin && start - line < 120 && text[line - 1] != '(') {
      line--;
      mail |= text[line] == '@';
    }
    String word = new String(text, start, stop - start, StandardCharsets.ISO_8859_1);
    return mail || (stop - start >= 12 && !FORM_WORD.matcher(word).find());
  }

  /// Parts of words that name a field of a form.
  private static final Pattern FORM_WORD =
      Pattern.compile("(?i)pass|pwd|user|secret|token|field|name|login|input");

  /// The value of a member whose short name means a password more often than not: `hunter22`, but
  /// not `phase1`.
  static boolean isShortNamed(byte[] text, int begin, int end, int start, int stop) {
    if (isToldPassword(text, begin, end, start, stop)) {
      return true;
    }
    int letters = start;
    while (letters < stop && Bytes.isLetter(text[letters])) {
      letters++;
    }
    int digits = letters;
    while (digits < stop && Bytes.isDigit(text[digits])) {
      digits++;
    }
    return letters - start >= 4
        && digits == stop
        && digits - letters >= 2
        && !Placeholders.is(text, start, stop);
  }

  /// A token that a sentence names, and not one that pages through a list.
  static boolean isProseToken(byte[] text, int begin, int end, int start, int stop) {
    int from = Math.max(begin, start - PAGE_REACH);
    String before =
        new String(text, from, start - from, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    return !before.contains("page")
        && !before.contains("next")
        && !(before.endsWith(":secret:")
            && before.length() > 8
            && Character.isDigit(before.charAt(before.length() - 9)))
        && isToldToken(text, begin, end, start, stop);
  }

  /// How far before a value the word may stand that tells it from a secret.
  private static final int PAGE_REACH = 20;

  /// What a sentence calls a password; right behind the word itself, without quotes, it must be one
  /// beyond doubt.
  static boolean isProsePassword(byte[] text, int begin, int end, int start, int stop) {
    if (Verdicts.is(text, begin, end, start, stop) || isAlias(text, begin, start, stop)) {
      return false;
    }
    int at = start;
    while (at > begin && " \t\n\"'`".indexOf(text[at - 1]) >= 0) {
      at--;
    }
    boolean told = at > begin && text[at - 1] == ':' && at < start;
    if (!told && at - begin > 2 && !Bytes.isLetter(text[at - 3])) {
      byte first = text[at - 2];
      byte last = text[at - 1];
      told = (first | 0x20) == 'i' && (last | 0x20) == 's' || (first | 0x20) == 't' && last == 'o';
    }
    told |=
        at - begin > 2
            && (text[at - 3] | 0x20) == 'w'
            && text[at - 2] == 'a'
            && text[at - 1] == 's';
    byte quote = start > begin ? text[start - 1] : 0;
    told |= (quote == '"' || quote == '\'') && stop < end && text[stop] == quote;
    return told
        ? isToldPassword(text, begin, end, start, stop)
        : isStarkPassword(text, begin, end, start, stop);
  }

  /// `*default1`: what YAML calls a value that stands elsewhere.
  static boolean isAlias(byte[] text, int begin, int start, int stop) {
    if (text[start] != '*' || start - begin < 2 || text[start - 2] != ':') {
      return false;
    }
    for (int i = start + 1; i < stop; i++) {
      if (!Bytes.isToken(text[i])) {
        return false;
      }
    }
    return true;
  }

  /// A value so mixed that it can be nothing but a password, though its surroundings say little:
  /// three kinds of characters out of four, and no name, number or path.
  static boolean isStarkPassword(byte[] text, int begin, int end, int start, int stop) {
    boolean lower = false;
    boolean upper = false;
    boolean digit = false;
    boolean sign = false;
    int turns = 0;
    int last = -1;
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      boolean d = Bytes.isDigit(b);
      boolean l = b >= 'a' && b <= 'z';
      boolean u = b >= 'A' && b <= 'Z';
      boolean s = "!@#$%^&*?~".indexOf(b) >= 0;
      if (!(d || l || u || s)) {
        return false;
      }
      digit |= d;
      lower |= l;
      upper |= u;
      sign |= s;
      int kind = d ? 0 : l ? 1 : u ? 2 : 3;
      turns += last >= 0 && kind != last ? 1 : 0;
      last = kind;
    }
    return digit
        && lower
        && upper
        && (sign || turns * 2 >= stop - start)
        && isToldPassword(text, begin, end, start, stop);
  }

  /// `HTTPPasswordMgr`: the name of something that has to do with passwords.
  private static boolean isAboutPasswords(String name) {
    return (name.contains("pass") || name.contains("pwd")) && Checks.isNotItself(name);
  }

  /// A secret with signs such as `$` and `!` in it, which names and references do not have.
  static boolean isSignedSecret(byte[] text, int begin, int end, int start, int stop) {
    int signs = 0;
    int digits = 0;
    for (int i = start; i < stop; i++) {
      signs += "!@#$%^&*".indexOf(text[i]) >= 0 ? 1 : 0;
      digits += Bytes.isDigit(text[i]) ? 1 : 0;
    }
    return signs > 0
        && signs + digits >= 3
        && text[start] != '$'
        && text[start] != '&'
        && isToldPassword(text, begin, end, start, stop);
  }

  /// What a sentence or a log line calls a password: letters with digits or signs among them.
  static boolean isToldPassword(byte[] text, int begin, int end, int start, int stop) {
    if (stop - start < 6
        || Placeholders.is(text, start, stop)
        || References.is(text, start, stop)) {
      return false;
    }
    int letters = 0;
    int digits = 0;
    int signs = 0;
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      if (b == '(' || b == '<' || b == '{' || b == '[' || b == '\\' || b < 0) {
        return false;
      }
      letters += Bytes.isLetter(b) ? 1 : 0;
      digits += Bytes.isDigit(b) ? 1 : 0;
      signs += "!@#$%^&*+=?;~".indexOf(b) >= 0 && i + 1 < stop ? 1 : 0;
    }
    if (letters < 2 || digits + signs == 0 || (signs == 0 && stop - start < 8)) {
      return false;
    }
    String value = new String(text, start, stop - start, StandardCharsets.ISO_8859_1);
    return !TECHNICAL.matcher(value).matches()
        && !value.contains("://")
        && !(signs == 0 && isWord(value));
  }

  private static boolean isWord(String value) {
    return JOINED.matcher(value).matches()
        || (NUMBERED.matcher(value).matches() && !UNSPEAKABLE.matcher(value).find());
  }

  /// A token that a log line or a sentence names: random, or hexadecimal of the length of a key.
  static boolean isToldToken(byte[] text, int begin, int end, int start, int stop) {
    if (Checks.isMemberName(text, start, stop) && turns(text, start, stop) < 8) {
      return false;
    }
    if (Checks.isRandom(text, begin, end, start, stop)
        || (Checks.isTokenLike(text, begin, end, start, stop) && turns(text, start, stop) >= 8)) {
      return true;
    }
    int digits = 0;
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      boolean hex = Bytes.isDigit(b) || (b >= 'a' && b <= 'f') || (b >= 'A' && b <= 'F');
      if (!hex) {
        return false;
      }
      digits += Bytes.isDigit(b) ? 1 : 0;
    }
    return stop - start >= 32 && digits >= 4 && !Placeholders.is(text, start, stop);
  }

  /// How often a value changes between small letters, capitals and digits.
  static int turns(byte[] text, int start, int stop) {
    int turns = 0;
    int last = -1;
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      int kind = Bytes.isDigit(b) ? 0 : b >= 'a' && b <= 'z' ? 1 : b >= 'A' && b <= 'Z' ? 2 : -1;
      if (kind < 0) {
        return 0;
      }
      turns += last >= 0 && kind != last ? 1 : 0;
      last = kind;
    }
    return turns;
  }

  /// A private member of a JSON web key: the object names its kind nearby.
  static boolean isJwkMember(byte[] text, int begin, int end, int start, int stop) {
    int from = Math.max(begin, start - KEY_REACH);
    int to = Math.min(end, stop + KEY_REACH);
    for (int i = from; i + 5 <= to; i++) {
      if (text[i] == '"'
          && text[i + 1] == 'k'
          && text[i + 2] == 't'
          && text[i + 3] == 'y'
          && text[i + 4] == '"') {
        return true;
      }
    }
    return false;
  }
}
