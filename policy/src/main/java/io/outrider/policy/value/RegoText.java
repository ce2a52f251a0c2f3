package io.outrider.policy.value;

/// Writes values as Rego source text: sets in braces, strings quoted as Go quotes them, numbers as
/// they were written.
final class RegoText {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private RegoText() {}

  static String of(RegoValue value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(RegoValue value, StringBuilder out) {
    switch (value) {
      case RegoNull n -> out.append("null");
      case RegoBoolean b -> out.append(b.value());
      case RegoNumber n -> out.append(n.text());
      case RegoString s -> quote(s.value(), out);
      case RegoArray a -> writeAll(a, '[', ']', out);
      case RegoObject o -> writeObject(o, out);
      case RegoSet s -> {
        if (s.isEmpty()) {
          out.append("set()");
        } else {
          writeAll(s, '{', '}', out);
        }
      }
    }
  }

  private static void writeAll(
      Iterable<RegoValue> items, char open, char close, StringBuilder out) {
    out.append(open);
    boolean first = true;
    for (RegoValue item : items) {
      if (!first) {
        out.append(", ");
      }
      first = false;
      write(item, out);
    }
    out.append(close);
  }

  private static void writeObject(RegoObject object, StringBuilder out) {
    out.append('{');
    for (int i = 0; i < object.size(); i++) {
      if (i > 0) {
        out.append(", ");
      }
      write(object.keyAt(i), out);
      out.append(": ");
      write(object.valueAt(i), out);
    }
    out.append('}');
  }

  /// Appends the text in double quotes, printable characters as they are and all others escaped.
  static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case 0x07 -> out.append("\\a");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case 0x0b -> out.append("\\v");
        default -> {
          if (isPrintable(c)) {
            out.appendCodePoint(c);
          } else if (c < 0x20 || c == 0x7f) {
            out.append("\\x").append(HEX[c >> 4]).append(HEX[c & 15]);
          } else if (c < 0x10000) {
            hex(out.append("\\u"), c, 4);
          } else {
            hex(out.append("\\U"), c, 8);
          }
        }
      }
    }
    out.append('"');
  }

  private static void hex(StringBuilder out, int value, int digits) {
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
      out.append(HEX[(value >> shift) & 15]);
    }
  }

  /// Letters, marks, numbers, punctuation, symbols and the plain space.
  static boolean isPrintable(int c) {
    if (c < 0x7f) {
      return c >= 0x20;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
