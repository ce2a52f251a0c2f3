package io.outrider.policy.syntax;

import io.outrider.policy.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Cuts a source text into tokens, one at a time, from any place the parser asks for.
///
/// It holds no state of its own beyond the comments it has passed, which lets the parser go back
/// and read again.
final class Scanner {
  private static final Map<String, Kind> ALWAYS =
      Map.ofEntries(
          Map.entry("package", Kind.PACKAGE),
          Map.entry("import", Kind.IMPORT),
          Map.entry("as", Kind.AS),
          Map.entry("default", Kind.DEFAULT),
          Map.entry("else", Kind.ELSE),
          Map.entry("not", Kind.NOT),
          Map.entry("some", Kind.SOME),
          Map.entry("with", Kind.WITH),
          Map.entry("null", Kind.NULL),
          Map.entry("true", Kind.TRUE),
          Map.entry("false", Kind.FALSE));
  private static final Map<String, Kind> ON_DEMAND =
      Map.of(
          "in", Kind.IN,
          "every", Kind.EVERY,
          "contains", Kind.CONTAINS,
          "if", Kind.IF,
          "and", Kind.ALL_OF,
          "or", Kind.ANY_OF);

  private final Source source;
  private final String text;
  private final List<Span> comments = new ArrayList<>();
  private final Map<String, Kind> keywords = new HashMap<>(ALWAYS);
  private boolean namesOnly;
  private int furthestComment = -1;

  Scanner(Source source) {
    this.source = source;
    this.text = source.text();
  }

  /// Turns on a keyword that not every version of the language has.
  void activate(String keyword) {
    Kind kind = ON_DEMAND.get(keyword);
    if (kind != null) {
      keywords.put(keyword, kind);
    }
    if (kind == Kind.EVERY) {
      keywords.put("in", Kind.IN);
    }
  }

  /// Reads keywords that not every version has as names, or no longer so.
  void setNamesOnly(boolean on) {
    namesOnly = on;
  }

  boolean isActive(String keyword) {
    return keywords.containsKey(keyword);
  }

  /// The kind of token that a word is now.
  Kind kindOf(String word) {
    return (namesOnly ? ALWAYS : keywords).getOrDefault(word, Kind.IDENT);
  }

  /// The comments passed so far, `#` included, in the order of the text.
  List<Span> comments() {
    return comments;
  }

