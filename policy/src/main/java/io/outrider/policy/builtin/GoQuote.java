package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoString;

/// Go's quoted forms of strings and characters.
final class GoQuote {
  private GoQuote() {}

  /// The string in double quotes; with `asciiOnly` everything outside ASCII is escaped as well.
  static String string(String text, boolean asciiOnly) {
    String quoted = RegoString.of(text).toString();
    return asciiOnly ? escapeNonAscii(quoted) : quoted;
  }

  /// The character in single quotes.
  static String character(int codePoint, boolean asciiOnly) {
    String body =
        switch (codePoint) {
          case '\'' -> "\\'";
          case '"' -> "\"";
          default -> {
            String quoted = string(Character.toString(codePoint), asciiOnly);
            yield quoted.substring(1, quoted.length() - 1);
          }
        };
    return "'" + body + "'";
  }

  private static String escapeNonAscii(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (c < 0x80) {
            out.append((char) c);
          } else {
            out.append(c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c));
          }
        });
    return out.toString();
  }

  /// Whether the string can stand between back quotes as it is.
  static boolean canBackquote(String text) {
    return text.chars()
        .noneMatch(c -> c == '`' || c == 0x7f || c == 0xFEFF || (c < 0x20 && c != '\t'));
  }

  /// The form of Go's `%#U`: the code point and, when it can be shown, the character.
  static String codePoint(int c) {
    return "U+%04X '%s'".formatted(c, Character.toString(c));
  }
}
