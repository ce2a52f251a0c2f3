package io.outrider.redaction.rule;

import java.util.ArrayList;
import java.util.List;

/// Reads TOML 1.0. Written here because rules load at every start: it is a few milliseconds cold
/// where a general library takes hundreds, and it knows lines.
final class TomlReader {
  private static final int MAX_NESTING = 64;

  private final String text;

  /// The text again: an array is read many times faster by code that has not been compiled yet.
  private final char[] chars;

  private final TomlTable root = new TomlTable(1);
  private int at;
  private int line = 1;
  private int nesting;

  private TomlReader(String text) {
    this.text = text;
    this.chars = text.toCharArray();
  }

  static TomlTable read(String text) throws TomlException {
    var reader = new TomlReader(text.startsWith("\ufeff") ? text.substring(1) : text);
    reader.document();
    return reader.root;
  }

  private void document() throws TomlException {
    TomlTable table = root;
    while (true) {
      blank();
      if (at >= chars.length) {
        return;
      }
      if (chars[at] == '[') {
        table = header();
      } else {
        keyValue(table);
      }
      endOfLine();
    }
  }

  private TomlTable header() throws TomlException {
    boolean array = text.startsWith("[[", at);
    at += array ? 2 : 1;
    List<String> path = key();
    expect(array ? "]]" : "]");
    TomlTable table = root;
    for (int i = 0; i < path.size() - 1; i++) {
      table = descend(table, path.get(i));
    }
    String last = path.getLast();
    Object known = table.get(last).orElse(null);
    if (array) {
      TomlTable fresh = new TomlTable(line);
      if (known == null) {
        List<Object> list = new ArrayList<>();
        list.add(fresh);
        table.put(last, list);
      } else if (known instanceof ArrayList<?> list
          && !list.isEmpty()
          && list.getFirst() instanceof TomlTable) {
        @SuppressWarnings("unchecked")
        ArrayList<Object> tables = (ArrayList<Object>) list;
        tables.add(fresh);
      } else {
        throw error("[[" + last + "]] was defined as something else");
      }
      return fresh;
    }
    if (known == null) {
      TomlTable fresh = new TomlTable(line);
      fresh.defined = true;
      table.put(last, fresh);
      return fresh;
    }
    if (known instanceof TomlTable old && !old.defined && !old.closed) {
      old.defined = true;
      return old;
    }
    throw error("[" + last + "] is defined twice");
  }

  private TomlTable descend(TomlTable table, String key) throws TomlException {
    Object known = table.get(key).orElse(null);
    if (known == null) {
      TomlTable fresh = new TomlTable(line);
      table.put(key, fresh);
      return fresh;
    }
    if (known instanceof TomlTable next && !next.closed) {
      return next;
    }
    if (known instanceof ArrayList<?> list && list.getLast() instanceof TomlTable next) {
      return next;
    }
    throw error("key " + key + " is not a table");
  }

  private void keyValue(TomlTable target) throws TomlException {
    List<String> path = key();
    expect("=");
    TomlTable table = target;
    for (int i = 0; i < path.size() - 1; i++) {
      table = descend(table, path.get(i));
    }
    if (table.get(path.getLast()).isPresent()) {
      throw error("key " + path.getLast() + " is defined twice");
    }
    spaces();
    table.put(path.getLast(), value());
  }

  private List<String> key() throws TomlException {
    List<String> path = new ArrayList<>(2);
    while (true) {
      spaces();
      if (at >= chars.length) {
        throw error("the text ends where a key should be");
      }
      char c = chars[at];
      if (c == '"') {
        path.add(basic());
      } else if (c == '\'') {
        path.add(literal());
      } else {
        int start = at;
        while (at < chars.length && isBare(chars[at])) {
          at++;
        }
        if (at == start) {
          throw error("expected a key, found " + c);
        }
        path.add(text.substring(start, at));
      }
      spaces();
      if (at >= chars.length || chars[at] != '.') {
        return path;
      }
      at++;
    }
  }

  private static boolean isBare(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }

