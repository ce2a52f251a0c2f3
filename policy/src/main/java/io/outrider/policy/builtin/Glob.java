package io.outrider.policy.builtin;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// A compiled glob: `*` stands for characters that are no delimiters, `**` for any, `?` for one
/// that is no delimiter, `[a-z]`, `[abc]` and `[!...]` for one of a class, `{a,b}` for
/// alternatives, and a backslash takes the next character as it is.
///
/// Patterns without alternatives, which is nearly all of them, are matched directly; the others as
/// a regular expression.
public final class Glob {
  private enum Kind {
    LITERAL,
    ONE,
    STAR,
    SUPER
  }

  /// One step of a pattern: literal text, one character that passes a test, or a star.
  private record Part(Kind kind, String literal, IntPredicate test) {}

  private final List<Part> parts;
  private final String delimiters;
  private final @Nullable Pattern regex;

  private Glob(List<Part> parts, String delimiters, @Nullable Pattern regex) {
    this.parts = List.copyOf(parts);
    this.delimiters = delimiters;
    this.regex = regex;
  }

  /// Throws [BuiltinException] for what is no glob.
  public static Glob compile(String pattern, String delimiters) {
    Parser parser = new Parser(pattern, delimiters);
    parser.sequence(false);
    Pattern regex =
        parser.hasAlternatives ? Pattern.compile("(?s)\\A" + parser.regex + "\\z") : null;
    parser.flushLiteral();
    return new Glob(parser.parts, delimiters, regex);
  }

  /// Whether the text as a whole matches, outside of any evaluation.
  public boolean matches(String text) {
    return matches(
        new BuiltinContext(0, 0, new PatternCache(), BuiltinContext.Budget.UNLIMITED), text);
  }

  boolean matches(BuiltinContext cx, String text) {
    if (regex != null) {
      cx.spend(1 + (text.length() >> 4));
      return regex.matcher(text).find();
    }
    return matchDirectly(cx, text);
  }

  // Two places to fall back to suffice: the last `*`, which may take one more character if that is
  // no delimiter, and the
  // last `**`, which may always. Whatever an earlier star could still try, the later one can try as
  // well.
  private boolean matchDirectly(BuiltinContext cx, String text) {
    int part = 0;
    int at = 0;
    int starPart = -1;
    int starAt = 0;
    int superPart = -1;
    int superAt = 0;
    while (true) {
      if (part == parts.size()) {
        if (at == text.length()) {
          return true;
        }
      } else {
        Part p = parts.get(part);
        if (p.kind == Kind.STAR) {
          starPart = part++;
          starAt = at;
          continue;
        }
        if (p.kind == Kind.SUPER) {
          superPart = part++;
          superAt = at;
          starPart = -1;
          continue;
        }
        int after = step(p, text, at);
        if (after >= 0) {
          part++;
          at = after;
          continue;
        }
      }
      cx.spend(1);
      if (starPart >= 0 && starAt < text.length() && isNoDelimiter(text.codePointAt(starAt))) {
        starAt += Character.charCount(text.codePointAt(starAt));
        at = starAt;
        part = starPart + 1;
      } else if (superPart >= 0 && superAt < text.length()) {
        superAt += Character.charCount(text.codePointAt(superAt));
        at = superAt;
        part = superPart + 1;
        starPart = -1;
      } else {
        return false;
      }
    }
  }

  private boolean isNoDelimiter(int c) {
    return delimiters.indexOf(c) < 0;
  }

  private static int step(Part p, String text, int at) {
    if (p.kind == Kind.LITERAL) {
      return text.startsWith(p.literal, at) ? at + p.literal.length() : -1;
    }
    if (at == text.length()) {
      return -1;
    }
    int c = text.codePointAt(at);
    return p.test.test(c) ? at + Character.charCount(c) : -1;
  }

  /// Reads a pattern into parts and, side by side, into a regular expression.
  private static final class Parser {
    private static final IntPredicate NONE = c -> false;
    private static final int MAX_DEPTH = 32;

    private final String pattern;
    private final String delimiters;
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private final StringBuilder regex = new StringBuilder();
    private final String oneRegex;
    private boolean hasAlternatives;
    private int at;
    private int depth;

    Parser(String pattern, String delimiters) {
      this.pattern = pattern;
      this.delimiters = delimiters;
      this.oneRegex = delimiters.isEmpty() ? "." : "[^" + classText(delimiters) + "]";
    }

