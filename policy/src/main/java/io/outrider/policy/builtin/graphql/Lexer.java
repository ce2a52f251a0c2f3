package io.outrider.policy.builtin.graphql;

import io.outrider.policy.builtin.graphql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Splits a document into tokens.
final class Lexer {
  private static final Kind[] PUNCTUATION = {
    Kind.BANG,
    Kind.DOLLAR,
    Kind.AMP,
    Kind.PAREN_L,
    Kind.PAREN_R,
    Kind.COLON,
    Kind.EQUALS,
    Kind.AT,
    Kind.BRACKET_L,
    Kind.BRACKET_R,
    Kind.BRACE_L,
    Kind.BRACE_R,
    Kind.PIPE
  };

  private final int[] text;
  private int start;
  private int end;
  private int line = 1;
  private int lineStart;

  /// The error behind the last token, if that is an invalid one.
  private @Nullable GraphqlException error;

  Lexer(String text) {
    this.text = text.codePoints().toArray();
  }

  @Nullable GraphqlException error() {
    return error;
  }

  Token next() {
    skipSpace();
    error = null;
    start = end;
    if (end >= text.length) {
      return token(Kind.EOF, "");
    }
    int c = text[end];
    for (Kind kind : PUNCTUATION) {
      if (kind.toString().charAt(0) == c) {
        end++;
        return token(kind, "");
      }
    }
    if (startsWith("...")) {
      end += 3;
      return token(Kind.SPREAD, "");
    }
    if (c == '#') {
      while (end < text.length && (text[end] > 0x1f || text[end] == '\t')) {
        end++;
      }
      return token(Kind.COMMENT, slice(start, end));
    }
    if (isNameStart(c)) {
      while (end < text.length && (isNameStart(text[end]) || isDigit(text[end]))) {
        end++;
      }
      return token(Kind.NAME, slice(start, end));
    }
    if (c == '-' || isDigit(c)) {
      return number();
    }
    if (startsWith("\"\"\"")) {
      return blockString();
    }
    if (c == '"') {
      return string();
    }
    if (c < 0x20) {
      return invalid("Cannot contain the invalid character \"\\u%04x\"".formatted(c));
    }
    if (c == '\'') {
      return invalid(
          "Unexpected single quote character ('), did you mean to use a double quote (\")?");
    }
    return invalid("Cannot parse the unexpected character \"" + Character.toString(c) + "\".");
  }

