package io.outrider.redaction.check;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The tests a rule may name in `validate`.
public final class Checks {
  private static final Map<String, Check> BY_NAME =
      Map.ofEntries(
          Map.entry("value", Checks::isValue),
          Map.entry("token", Checks::isTokenLike),
          Map.entry("password", Checks::isPasswordInText),
          Map.entry("quoted-password", Checks::isQuotedPassword),
          Map.entry("basic", Checks::isBasicCredentials),
          Map.entry("bearer-or-token", Checks::isBearerOrToken),
          Map.entry("random", Checks::isRandom),
          Map.entry("setting", Checks::isSetting),
          Map.entry("query", Checks::isSecretParameter),
          Map.entry("jwt", Checks::isJwt),
          Map.entry("pem", Checks::isPem),
          Map.entry("aws-key-id", Checks::isAwsKeyId),
          Map.entry("mixed", Checks::isMixed));

  /// What may stand before a name in a settings file.
  private static final List<String> SETTING_WORDS =
      List.of("export ", "set ", "ENV ", "ARG ", "- ", "-e ");

  private static final List<String> SECRET_PARAMETER =
      List.of(
          "token",
          "secret",
          "password",
          "passwd",
          "pwd",
          "signature",
          "credential",
          "_key",
          "-key",
          "apikey",
          "accesskey");

  private static final List<String> PAGING =
      List.of("page", "next", "continu", "cursor", "sync", "csrf", "xsrf", "public");

  private Checks() {}

  /// The names of all tests.
  public static Set<String> names() {
    return BY_NAME.keySet();
  }

  /// The test with a name out of [#names()], or one that accepts everything when the name is empty.
  public static Check named(String name) {
    if (name.isEmpty()) {
      return (text, begin, end, start, stop) -> true;
    }
    Check check = BY_NAME.get(name);
    if (check == null) {
      throw new IllegalArgumentException("check: " + name + " (expected: one of " + names() + ")");
    }
    return check;
  }

  /// Anything but a placeholder.
  private static boolean isValue(byte[] text, int begin, int end, int start, int stop) {
    return !Placeholders.is(text, start, stop);
  }

  /// A value without spaces that has digits and letters: what keys and tokens look like, and words
  /// do not.
  private static boolean isTokenLike(byte[] text, int begin, int end, int start, int stop) {
    return stop - start >= 8
        && isMixed(text, begin, end, start, stop)
        && !Placeholders.is(text, start, stop);
  }