  /// The token that begins at or after `from`.
  Token next(int from) {
    int i = from;
    boolean newline = false;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '\n') {
        newline = true;
        i++;
      } else if (c == ' ' || c == '\t' || c == '\r') {
        i++;
      } else if (c == '#') {
        i = comment(i);
      } else if (c == '\uFEFF' && i == 0) {
        i++;
      } else {
        break;
      }
    }
    if (i >= text.length()) {
      return new Token(Kind.EOF, text.length(), text.length(), true, true);
    }
    try {
      return scan(i, i > from, newline);
    } catch (ParseFailure illegal) {
      // It is a mistake only where the parser gets to it and cannot go back to another reading.
      return new Token(Kind.ILLEGAL, i, i + 1, i > from, newline, illegal);
    }
  }

  private int comment(int start) {
    int end = text.indexOf('\n', start);
    if (end < 0) {
      end = text.length();
    }
    if (start > furthestComment) {
      furthestComment = start;
      int last = end > start && text.charAt(end - 1) == '\r' ? end - 1 : end;
      comments.add(new Span(source, start, last));
    }
    return end;
  }

  private Token scan(int i, boolean spaced, boolean newline) {
    char c = text.charAt(i);
    if (isLetter(c)) {
      int end = i + 1;
      while (end < text.length() && isWordPart(text.charAt(end))) {
        end++;
      }
      Kind kind = kindOf(text.substring(i, end));
      return new Token(kind, i, end, spaced, newline);
    }
    if (isDigit(c) || (c == '.' && i + 1 < text.length() && isDigit(text.charAt(i + 1)))) {
      return new Token(Kind.NUMBER, i, number(i), spaced, newline);
    }
    char d = i + 1 < text.length() ? text.charAt(i + 1) : 0;
    return switch (c) {
      case '"' -> new Token(Kind.STRING, i, string(i), spaced, newline);
      case '`' -> new Token(Kind.RAW_STRING, i, rawString(i), spaced, newline);
      case '$' -> {
        if (d == '"') {
          yield new Token(Kind.TEMPLATE, i, i + 2, spaced, newline);
        }
        if (d == '`') {
          yield new Token(Kind.RAW_TEMPLATE, i, i + 2, spaced, newline);
        }
        throw illegal(i, 1, "illegal $ character");
      }
      case '[' -> new Token(Kind.LBRACK, i, i + 1, spaced, newline);
      case ']' -> new Token(Kind.RBRACK, i, i + 1, spaced, newline);
      case '{' -> new Token(Kind.LBRACE, i, i + 1, spaced, newline);
      case '}' -> new Token(Kind.RBRACE, i, i + 1, spaced, newline);
      case '(' -> new Token(Kind.LPAREN, i, i + 1, spaced, newline);
      case ')' -> new Token(Kind.RPAREN, i, i + 1, spaced, newline);
      case ',' -> new Token(Kind.COMMA, i, i + 1, spaced, newline);
      case ';' -> new Token(Kind.SEMICOLON, i, i + 1, spaced, newline);
      case '.' -> new Token(Kind.DOT, i, i + 1, spaced, newline);
      case '+' -> new Token(Kind.ADD, i, i + 1, spaced, newline);
      case '-' -> new Token(Kind.SUB, i, i + 1, spaced, newline);
      case '*' -> new Token(Kind.MUL, i, i + 1, spaced, newline);
      case '/' -> new Token(Kind.DIV, i, i + 1, spaced, newline);
      case '%' -> new Token(Kind.REM, i, i + 1, spaced, newline);
      case '&' -> new Token(Kind.AND, i, i + 1, spaced, newline);
      case '|' -> new Token(Kind.OR, i, i + 1, spaced, newline);
      case ':' ->
          d == '='
              ? new Token(Kind.ASSIGN, i, i + 2, spaced, newline)
              : new Token(Kind.COLON, i, i + 1, spaced, newline);
      case '=' ->
          d == '='
              ? new Token(Kind.EQUAL, i, i + 2, spaced, newline)
              : new Token(Kind.UNIFY, i, i + 1, spaced, newline);
      case '<' ->
          d == '='
              ? new Token(Kind.LTE, i, i + 2, spaced, newline)
              : new Token(Kind.LT, i, i + 1, spaced, newline);
      case '>' ->
          d == '='
              ? new Token(Kind.GTE, i, i + 2, spaced, newline)
              : new Token(Kind.GT, i, i + 1, spaced, newline);
      case '!' -> {
        if (d == '=') {
          yield new Token(Kind.NEQ, i, i + 2, spaced, newline);
        }
        throw illegal(i, 1, "illegal ! character");
      }
      default -> {
        int point = text.codePointAt(i);
        throw illegal(
            i,
            Character.charCount(point),
            point >= 0x20 && point != 0x7F
                ? "illegal token: " + Character.toString(point)
                : "illegal token: U+%04X".formatted(point));
      }
    };
  }

  private int number(int start) {
    int i = start;
    if (text.charAt(i) == '0' && i + 1 < text.length() && isDigit(text.charAt(i + 1))) {
      throw illegal(start, 2, "unexpected number token: expected number without leading zero");
    }
    i = digits(i);
    if (i + 1 < text.length() && text.charAt(i) == '.' && isDigit(text.charAt(i + 1))) {
      i = digits(i + 1);
    } else if (i < text.length() && text.charAt(i) == '.' && i > start) {
      throw illegal(start, i + 1 - start, "expected fraction");
    }
    if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      int exponent = i + 1;
      if (exponent < text.length()
          && (text.charAt(exponent) == '+' || text.charAt(exponent) == '-')) {
        exponent++;
      }
      int end = digits(exponent);
      if (end == exponent) {
        throw illegal(start, end - start, "expected exponent");
      }
      i = end;
    }
    if (i < text.length() && isLetter(text.charAt(i))) {
      throw illegal(start, i + 1 - start, "illegal number format");
    }
    return i;
  }

  private int digits(int start) {
    int i = start;
    while (i < text.length() && isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private int string(int start) {
    for (int i = start + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        return i + 1;
      }
      if (c == '\\') {
        i++;
      } else if (c == '\n') {
        break;
      }
    }
    throw illegal(start, 1, "non-terminated string");
  }

  private int rawString(int start) {
    int end = text.indexOf('`', start + 1);
    if (end < 0) {
      throw illegal(start, 1, "non-terminated raw string");
    }
    return end + 1;
  }

  /// One piece of literal text inside a template string.
  ///
  /// @param next where scanning goes on: after the closing quote, or after the `{` of a hole
  record Piece(String text, int next, boolean hole) {}

  /// The literal text of a template from `from` to the next hole or to the end of the string.
  Piece templatePiece(int from, boolean raw, int templateStart) {
    StringBuilder out = new StringBuilder();
    int i = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == (raw ? '`' : '"')) {
        return new Piece(wellFormed(out), i + 1, false);
      }
      if (c == '{') {
        return new Piece(wellFormed(out), i + 1, true);
      }
      if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '{') {
        out.append('{');
        i += 2;
      } else if (c == '\\' && !raw) {
        i = escape(i, out);
      } else if (c == '\n' && !raw) {
        break;
      } else {
        out.append(c);
        i++;
      }
    }
    throw illegal(templateStart, 2, "non-terminated template string");
  }

  /// The value of a quoted string token.
  String unquote(Token token) {
    int end = token.end() - 1;
    int start = token.start() + 1;
    if (text.indexOf('\\', start, end) < 0) {
      return text.substring(start, end);
    }
    StringBuilder out = new StringBuilder(end - start);
    int i = start;
    while (i < end) {
      char c = text.charAt(i);
      if (c == '\\') {
        i = escape(i, out);
      } else if (c < 0x20) {
        // A string with escapes is read as JSON, which has no such characters.
        throw illegal(i, 1, "illegal string literal: control character");
      } else {
        out.append(c);
        i++;
      }
    }
    return wellFormed(out);
  }

  /// The text with half surrogate pairs replaced, as Go has no other way to hold them.
  private static String wellFormed(StringBuilder text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        text.setCharAt(i, '\uFFFD');
      }
    }
    return text.toString();
  }

  private int escape(int at, StringBuilder out) {
    char c = at + 1 < text.length() ? text.charAt(at + 1) : 0;
    switch (c) {
      case '"', '\\', '/' -> out.append(c);
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'u' -> {
        if (at + 6 > text.length()) {
          throw illegal(at, 2, "illegal unicode escape: four hexadecimal digits expected");
        }
        int value = 0;
        for (int i = at + 2; i < at + 6; i++) {
          int digit = Character.digit(text.charAt(i), 16);
          if (digit < 0) {
            throw illegal(at, 6, "illegal unicode escape: four hexadecimal digits expected");
          }
          value = value * 16 + digit;
        }
        out.append((char) value);
        return at + 6;
      }
      default -> throw illegal(at, Math.min(2, text.length() - at), "illegal escape sequence");
    }
    return at + 2;
  }

  private ParseFailure illegal(int start, int length, String message) {
    return new ParseFailure(
        new Span(source, start, Math.min(start + length, text.length())), message, null);
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isWordPart(char c) {
    return isLetter(c) || isDigit(c) || (c >= 0x80 && Character.isDigit(c));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
