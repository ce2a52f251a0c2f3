package io.outrider.redaction.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads the syntax of Go's `regexp` package (RE2) into a tree.
final class RegexParser {
  /// Go's own limit on a counted repetition.
  private static final int MAX_REPEAT = 1000;

  private static final int MAX_DIGITS = 5;

  private static final int[] NO_COUNTS = {};

  /// Far deeper than any rule; keeps a hostile rule file from exhausting the stack.
  private static final int MAX_DEPTH = 200;

  private final String pattern;

  /// The pattern again: an array is read many times faster by code that has not been compiled yet.
  private final char[] chars;

  private int at;
  private int groups;
  private int depth;
  private boolean foldCase;
  private boolean dotAll;
  private boolean multiLine;
  private boolean swapGreed;

  private RegexParser(String pattern) {
    this.pattern = pattern;
    this.chars = pattern.toCharArray();
  }

  /// A tree and the number of its capturing groups.
  record Parsed(Node root, int groups) {}

  static Parsed parse(String pattern) throws RegexSyntaxException {
    var parser = new RegexParser(pattern);
    Node root = parser.alternation();
    if (parser.at < parser.chars.length) {
      throw parser.error("unexpected )");
    }
    return new Parsed(root, parser.groups);
  }

  private Node alternation() throws RegexSyntaxException {
    if (++depth > MAX_DEPTH) {
      throw error("nested deeper than " + MAX_DEPTH);
    }
    List<Node> branches = new ArrayList<>();
    branches.add(sequence());
    while (at < chars.length && chars[at] == '|') {
      at++;
      branches.add(sequence());
    }
    depth--;
    return branches.size() == 1 ? branches.getFirst() : new Node.Alt(branches);
  }

  private Node sequence() throws RegexSyntaxException {
    List<Node> parts = new ArrayList<>();
    while (at < chars.length) {
      char c = chars[at];
      if (c == '|' || c == ')') {
        break;
      }
      if (c == '\\' && pattern.startsWith("\\Q", at)) {
        quoted(parts);
        continue;
      }
      Node atom = atom();
      if (atom instanceof Node.Empty) {
        continue;
      }
      parts.add(repeated(atom));
    }
    return switch (parts.size()) {
      case 0 -> new Node.Empty();
      case 1 -> parts.getFirst();
      default -> new Node.Cat(parts);
    };
  }

