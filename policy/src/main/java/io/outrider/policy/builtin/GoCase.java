package io.outrider.policy.builtin;

/// Upper and lower case, one code point at a time as Go does it: no letter becomes two, and no
/// context matters.
final class GoCase {
  private GoCase() {}

  static String lower(String text) {
    return mapped(text, false);
  }

  static String upper(String text) {
    return mapped(text, true);
  }

  private static String mapped(String text, boolean upper) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      out.appendCodePoint(upper ? Character.toUpperCase(c) : Character.toLowerCase(c));
    }
    return out.toString();
  }
}
