package io.outrider.audit.verify;

import java.util.Locale;

/// Makes text of unknown origin harmless on a terminal, in a page and in one line: what could move
/// the cursor, turn the writing direction, hide itself or begin a new line is shown as its code,
/// such as `<U+202E>`.
public final class SafeText {
  private SafeText() {}

  /// `text` with everything dangerous written as its code, cut to `limit` characters with an
  /// ellipsis.
  public static String of(String text, int limit) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), limit) + 8);
    int shown = 0;
    for (int i = 0; i < text.length(); ) {
      if (shown == limit) {
        return out.append('\u2026').toString();
      }
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (isHarmless(c)) {
        out.appendCodePoint(c);
      } else {
        out.append(String.format(Locale.ROOT, "<U+%04X>", c));
      }
      shown++;
    }
    return out.toString();
  }

  /// `text` with everything dangerous written as its code.
  public static String of(String text) {
    return of(text, Integer.MAX_VALUE);
  }

  /// JSON with every dangerous character escaped as JSON escapes it; means the same.
  public static String json(String json) {
    StringBuilder out = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); ) {
      int c = json.codePointAt(i);
      i += Character.charCount(c);
      if (isHarmless(c)) {
        out.appendCodePoint(c);
      } else {
        for (char half : Character.toChars(c)) {
          out.append(String.format(Locale.ROOT, "\\%c%04x", 'u', (int) half));
        }
      }
    }
    return out.toString();
  }

  private static boolean isHarmless(int c) {
    if (c >= 0x20 && c < 0x7f) {
      return true;
    }
    // Combining marks could pile up into neighbouring lines.
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK ->
          false;
      default -> true;
    };
  }
}