  private void quoted(List<Node> parts) throws RegexSyntaxException {
    int end = pattern.indexOf("\\E", at + 2);
    String text = pattern.substring(at + 2, end < 0 ? chars.length : end);
    at = end < 0 ? chars.length : end + 2;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      parts.add(literal(text.codePointAt(i)));
    }
    if (!parts.isEmpty() && !text.isEmpty()) {
      parts.add(repeated(parts.removeLast()));
    }
  }

  private Node repeated(Node atom) throws RegexSyntaxException {
    if (at >= chars.length) {
      return atom;
    }
    int min;
    int max;
    int before = at;
    switch (chars[at]) {
      case '*' -> {
        min = 0;
        max = -1;
        at++;
      }
      case '+' -> {
        min = 1;
        max = -1;
        at++;
      }
      case '?' -> {
        min = 0;
        max = 1;
        at++;
      }
      case '{' -> {
        int[] counts = counts();
        if (counts.length == 0) {
          return atom;
        }
        min = counts[0];
        max = counts[1];
      }
      default -> {
        return atom;
      }
    }
    boolean greedy = true;
    if (at < chars.length && chars[at] == '?') {
      greedy = false;
      at++;
    }
    if (at < chars.length && ("*+?".indexOf(chars[at]) >= 0 || startsCounts())) {
      throw error("repetition of a repetition: " + pattern.substring(before, at + 1));
    }
    return new Node.Repeat(atom, min, max, greedy != swapGreed);
  }

  private boolean startsCounts() throws RegexSyntaxException {
    int before = at;
    boolean starts = chars[at] == '{' && counts().length > 0;
    at = before;
    return starts;
  }

  /// Reads `{n}`, `{n,}` or `{n,m}`; gives an empty array, and stays in place, when the brace is a
  /// literal.
  private int[] counts() throws RegexSyntaxException {
    int low = afterDigits(at + 1);
    if (low < 0 || low == chars.length) {
      return NO_COUNTS;
    }
    int min = number(at + 1, low);
    int max = min;
    int close = low;
    if (chars[low] == ',') {
      close = low + 1;
      max = -1;
      if (close < chars.length && chars[close] != '}') {
        close = afterDigits(low + 1);
        max = close < 0 ? -1 : number(low + 1, close);
      }
    }
    if (close < 0 || close >= chars.length || chars[close] != '}') {
      return NO_COUNTS;
    }
    if (min > MAX_REPEAT || max > MAX_REPEAT || (max >= 0 && min > max)) {
      String body = pattern.substring(at + 1, close);
      throw error("repeat count {" + body + "} (expected: min <= max <= " + MAX_REPEAT + ")");
    }
    at = close + 1;
    return new int[] {min, max};
  }

  /// The place after the digits at a place; -1 when there are none, or too many for a number.
  private int afterDigits(int from) {
    int i = from;
    while (i < chars.length && chars[i] >= '0' && chars[i] <= '9') {
      i++;
    }
    return i == from || i > from + MAX_DIGITS ? -1 : i;
  }

  private int number(int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = value * 10 + chars[i] - '0';
    }
    return value;
  }

  private Node atom() throws RegexSyntaxException {
    int c = chars[at] < 0x80 ? chars[at] : pattern.codePointAt(at);
    switch (c) {
      case '(':
        return group();
      case '[':
        return new Node.Chars(bracket());
      case '.':
        at++;
        return new Node.Chars(dotAll ? CharSet.ANY : CharSet.NOT_NEWLINE);
      case '^':
        at++;
        return new Node.Assert(multiLine ? Node.Place.LINE_START : Node.Place.TEXT_START);
      case '$':
        at++;
        return new Node.Assert(multiLine ? Node.Place.LINE_END : Node.Place.TEXT_END);
      case '*', '+', '?':
        throw error("nothing to repeat before " + chars[at]);
      case '\\':
        return escape();
      default:
        at += Character.charCount(c);
        return literal(c);
    }
  }

  private Node literal(int codePoint) {
    return Node.Chars.single(codePoint, foldCase);
  }

  private Node group() throws RegexSyntaxException {
    at++;
    boolean fold = foldCase;
    boolean all = dotAll;
    boolean multi = multiLine;
    boolean swap = swapGreed;
    int index = -1;
    if (at < chars.length && chars[at] == '?') {
      at++;
      if (pattern.startsWith("P<", at) || pattern.startsWith("<", at)) {
        char afterAngle = at + 1 < chars.length ? chars[at + 1] : 0;
        if (chars[at] == '<' && (afterAngle == '=' || afterAngle == '!')) {
          throw error("look-behind cannot be matched in linear time");
        }
        int close = pattern.indexOf('>', at);
        if (close < 0) {
          throw error("group name without >");
        }
        at = close + 1;
        index = ++groups;
      } else if (at < chars.length && (chars[at] == '=' || chars[at] == '!')) {
        throw error("look-ahead cannot be matched in linear time");
      } else if (flags()) {
        // (?i) holds to the end of the enclosing group, which restores its own flags.
        return new Node.Empty();
      }
    } else {
      index = ++groups;
    }
    Node body = alternation();
    if (at >= chars.length) {
      throw error("group without )");
    }
    at++;
    foldCase = fold;
    dotAll = all;
    multiLine = multi;
    swapGreed = swap;
    // An empty group must stay an atom, because a repetition may follow it.
    return index < 0
        ? (body instanceof Node.Empty ? new Node.Cat(List.of()) : body)
        : new Node.Group(body, index);
  }

  /// Reads the flags of `(?i)` or `(?i:`; true when the parenthesis closed at once.
  private boolean flags() throws RegexSyntaxException {
    boolean on = true;
    while (at < chars.length) {
      char c = pattern.charAt(at++);
      switch (c) {
        case 'i' -> foldCase = on;
        case 's' -> dotAll = on;
        case 'm' -> multiLine = on;
        case 'U' -> swapGreed = on;
        case '-' -> on = false;
        case ':' -> {
          return false;
        }
        case ')' -> {
          return true;
        }
        default -> throw error("unknown flag " + c + " (expected: i, s, m or U)");
      }
    }
    throw error("group without )");
  }

  private Node escape() throws RegexSyntaxException {
    if (at + 1 >= chars.length) {
      throw error("pattern ends with \\");
    }
    char c = chars[at + 1];
    switch (c) {
      case 'A':
        at += 2;
        return new Node.Assert(Node.Place.TEXT_START);
      case 'z':
        at += 2;
        return new Node.Assert(Node.Place.TEXT_END);
      case 'b':
        at += 2;
        return new Node.Assert(Node.Place.WORD_EDGE);
      case 'B':
        at += 2;
        return new Node.Assert(Node.Place.NOT_WORD_EDGE);
      case 'Z', 'G', 'K', 'C', 'R', 'X':
        throw error("unknown escape \\" + c);
      default:
        if (c >= '1' && c <= '9') {
          throw error("back-reference \\" + c + " cannot be matched in linear time");
        }
        CharSet set = escapedSet();
        return new Node.Chars(foldCase ? set.foldAscii() : set);
    }
  }

  /// Reads an escape that stands for a set of characters, often just one.
  private CharSet escapedSet() throws RegexSyntaxException {
    if (at + 1 >= chars.length) {
      throw error("pattern ends with \\");
    }
    char c = chars[at + 1];
    at += 2;
    return switch (c) {
      case 'd' -> CharSet.DIGIT;
      case 'D' -> CharSet.DIGIT.negate();
      case 'w' -> CharSet.WORD;
      case 'W' -> CharSet.WORD.negate();
      case 's' -> CharSet.SPACE;
      case 'S' -> CharSet.SPACE.negate();
      case 'p' -> unicodeClass(false);
      case 'P' -> unicodeClass(true);
      case 'n' -> single('\n');
      case 't' -> single('\t');
      case 'r' -> single('\r');
      case 'f' -> single('\f');
      case 'v' -> single(0x0b);
      case 'a' -> single(0x07);
      case '0' -> octal();
      case 'x' -> hex();
      default -> {
        if (c >= 0x80 || Character.isLetterOrDigit(c)) {
          throw error("unknown escape \\" + c);
        }
        yield single(c);
      }
    };
  }

  private static CharSet single(int codePoint) {
    return CharSet.single(codePoint, false);
  }

  private CharSet octal() {
    int value = 0;
    for (int i = 0; i < 2 && at < chars.length && chars[at] >= '0' && chars[at] <= '7'; i++) {
      value = value * 8 + pattern.charAt(at++) - '0';
    }
    return single(value);
  }

  private CharSet hex() throws RegexSyntaxException {
    String digits;
    if (at < chars.length && chars[at] == '{') {
      int close = pattern.indexOf('}', at);
      digits = close < 0 ? "" : pattern.substring(at + 1, close);
      at = close < 0 ? at : close + 1;
    } else {
      digits = at + 2 <= chars.length ? pattern.substring(at, at + 2) : "";
      at += digits.length();
    }
    try {
      int value = Integer.parseInt(digits, 16);
      if (digits.charAt(0) != '-' && digits.charAt(0) != '+' && value <= CharSet.MAX) {
        return single(value);
      }
    } catch (NumberFormatException e) {
      // Told below, with the pattern and the place.
    }
    throw error("\\x without a hexadecimal code point");
  }

  private CharSet unicodeClass(boolean negated) throws RegexSyntaxException {
    String name;
    if (at < chars.length && chars[at] == '{') {
      int close = pattern.indexOf('}', at);
      if (close < 0) {
        throw error("\\p{ without }");
      }
      name = pattern.substring(at + 1, close);
      at = close + 1;
    } else if (at < chars.length) {
      name = pattern.substring(at, at + 1);
      at++;
    } else {
      throw error("\\p without a class");
    }
    boolean negate = negated;
    if (name.startsWith("^")) {
      negate = !negate;
      name = name.substring(1);
    }
    CharSet set = UnicodeClasses.find(name);
    if (set == null) {
      throw error("unknown Unicode class " + name);
    }
    return negate ? set.negate() : set;
  }

  private CharSet bracket() throws RegexSyntaxException {
    int open = at++;
    boolean negated = at < chars.length && chars[at] == '^';
    if (negated) {
      at++;
    }
    CharSet set = CharSet.EMPTY;
    boolean first = true;
    while (true) {
      if (at >= chars.length) {
        at = open;
        throw error("[ without ]");
      }
      if (chars[at] == ']' && !first) {
        at++;
        break;
      }
      first = false;
      set = set.union(bracketItem());
    }
    if (foldCase) {
      set = set.foldAscii();
    }
    return negated ? set.negate() : set;
  }

  private CharSet bracketItem() throws RegexSyntaxException {
    if (chars[at] == '[' && pattern.startsWith("[:", at)) {
      int close = pattern.indexOf(":]", at + 2);
      if (close > 0) {
        String name = pattern.substring(at + 2, close);
        boolean negated = name.startsWith("^");
        CharSet set = posix(negated ? name.substring(1) : name);
        if (set != null) {
          at = close + 2;
          return negated ? set.negate() : set;
        }
      }
    }
    CharSet low = bracketChar();
    if (low.size() != 1 || at + 1 >= chars.length || chars[at] != '-' || chars[at + 1] == ']') {
      return low;
    }
    at++;
    CharSet high = bracketChar();
    int from = low.ranges()[0];
    int to = high.ranges()[0];
    if (high.size() != 1 || to < from) {
      throw error("bad range in [ ]");
    }
    return CharSet.of(from, to);
  }

  private CharSet bracketChar() throws RegexSyntaxException {
    if (chars[at] == '\\') {
      return escapedSet();
    }
    int c = chars[at] < 0x80 ? chars[at] : pattern.codePointAt(at);
    at += Character.charCount(c);
    return single(c);
  }

  private static @Nullable CharSet posix(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "alnum" -> CharSet.ofRanges('0', '9', 'A', 'Z', 'a', 'z');
      case "alpha" -> CharSet.ofRanges('A', 'Z', 'a', 'z');
      case "ascii" -> CharSet.of(0, 0x7f);
      case "blank" -> CharSet.ofRanges('\t', '\t', ' ', ' ');
      case "cntrl" -> CharSet.ofRanges(0, 0x1f, 0x7f, 0x7f);
      case "digit" -> CharSet.DIGIT;
      case "graph" -> CharSet.of('!', '~');
      case "lower" -> CharSet.of('a', 'z');
      case "print" -> CharSet.of(' ', '~');
      case "punct" -> CharSet.ofRanges('!', '/', ':', '@', '[', '`', '{', '~');
      case "space" -> CharSet.ofRanges('\t', '\r', ' ', ' ');
      case "upper" -> CharSet.of('A', 'Z');
      case "word" -> CharSet.WORD;
      case "xdigit" -> CharSet.ofRanges('0', '9', 'A', 'F', 'a', 'f');
      default -> null;
    };
  }

  private RegexSyntaxException error(String what) {
    return new RegexSyntaxException(what + " (at " + at + ")");
  }
}