  /// Letters and digits both, no white space, and no call or reference as source code has.
  private static boolean isMixed(byte[] text, int begin, int end, int start, int stop) {
    boolean letter = false;
    boolean digit = false;
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      if (b <= ' ' && b >= 0 || b == '(' || b == ')') {
        return false;
      }
      letter |= Bytes.isLetter(b);
      digit |= Bytes.isDigit(b);
    }
    return letter && digit;
  }

  /// A password after `name=` without quotes: a value, and not the source code that fetches one.
  private static boolean isPasswordInText(byte[] text, int begin, int end, int start, int stop) {
    if (Placeholders.is(text, start, stop) || stop - start < 4) {
      return false;
    }
    if (stop < end && text[stop] == '(') {
      return false;
    }
    boolean special = false;
    boolean dotted = false;
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      if (b == '(' || b == ')' || b == '[' || b == '{') {
        return false;
      }
      dotted |=
          b == '.'
              && i > start
              && i + 1 < stop
              && Bytes.isLetter(text[i - 1])
              && Bytes.isLetter(text[i + 1]);
      special |= !Bytes.isLetter(b) && b != '.' && b != '_' && b != '-';
    }
    // `config.password` and `newPassword` are references; `hunter2` and `p@ss` are not.
    boolean tight =
        start > begin && text[start - 1] == '=' && start - 2 >= begin && text[start - 2] != ' ';
    return special || (tight && !dotted);
  }

  private static boolean isQuotedPassword(byte[] text, int begin, int end, int start, int stop) {
    if (Placeholders.is(text, start, stop) || stop - start < 3) {
      return false;
    }
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      if (b == '\n' || b == '{' || (b == ' ' && i + 1 < stop && text[i + 1] == ' ')) {
        return false;
      }
    }
    return true;
  }

  /// Base 64 of `user:password`.
  private static boolean isBasicCredentials(byte[] text, int begin, int end, int start, int stop) {
    String decoded = decode(text, start, stop);
    int colon = decoded.indexOf(':');
    return colon >= 0 && decoded.chars().allMatch(c -> c >= ' ' && c != 0x7f);
  }

  /// A token, with or without the scheme that a header puts before it.
  private static boolean isBearerOrToken(byte[] text, int begin, int end, int start, int stop) {
    int space = start;
    while (space < stop && text[space] != ' ' && space - start < 16) {
      space++;
    }
    boolean scheme = space < stop && text[space] == ' ' && space > start;
    return isTokenLike(text, begin, end, scheme ? space + 1 : start, stop);
  }

  /// A token that a line assigns to a name, with nothing before the name but what settings files
  /// have there.
  private static boolean isSetting(byte[] text, int begin, int end, int start, int stop) {
    if (!isTokenLike(text, begin, end, start, stop)) {
      return false;
    }
    int line = start;
    while (line > begin && text[line - 1] != '\n' && text[line - 1] != '"' && start - line < 120) {
      line--;
    }
    int at = line;
    while (at < start && (text[at] == ' ' || text[at] == '\t')) {
      at++;
    }
    for (String word : SETTING_WORDS) {
      if (starts(text, at, start, word)) {
        at += word.length();
        break;
      }
    }
    while (at < start && (Bytes.isToken(text[at]) || text[at] == '.')) {
      at++;
    }
    while (at < start
        && (text[at] == ' ' || text[at] == '=' || text[at] == ':' || text[at] == '\t')) {
      at++;
    }
    return at == start;
  }

  /// A token that is the value of a parameter in a query string, under a name that tells a secret.
  private static boolean isSecretParameter(byte[] text, int begin, int end, int start, int stop) {
    int equals = start - 1;
    int at = equals;
    while (at > begin && equals - at < 48 && (Bytes.isToken(text[at - 1]) || text[at - 1] == '.')) {
      at--;
    }
    if (at == begin || (text[at - 1] != '?' && text[at - 1] != '&' && text[at - 1] != ';')) {
      return false;
    }
    String name =
        new String(text, at, equals - at, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    boolean secret =
        name.equals("key")
            || name.equals("sig")
            || name.equals("auth")
            || SECRET_PARAMETER.stream().anyMatch(name::endsWith);
    return secret
        && PAGING.stream().noneMatch(name::contains)
        && isTokenLike(text, begin, end, start, stop);
  }

  private static boolean starts(byte[] text, int at, int stop, String word) {
    if (stop - at < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (text[at + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// Letters and digits in no order that a person or a hash would give: not all hexadecimal, not a
  /// UUID, not words parted by signs.
  private static boolean isRandom(byte[] text, int begin, int end, int start, int stop) {
    if (!isTokenLike(text, begin, end, start, stop)) {
      return false;
    }
    boolean hex = true;
    boolean upper = false;
    boolean lower = false;
    int digits = 0;
    int turns = 0;
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      hex &= Bytes.isDigit(b) || b == '-' || (b >= 'a' && b <= 'f') || (b >= 'A' && b <= 'F');
      upper |= b >= 'A' && b <= 'Z';
      lower |= b >= 'a' && b <= 'z';
      digits += Bytes.isDigit(b) ? 1 : 0;
      turns += i > start && Bytes.isDigit(b) != Bytes.isDigit(text[i - 1]) ? 1 : 0;
    }
    return !hex && digits >= 2 && turns >= 4 && (upper || lower);
  }

  /// Three parts (or five), the first of which is a JSON object that names an algorithm.
  private static boolean isJwt(byte[] text, int begin, int end, int start, int stop) {
    int dot = start;
    while (dot < stop && text[dot] != '.') {
      dot++;
    }
    String header = decode(text, start, dot);
    return header.startsWith("{")
        && (header.contains("\"alg\"")
            || header.contains("\"typ\"")
            || header.contains("\"kid\"")
            || header.contains("\"enc\""));
  }

  private static String decode(byte[] text, int start, int stop) {
    try {
      byte[] part = new byte[stop - start];
      System.arraycopy(text, start, part, 0, part.length);
      return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /// A body long enough for a key: a bare header in source code is none.
  private static boolean isPem(byte[] text, int begin, int end, int start, int stop) {
    int body = 0;
    for (int i = start; i < stop; i++) {
      body += Bytes.isAlphanumeric(text[i]) ? 1 : 0;
    }
    return body >= 100;
  }

  /// The characters after the prefix are base 32 and hold an account number of at most twelve
  /// digits.
  private static boolean isAwsKeyId(byte[] text, int begin, int end, int start, int stop) {
    if (stop - start != 20) {
      return true;
    }
    long bits = 0;
    for (int i = start + 4; i < start + 14; i++) {
      byte b = text[i];
      int digit = b >= 'A' && b <= 'Z' ? b - 'A' : b >= '2' && b <= '7' ? b - '2' + 26 : -1;
      if (digit < 0) {
        return true;
      }
      bits = bits << 5 | digit;
    }
    long account = (bits >>> 2 & 0x7fffffffff80L) >>> 7;
    return account <= 999_999_999_999L;
  }
}