  private Object value() throws TomlException {
    if (at >= chars.length) {
      throw error("the text ends where a value should be");
    }
    if (++nesting > MAX_NESTING) {
      throw error("values nest deeper than " + MAX_NESTING);
    }
    try {
      return switch (chars[at]) {
        case '"' -> text.startsWith("\"\"\"", at) ? multiLineBasic() : basic();
        case '\'' -> text.startsWith("'''", at) ? multiLineLiteral() : literal();
        case '[' -> array();
        case '{' -> inlineTable();
        default -> scalar();
      };
    } finally {
      nesting--;
    }
  }

  private String literal() throws TomlException {
    int end = text.indexOf('\'', at + 1);
    int lineEnd = text.indexOf('\n', at);
    if (end < 0 || (lineEnd >= 0 && lineEnd < end)) {
      throw error("string without an end");
    }
    String result = text.substring(at + 1, end);
    at = end + 1;
    return result;
  }

  private String multiLineLiteral() throws TomlException {
    int start = afterFirstNewline(at + 3);
    int end = text.indexOf("'''", start);
    if (end < 0) {
      throw error("string without an end");
    }
    // Up to two more quotes belong to the text.
    while (end + 3 < chars.length && chars[end + 3] == '\'') {
      end++;
    }
    String result = text.substring(start, end);
    countLines(at, end);
    at = end + 3;
    return result;
  }

  private int afterFirstNewline(int start) {
    if (text.startsWith("\r\n", start)) {
      return start + 2;
    }
    return text.startsWith("\n", start) ? start + 1 : start;
  }

  private String basic() throws TomlException {
    var out = new StringBuilder();
    at++;
    while (true) {
      if (at >= chars.length || chars[at] == '\n') {
        throw error("string without an end");
      }
      char c = chars[at];
      if (c == '"') {
        at++;
        return out.toString();
      }
      if (c == '\\') {
        escape(out);
      } else {
        int start = at;
        while (at < chars.length && chars[at] != '"' && chars[at] != '\\' && chars[at] != '\n') {
          at++;
        }
        out.append(chars, start, at - start);
      }
    }
  }

  private String multiLineBasic() throws TomlException {
    var out = new StringBuilder();
    int before = at;
    at = afterFirstNewline(at + 3);
    countLines(before, at);
    while (true) {
      if (at >= chars.length) {
        throw error("string without an end");
      }
      if (text.startsWith("\"\"\"", at)) {
        while (at + 3 < chars.length && chars[at + 3] == '"') {
          out.append('"');
          at++;
        }
        at += 3;
        return out.toString();
      }
      char c = chars[at];
      if (c == '\\' && endsLine(at + 1)) {
        at++;
        while (at < chars.length && Character.isWhitespace(chars[at])) {
          line += chars[at] == '\n' ? 1 : 0;
          at++;
        }
      } else if (c == '\\') {
        escape(out);
      } else {
        line += c == '\n' ? 1 : 0;
        out.append(c);
        at++;
      }
    }
  }

  private boolean endsLine(int from) {
    int i = from;
    while (i < chars.length && (chars[i] == ' ' || chars[i] == '\t' || chars[i] == '\r')) {
      i++;
    }
    return i < chars.length && chars[i] == '\n';
  }

  private void escape(StringBuilder out) throws TomlException {
    char c = at + 1 < chars.length ? chars[at + 1] : 0;
    at += 2;
    switch (c) {
      case 'b' -> out.append('\b');
      case 't' -> out.append('\t');
      case 'n' -> out.append('\n');
      case 'f' -> out.append('\f');
      case 'r' -> out.append('\r');
      case '"' -> out.append('"');
      case '\\' -> out.append('\\');
      case 'u' -> codePoint(4, out);
      case 'U' -> codePoint(8, out);
      default -> throw error("unknown escape \\" + c);
    }
  }

  private void codePoint(int digits, StringBuilder out) throws TomlException {
    if (at + digits > chars.length) {
      throw error("escape without " + digits + " digits");
    }
    try {
      int c = Integer.parseUnsignedInt(text.substring(at, at + digits), 16);
      out.appendCodePoint(c);
      at += digits;
    } catch (IllegalArgumentException e) {
      throw error("escape without a code point of " + digits + " digits");
    }
  }

  private List<Object> array() throws TomlException {
    List<Object> list = new ArrayList<>();
    at++;
    while (true) {
      blank();
      if (at < chars.length && chars[at] == ']') {
        at++;
        return list;
      }
      list.add(value());
      blank();
      if (at < chars.length && chars[at] == ',') {
        at++;
      } else if (at >= chars.length || chars[at] != ']') {
        throw error("expected , or ] in an array");
      }
    }
  }

