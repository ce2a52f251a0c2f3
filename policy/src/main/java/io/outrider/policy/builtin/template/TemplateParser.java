package io.outrider.policy.builtin.template;

import io.outrider.policy.builtin.template.Piece.Command;
import io.outrider.policy.builtin.template.Piece.Operand;
import io.outrider.policy.builtin.template.Piece.Pipeline;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses a template and those it defines.
final class TemplateParser {
  static final Set<String> FUNCTIONS =
      Set.of(
          "and",
          "or",
          "not",
          "len",
          "index",
          "slice",
          "print",
          "printf",
          "println",
          "html",
          "js",
          "urlquery",
          "eq",
          "ne",
          "lt",
          "le",
          "gt",
          "ge",
          "call");

  private static final int MAX_DEPTH = 100;

  private final String text;
  private int at;
  private int depth;
  private int loops;
  private final Map<String, List<Piece>> defined = new HashMap<>();
  private Deque<String> variables = new ArrayDeque<>(List.of("$"));

  // The words of the action being parsed.
  private List<String> words = List.of();
  private List<Boolean> spaced = List.of();
  private int word;

  private TemplateParser(String text) {
    this.text = text;
  }

  /// The templates by name; the main one has the empty name.
  static Map<String, List<Piece>> parse(String text) {
    TemplateParser parser = new TemplateParser(text);
    List<Piece> main = new ArrayList<>();
    String end = parser.pieces(main);
    if (!end.isEmpty()) {
      throw parser.error("unexpected {{" + end + "}}");
    }
    parser.defined.put("", main);
    return parser.defined;
  }

  private TemplateException error(String message) {
    long line =
        1 + text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count();
    return new TemplateException("template: template:" + line + ": " + message);
  }

  /// Reads pieces up to the end of the text, which is the empty word, or to `end` or `else`.
  private String pieces(List<Piece> into) {
    if (++depth > MAX_DEPTH) {
      throw error("nested more than " + MAX_DEPTH + " deep");
    }
    while (true) {
      int open = text.indexOf("{{", at);
      if (open < 0) {
        addText(into, text.substring(at), false, false);
        at = text.length();
        depth--;
        return "";
      }
      boolean trimsBefore =
          text.startsWith("- ", open + 2)
              || text.startsWith("-\n", open + 2)
              || text.startsWith("-\t", open + 2);
      addText(into, text.substring(at, open), false, trimsBefore);
      at = open + (trimsBefore ? 3 : 2);
      String action = action();
      if (action.equals("end") || action.equals("else")) {
        depth--;
        return action;
      }
      piece(into, action);
    }
  }

  private static void addText(List<Piece> into, String text, boolean trimStart, boolean trimEnd) {
    String kept = trimEnd ? text.replaceFirst("[ \t\r\n]+$", "") : text;
    if (!kept.isEmpty()) {
      into.add(new Piece.Text(kept));
    }
  }