    private static String classText(String characters) {
      StringBuilder out = new StringBuilder();
      characters.codePoints().forEach(c -> out.append("\\x{%x}".formatted(c)));
      return out.toString();
    }

    /// Reads until the end, or until the comma or brace that ends an alternative.
    void sequence(boolean nested) {
      while (at < pattern.length()) {
        int c = pattern.codePointAt(at);
        switch (c) {
          case '*' -> star();
          case '?' -> {
            at++;
            String separators = delimiters;
            part(Kind.ONE, x -> separators.indexOf(x) < 0, oneRegex);
          }
          case '[' -> characterClass();
          case '{' -> alternatives();
          case ',', '}' -> {
            if (nested) {
              return;
            }
            literal(c);
          }
          case '\\' -> {
            at++;
            if (at == pattern.length()) {
              throw bad(at - 1, "unfinished escape");
            }
            literal(pattern.codePointAt(at));
          }
          default -> literal(c);
        }
      }
    }

    private void literal(int c) {
      at += Character.charCount(c);
      literal.appendCodePoint(c);
      regex.append(Pattern.quote(Character.toString(c)));
    }

    void flushLiteral() {
      if (!literal.isEmpty()) {
        parts.add(new Part(Kind.LITERAL, literal.toString(), NONE));
        literal.setLength(0);
      }
    }

    private void part(Kind kind, IntPredicate test, String asRegex) {
      flushLiteral();
      parts.add(new Part(kind, "", test));
      regex.append(asRegex);
    }

    private void star() {
      boolean isSuper = pattern.startsWith("**", at);
      at += isSuper ? 2 : 1;
      part(isSuper ? Kind.SUPER : Kind.STAR, NONE, isSuper ? ".*" : oneRegex + "*");
    }

    private void characterClass() {
      int start = at++;
      boolean negated = at < pattern.length() && pattern.charAt(at) == '!';
      if (negated) {
        at++;
      }
      int low = member(start);
      if (at < pattern.length() && pattern.charAt(at) == '-') {
        at++;
        range(start, negated, low);
        return;
      }
      StringBuilder members = new StringBuilder().appendCodePoint(low);
      while (at < pattern.length() && pattern.charAt(at) != ']') {
        members.appendCodePoint(member(start));
      }
      close(start);
      String list = members.toString();
      part(
          Kind.ONE,
          c -> (list.indexOf(c) >= 0) != negated,
          "[" + (negated ? "^" : "") + classText(list) + "]");
    }

    private void range(int start, boolean negated, int low) {
      if (at == pattern.length()) {
        throw bad(start, "unclosed `[`");
      }
      int high = pattern.codePointAt(at);
      at += Character.charCount(high);
      close(start);
      if (low > high) {
        throw bad(start, "bad range");
      }
      part(
          Kind.ONE,
          c -> (c >= low && c <= high) != negated,
          "[%s\\x{%x}-\\x{%x}]".formatted(negated ? "^" : "", low, high));
    }

    /// Reads one character of a class; a backslash takes the next one as it is.
    private int member(int start) {
      if (at < pattern.length() && pattern.charAt(at) == '\\') {
        at++;
      } else if (at < pattern.length() && pattern.charAt(at) == ']') {
        throw bad(start, "empty `[`");
      }
      if (at == pattern.length()) {
        throw bad(start, "unclosed `[`");
      }
      int c = pattern.codePointAt(at);
      at += Character.charCount(c);
      return c;
    }

    private void close(int start) {
      if (at == pattern.length() || pattern.charAt(at) != ']') {
        throw bad(start, "expected close range character");
      }
      at++;
    }

    private void alternatives() {
      hasAlternatives = true;
      int start = at++;
      if (++depth > MAX_DEPTH) {
        throw bad(start, "alternatives nested more than " + MAX_DEPTH + " deep");
      }
      regex.append("(?:");
      while (true) {
        sequence(true);
        if (at == pattern.length()) {
          throw bad(start, "unclosed `{`");
        }
        if (pattern.charAt(at++) == '}') {
          break;
        }
        regex.append('|');
      }
      regex.append(')');
      depth--;
    }

    private static BuiltinException bad(int offset, String reason) {
      return Args.error("glob: syntax error at " + offset + ": " + reason);
    }
  }
}