  private static boolean isNameStart(int c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private boolean startsWith(String prefix) {
    for (int i = 0; i < prefix.length(); i++) {
      if (end + i >= text.length || text[end + i] != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String slice(int from, int to) {
    return new String(text, from, to - from);
  }

  private Token token(Kind kind, String value) {
    return new Token(kind, value, line, start - lineStart + 1);
  }

  private Token invalid(String message) {
    int column = end - lineStart + 1;
    error = GraphqlException.at(line, column, message);
    return new Token(Kind.INVALID, "", line, column);
  }

  private void newLine() {
    line++;
    lineStart = end;
  }

  private void skipSpace() {
    for (; end < text.length; ) {
      switch (text[end]) {
        case '\t', ' ', ',', 0xfeff -> end++;
        case '\n' -> {
          end++;
          newLine();
        }
        case '\r' -> {
          end++;
          newLine();
          if (end < text.length && text[end] == '\n') {
            end++;
          }
        }
        default -> {
          return;
        }
      }
    }
  }

  private Token number() {
    boolean isFloat = false;
    accept("-");
    if (accept("0")) {
      if (end < text.length && isDigit(text[end])) {
        return invalid("Invalid number, unexpected digit after 0: " + next(end) + ".");
      }
    } else if (digits() == 0) {
      return noDigit();
    }
    if (accept(".")) {
      isFloat = true;
      if (digits() == 0) {
        return noDigit();
      }
    }
    if (accept("eE")) {
      isFloat = true;
      accept("+-");
      if (digits() == 0) {
        return noDigit();
      }
    }
    return token(isFloat ? Kind.FLOAT : Kind.INT, slice(start, end));
  }

  private Token noDigit() {
    return invalid("Invalid number, expected digit but got: " + next(end) + ".");
  }

  private String next(int at) {
    return at < text.length ? "\"" + Character.toString(text[at]) + "\"" : "<EOF>";
  }

  private boolean accept(String any) {
    if (end < text.length && any.indexOf(text[end]) >= 0) {
      end++;
      return true;
    }
    return false;
  }

  private int digits() {
    int from = end;
    while (end < text.length && isDigit(text[end])) {
      end++;
    }
    return end - from;
  }

  private Token string() {
    end++;
    // The place of a string is that of its first character.
    start = end;
    StringBuilder value = new StringBuilder();
    while (end < text.length) {
      int c = text[end];
      if (c == '\n' || c == '\r') {
        break;
      }
      if (c < 0x20 && c != '\t') {
        return badCharacter(c);
      }
      if (c == '"') {
        end++;
        return token(Kind.STRING, value.toString());
      }
      if (c != '\\') {
        value.appendCodePoint(c);
        end++;
        continue;
      }
      String problem = escape(value);
      if (problem != null) {
        end++;
        return invalid(problem);
      }
    }
    return invalid("Unterminated string.");
  }

  private Token badCharacter(int c) {
    return invalid("Invalid character within String: \"\\u%04x\".".formatted(c));
  }

  /// Reads an escape sequence and returns what is wrong with it, or null.
  private @Nullable String escape(StringBuilder value) {
    if (end + 1 >= text.length) {
      return "Invalid character escape sequence.";
    }
    int c = text[end + 1];
    if (c == 'u') {
      if (end + 6 >= text.length) {
        return "Invalid character escape sequence: \\" + slice(end + 1, text.length) + ".";
      }
      String hex = slice(end + 2, end + 6);
      if (!hex.matches("[0-9a-fA-F]{4}")) {
        return "Invalid character escape sequence: \\" + slice(end + 1, end + 6) + ".";
      }
      int code = Integer.parseInt(hex, 16);
      value.appendCodePoint(code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
      end += 6;
      return null;
    }
    int at = "\"/\\bfnrt".indexOf(c);
    if (at < 0) {
      return "Invalid character escape sequence: \\" + Character.toString(c) + ".";
    }
    value.append("\"/\\\b\f\n\r\t".charAt(at));
    end += 2;
    return null;
  }

  private Token blockString() {
    end += 3;
    start = end;
    StringBuilder value = new StringBuilder();
    while (end < text.length) {
      int c = text[end];
      if (c == '"') {
        int quotes = 1;
        while (end + quotes < text.length && text[end + quotes] == '"') {
          quotes++;
        }
        if (quotes >= 3) {
          value.append("\"".repeat(quotes - 3));
          Token token = token(Kind.BLOCK_STRING, unindented(value.toString()));
          end += quotes;
          return token;
        }
      }
      if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') {
        return badCharacter(c);
      }
      if (startsWith("\\\"\"\"")) {
        value.append("\"\"\"");
        end += 4;
      } else if (c == '\r') {
        end += end + 1 < text.length && text[end + 1] == '\n' ? 2 : 1;
        value.append('\n');
        newLine();
      } else {
        value.appendCodePoint(c);
        end++;
        if (c == '\n') {
          newLine();
        }
      }
    }
    return invalid("Unterminated string.");
  }

  /// The value of a block string: without the indentation that all lines but the first share, and
  /// without blank lines at both ends.
  private static String unindented(String raw) {
    List<String> lines = new ArrayList<>(List.of(raw.split("\n", -1)));
    int common = Integer.MAX_VALUE;
    for (String each : lines) {
      common = Math.min(common, indentation(each));
    }
    if (common != Integer.MAX_VALUE) {
      for (int i = 1; i < lines.size(); i++) {
        String each = lines.get(i);
        lines.set(i, each.length() < common ? "" : each.substring(common));
      }
    }
    int from = 0;
    int to = lines.size();
    while (from < to && indentation(lines.get(from)) == Integer.MAX_VALUE) {
      from++;
    }
    while (from < to && indentation(lines.get(to - 1)) == Integer.MAX_VALUE) {
      to--;
    }
    return String.join("\n", lines.subList(from, to));
  }

  /// The blanks a line begins with; a line of nothing else has no indentation.
  private static int indentation(String line) {
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) != ' ' && line.charAt(i) != '\t') {
        return i;
      }
    }
    return Integer.MAX_VALUE;
  }
}