  /// Reads the words of an action up to its end and returns the first.
  private String action() {
    words = new ArrayList<>();
    spaced = new ArrayList<>();
    word = 0;
    boolean space = false;
    while (true) {
      if (at >= text.length()) {
        throw error("unclosed action");
      }
      if (text.startsWith("}}", at) || text.startsWith(" -}}", at)) {
        boolean trims = text.charAt(at) == ' ';
        at += trims ? 4 : 2;
        if (trims) {
          while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
          }
        }
        return words.isEmpty() ? "" : words.getFirst();
      }
      char c = text.charAt(at);
      if (" \t\r\n".indexOf(c) >= 0) {
        space = true;
        at++;
        continue;
      }
      if (text.startsWith("/*", at)) {
        int close = text.indexOf("*/", at + 2);
        if (close < 0) {
          throw error("unclosed comment");
        }
        at = close + 2;
        if (!text.startsWith("}}", at) && !text.startsWith(" -}}", at)) {
          throw error("comment ends before closing delimiter");
        }
        words.add("/*");
        spaced.add(space);
        continue;
      }
      int start = at;
      at = wordEnd(c);
      words.add(text.substring(start, at));
      spaced.add(space);
      space = false;
    }
  }

  private int wordEnd(char first) {
    if (first == '"' || first == '\'') {
      for (int i = at + 1; i < text.length() && text.charAt(i) != '\n'; i++) {
        if (text.charAt(i) == '\\') {
          i++;
        } else if (text.charAt(i) == first) {
          return i + 1;
        }
      }
      throw error(first == '"' ? "unterminated quoted string" : "unterminated character constant");
    }
    if (first == '`') {
      int close = text.indexOf('`', at + 1);
      if (close < 0) {
        throw error("unterminated raw quoted string");
      }
      return close + 1;
    }
    if (text.startsWith(":=", at)) {
      return at + 2;
    }
    boolean isNumber =
        Character.isDigit(first)
            || ((first == '-' || first == '+')
                && at + 1 < text.length()
                && Character.isDigit(text.charAt(at + 1)));
    int end = at + 1;
    if (isNumber) {
      while (end < text.length()
          && (Character.isLetterOrDigit(text.charAt(end))
              || text.charAt(end) == '.'
              || text.charAt(end) == '_'
              || ("+-".indexOf(text.charAt(end)) >= 0
                  && "eE".indexOf(text.charAt(end - 1)) >= 0))) {
        end++;
      }
      return end;
    }
    if (first == '.' || first == '$' || first == '_' || Character.isLetter(first)) {
      while (end < text.length()
          && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
        end++;
      }
      return end;
    }
    if ("|(),=".indexOf(first) >= 0) {
      return end;
    }
    throw error("unexpected bad character U+%04X '%s' in command".formatted((int) first, first));
  }

  private @Nullable String peek() {
    return word < words.size() ? words.get(word) : null;
  }

  private String next() {
    if (word >= words.size()) {
      throw error("unexpected \"}}\" in operand");
    }
    return words.get(word++);
  }

  private void finish(String where) {
    if (word < words.size()) {
      throw error("unexpected \"" + words.get(word) + "\" in " + where);
    }
  }

  private void piece(List<Piece> into, String action) {
    switch (action) {
      case "/*" -> {}
      case "if", "with", "range" -> {
        word = 1;
        into.add(control(action));
      }
      case "define" -> {
        word = 1;
        String name = quoted(next());
        finish("define clause");
        if (depth > 1) {
          throw error("unexpected {{define}}");
        }
        defined.put(name, body());
      }
      case "block" -> {
        word = 1;
        String name = quoted(next());
        Pipeline pipeline = pipeline("block clause");
        into.add(new Piece.Call(name, pipeline));
        defined.put(name, body());
      }
      case "template" -> {
        word = 1;
        String name = quoted(next());
        into.add(new Piece.Call(name, peek() == null ? null : pipeline("template clause")));
      }
      case "break", "continue" -> {
        word = 1;
        finish(action);
        if (loops == 0) {
          throw error("{{" + action + "}} outside {{range}}");
        }
        into.add(action.equals("break") ? new Piece.Break() : new Piece.Continue());
      }
      default -> {
        if (words.isEmpty()) {
          throw error("missing value for command");
        }
        into.add(new Piece.Print(pipeline("command")));
      }
    }
  }

  /// The pieces of a template of its own, with no variables but the dollar.
  private List<Piece> body() {
    Deque<String> outer = variables;
    int outerLoops = loops;
    variables = new ArrayDeque<>(List.of("$"));
    loops = 0;
    List<Piece> body = new ArrayList<>();
    String end = pieces(body);
    if (!end.equals("end")) {
      throw error(end.isEmpty() ? "unexpected EOF" : "unexpected {{else}}");
    }
    variables = outer;
    loops = outerLoops;
    return body;
  }

  private Piece control(String kind) {
    int outer = variables.size();
    Pipeline pipeline = pipeline(kind);
    List<Piece> then = new ArrayList<>();
    List<Piece> otherwise = new ArrayList<>();
    if (kind.equals("range")) {
      loops++;
    }
    String end = pieces(then);
    if (kind.equals("range")) {
      loops--;
    }
    if (end.equals("else")) {
      word = 1;
      String chained = peek();
      if (chained != null && chained.equals(kind) && !kind.equals("range")) {
        word = 2;
        otherwise.add(control(kind));
        end = "end";
      } else {
        finish("else");
        end = pieces(otherwise);
      }
    }
    while (variables.size() > outer) {
      variables.removeLast();
    }
    if (!end.equals("end")) {
      throw error(end.isEmpty() ? "unexpected EOF" : "expected end; found {{else}}");
    }
    return switch (kind) {
      case "if" -> new Piece.If(pipeline, then, otherwise);
      case "with" -> new Piece.With(pipeline, then, otherwise);
      default -> new Piece.Range(pipeline, then, otherwise);
    };
  }

  private Pipeline pipeline(String where) {
    List<String> targets = new ArrayList<>();
    boolean declares = false;
    int before = word;
    while (peek() != null && next().startsWith("$")) {
      targets.add(words.get(word - 1));
      String sign = peek();
      if (sign != null && (sign.equals(":=") || sign.equals("="))) {
        declares = sign.equals(":=");
        word++;
        break;
      }
      if (sign == null || !sign.equals(",") || !where.equals("range")) {
        targets.clear();
        word = before;
        break;
      }
      word++;
    }
    if (targets.isEmpty()) {
      word = before;
    }
    List<Command> commands = new ArrayList<>();
    do {
      commands.add(command(where));
    } while (word < words.size() && words.get(word).equals("|") && word++ >= 0);
    finish(where);
    for (String target : targets) {
      if (declares) {
        variables.addLast(target);
      } else if (!variables.contains(target)) {
        throw error("undefined variable \"" + target + "\"");
      }
    }
    for (Command later : commands.subList(1, commands.size())) {
      if (!(later.words().getFirst() instanceof Operand.Function)) {
        throw error("non executable command in pipeline stage 2");
      }
    }
    return new Pipeline(targets, declares, commands);
  }

  private Command command(String where) {
    List<Operand> operands = new ArrayList<>();
    while (peek() != null && !"|".equals(peek()) && !")".equals(peek())) {
      if (!operands.isEmpty() && !spaced.get(word)) {
        throw error("unexpected \"" + peek() + "\" in operand");
      }
      operands.add(operand());
    }
    if (operands.isEmpty()) {
      throw error("missing value for " + where);
    }
    if (operands.size() == 1 && operands.getFirst() instanceof Operand.Nil) {
      throw error("nil is not a command");
    }
    return new Command(operands);
  }

  private Operand operand() {
    String first = next();
    char c = first.charAt(0);
    if (first.equals("(")) {
      int close = matching();
      List<String> outerWords = words;
      List<Boolean> outerSpaced = spaced;
      words = outerWords.subList(0, close);
      Pipeline inner = pipeline("parenthesized pipeline");
      words = outerWords;
      spaced = outerSpaced;
      word = close + 1;
      return new Operand.Nested(inner, fields());
    }
    if (c == '.') {
      List<String> path = new ArrayList<>();
      if (first.length() > 1) {
        path.add(first.substring(1));
      }
      path.addAll(fields());
      return new Operand.Path("", path);
    }
    if (c == '$') {
      if (!variables.contains(first)) {
        throw error("undefined variable \"" + first + "\"");
      }
      return new Operand.Path(first, fields());
    }
    if (c == '"' || c == '`') {
      return new Operand.Constant(RegoString.of(quoted(first)));
    }
    if (c == '\'') {
      String unquoted = quoted("\"" + first.substring(1, first.length() - 1) + "\"");
      return new Operand.Constant(RegoNumber.of(unquoted.codePointAt(0)));
    }
    return switch (first) {
      case "true" -> new Operand.Constant(RegoBoolean.TRUE);
      case "false" -> new Operand.Constant(RegoBoolean.FALSE);
      case "nil" -> new Operand.Nil();
      default -> {
        if (Character.isDigit(c) || c == '-' || c == '+') {
          yield new Operand.Constant(number(first));
        }
        if (!FUNCTIONS.contains(first)) {
          throw error(
              Character.isLetter(c) || c == '_'
                  ? "function \"" + first + "\" not defined"
                  : "unexpected \"" + first + "\" in operand");
        }
        yield new Operand.Function(first);
      }
    };
  }

  private int matching() {
    int open = 1;
    for (int i = word; i < words.size(); i++) {
      open += words.get(i).equals("(") ? 1 : words.get(i).equals(")") ? -1 : 0;
      if (open == 0) {
        return i;
      }
    }
    throw error("unclosed left paren");
  }

  /// The fields that follow without a space, such as `.a.b`.
  private List<String> fields() {
    List<String> fields = new ArrayList<>();
    while (word < words.size()
        && !spaced.get(word)
        && words.get(word).length() > 1
        && words.get(word).charAt(0) == '.') {
      fields.add(words.get(word++).substring(1));
    }
    return fields;
  }

  private RegoNumber number(String text) {
    try {
      return RegoNumber.parse(text.startsWith("+") ? text.substring(1) : text);
    } catch (NumberFormatException e) {
      throw error("bad number syntax: \"" + text + "\"");
    }
  }

  private String quoted(String word) {
    if (word.startsWith("`")) {
      return word.substring(1, word.length() - 1);
    }
    if (!word.startsWith("\"")) {
      throw error("unexpected \"" + word + "\" in template clause");
    }
    StringBuilder out = new StringBuilder();
    for (int i = 1; i < word.length() - 1; i++) {
      char c = word.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      int known = "abfnrtv\\\"'".indexOf(word.charAt(++i));
      if (known >= 0) {
        out.append("\u0007\b\f\n\r\t\u000b\\\"'".charAt(known));
      } else if (word.startsWith("u", i) && word.substring(i).matches("(?s)u[0-9a-fA-F]{4}.*")) {
        out.appendCodePoint(Integer.parseInt(word.substring(i + 1, i + 5), 16));
        i += 4;
      } else if (word.substring(i).matches("(?s)x[0-7][0-9a-fA-F].*")) {
        out.appendCodePoint(Integer.parseInt(word.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        throw error("invalid syntax");
      }
    }
    return out.toString();
  }
}
