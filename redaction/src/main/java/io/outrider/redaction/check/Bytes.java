package io.outrider.redaction.check;

/// Questions about single bytes of ASCII text.
public final class Bytes {
  private Bytes() {}

  public static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  public static boolean isLetter(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }

  public static boolean isAlphanumeric(byte b) {
    return isLetter(b) || isDigit(b);
  }

  /// Letters, digits and `_`: what expressions call a word.
  public static boolean isWord(byte b) {
    return isAlphanumeric(b) || b == '_';
  }

  /// Letters, digits, `_` and `-`: what tokens are made of.
  public static boolean isToken(byte b) {
    return isWord(b) || b == '-';
  }
}