  private TomlTable inlineTable() throws TomlException {
    TomlTable table = new TomlTable(line);
    at++;
    blank();
    while (at < chars.length && chars[at] != '}') {
      keyValue(table);
      blank();
      if (at < chars.length && chars[at] == ',') {
        at++;
        blank();
      } else if (at >= chars.length || chars[at] != '}') {
        throw error("expected , or } in a table");
      }
    }
    expect("}");
    table.closed = true;
    return table;
  }

  private Object scalar() throws TomlException {
    int start = at;
    while (at < chars.length && ",]}#\n\r".indexOf(chars[at]) < 0) {
      at++;
    }
    String word = text.substring(start, at).strip();
    if (word.equals("true") || word.equals("false")) {
      return word.equals("true");
    }
    String digits = word.replace("_", "");
    try {
      if (digits.startsWith("0x")) {
        return Long.parseLong(digits.substring(2), 16);
      }
      if (digits.startsWith("0o")) {
        return Long.parseLong(digits.substring(2), 8);
      }
      if (digits.startsWith("0b")) {
        return Long.parseLong(digits.substring(2), 2);
      }
      if (isInteger(digits)) {
        return Long.parseLong(digits);
      }
      if (isDecimal(digits)) {
        return Double.parseDouble(digits);
      }
    } catch (NumberFormatException e) {
      throw error("number out of range");
    }
    switch (digits) {
      case "inf", "+inf":
        return Double.POSITIVE_INFINITY;
      case "-inf":
        return Double.NEGATIVE_INFINITY;
      case "nan", "+nan", "-nan":
        return Double.NaN;
      default:
        if (word.matches("\\d{4}-\\d\\d-\\d\\d.*|\\d\\d:\\d\\d:\\d\\d.*")) {
          return word;
        }
        throw error("expected a value");
    }
  }

  private static boolean isInteger(String word) {
    int digits = afterDigits(word, afterSign(word, 0));
    return digits > 0 && digits == word.length();
  }

  /// Whether it is a number such as `-1.5e6`. An expression would say it shorter, but has to be
  /// compiled at every start for one `entropy`.
  private static boolean isDecimal(String word) {
    int at = afterDigits(word, afterSign(word, 0));
    if (at > 0 && word.startsWith(".", at)) {
      at = afterDigits(word, at + 1);
    }
    if (at > 0 && (word.startsWith("e", at) || word.startsWith("E", at))) {
      at = afterDigits(word, afterSign(word, at + 1));
    }
    return at > 0 && at == word.length();
  }

  private static int afterSign(String word, int at) {
    return word.startsWith("+", at) || word.startsWith("-", at) ? at + 1 : at;
  }

  /// The place after the digits at a place; -1 when there are none.
  private static int afterDigits(String word, int at) {
    int i = at;
    while (i < word.length() && word.charAt(i) >= '0' && word.charAt(i) <= '9') {
      i++;
    }
    return i == at ? -1 : i;
  }

  private void spaces() {
    while (at < chars.length && (chars[at] == ' ' || chars[at] == '\t')) {
      at++;
    }
  }

  /// Skips white space, line ends and comments.
  private void blank() {
    while (at < chars.length) {
      char c = chars[at];
      if (c == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? chars.length : end;
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        line += c == '\n' ? 1 : 0;
        at++;
      } else {
        return;
      }
    }
  }

  private void endOfLine() throws TomlException {
    spaces();
    if (at < chars.length && chars[at] == '#') {
      int end = text.indexOf('\n', at);
      at = end < 0 ? chars.length : end;
    }
    if (at < chars.length && chars[at] != '\n' && chars[at] != '\r') {
      throw error("expected the end of the line");
    }
  }

  private void expect(String what) throws TomlException {
    spaces();
    if (!text.startsWith(what, at)) {
      throw error("expected " + what);
    }
    at += what.length();
  }

  private void countLines(int start, int end) {
    for (int i = text.indexOf('\n', start); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) {
      line++;
    }
  }

  private TomlException error(String reason) {
    return new TomlException(line, reason);
  }
}
