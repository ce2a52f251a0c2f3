package io.outrider.policy.builtin;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;

/// The `regex.*` functions, on RE2/J: Go's syntax, and time linear in the text whatever the
/// pattern.
final class Regexes {
  /// Longer patterns are refused: compiled programs grow with the pattern, and matching costs their
  /// product with the text.
  private static final int MAX_PATTERN = 16_384;

  private Regexes() {}

  /// Keys of compiled patterns in the [PatternCache].
  private record Key(String pattern) {}

  private record TemplateKey(String template, char open, char close) {}

  static void register(Registry r) {
    r.any("regex.match", Regexes::match);
    r.any("re_match", Regexes::match);
    r.any("regex.is_valid", Regexes::isValid);
    r.any("regex.find_n", Regexes::findSome);
    r.any("regex.find_all_string_submatch_n", Regexes::findSubmatches);
    r.any("regex.replace", Regexes::replace);
    r.any("regex.split", Regexes::split);
    r.any("regex.template_match", Regexes::templateMatch);
    r.any(
        "regex.globs_match",
        (cx, a) -> {
          String left = Args.string(a[0], 1);
          String right = Args.string(a[1], 2);
          return RegoBoolean.of(GlobIntersection.isNonEmpty(cx, left, right));
        });
  }

  private static Pattern compiled(BuiltinContext cx, String pattern) {
    return cx.patterns().get(new Key(pattern), k -> compile(k.pattern()));
  }

  private static Pattern compile(String pattern) {
    if (pattern.length() > MAX_PATTERN) {
      throw Args.error(
          "pattern of " + pattern.length() + " characters (expected: at most " + MAX_PATTERN + ")");
    }
    if (Repeats.isTooLarge(pattern)) {
      throw Args.error("error parsing regexp: invalid repeat count: `" + pattern + "`");
    }
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw Args.error(
          "error parsing regexp: " + e.getDescription() + ": `" + e.getPattern() + "`");
    }
  }

  private static Matcher matcher(BuiltinContext cx, RegoValue pattern, int position, String text) {
    // Matching is linear in the text; a simple pattern costs about a step for 16 characters.
    cx.spend(1 + (text.length() >> 4));
    return compiled(cx, Args.string(pattern, position)).matcher(text);
  }

  private static RegoValue match(BuiltinContext cx, RegoValue[] a) {
    Args.string(a[0], 1);
    String text = Args.string(a[1], 2);
    return RegoBoolean.of(matcher(cx, a[0], 1, text).find());
  }

  private static RegoValue isValid(BuiltinContext cx, RegoValue[] a) {
    if (!(a[0] instanceof RegoString s)) {
      return RegoBoolean.FALSE;
    }
    try {
      compiled(cx, s.value());
      return RegoBoolean.TRUE;
    } catch (BuiltinException e) {
      return RegoBoolean.FALSE;
    }
  }

  /// Walks the matches of a text as Go's `All` functions do: from left to right, without overlap,
  /// and leaving out empty matches that touch the match before them.
  private static final class Matches {
    private final Matcher matcher;
    private final String text;
    private int from;
    private int previousEnd = -1;

    Matches(Matcher matcher, String text) {
      this.matcher = matcher;
      this.text = text;
    }

    boolean next() {
      while (from <= text.length() && matcher.find(from)) {
        boolean isEmpty = matcher.end() == matcher.start();
        boolean accepted = !isEmpty || matcher.start() != previousEnd;
        previousEnd = matcher.end();
        if (!isEmpty) {
          from = matcher.end();
        } else if (matcher.end() < text.length()) {
          from = matcher.end() + Character.charCount(text.codePointAt(matcher.end()));
        } else {
          from = text.length() + 1;
        }
        if (accepted) {
          return true;
        }
      }
      return false;
    }
  }

  private static RegoValue findSome(BuiltinContext cx, RegoValue[] a) {
    String text = Args.string(a[1], 2);
    int limit = Args.intClamped(a[2], 3);
    Matcher matcher = matcher(cx, a[0], 1, text);
    Matches matches = new Matches(matcher, text);
    RegoArray.Builder found = RegoArray.builder();
    while ((limit < 0 || found.size() < limit) && matches.next()) {
      found.add(RegoString.of(matcher.group()));
    }
    return found.build();
  }

  private static RegoValue findSubmatches(BuiltinContext cx, RegoValue[] a) {
    String text = Args.string(a[1], 2);
    int limit = Args.intClamped(a[2], 3);
    Matcher matcher = matcher(cx, a[0], 1, text);
    Matches matches = new Matches(matcher, text);
    RegoArray.Builder found = RegoArray.builder();
    while ((limit < 0 || found.size() < limit) && matches.next()) {
      RegoArray.Builder groups = RegoArray.builder();
      for (int i = 0; i <= matcher.groupCount(); i++) {
        groups.add(group(matcher, i));
      }
      found.add(groups.build());
    }
    return found.build();
  }

  private static RegoString group(Matcher matcher, int index) {
    String text = matcher.group(index);
    return text == null ? RegoString.EMPTY : RegoString.of(text);
  }

  private static RegoValue replace(BuiltinContext cx, RegoValue[] a) {
    String text = Args.string(a[0], 1);
    Args.string(a[1], 2);
    String template = Args.string(a[2], 3);
    Matcher matcher = matcher(cx, a[1], 2, text);
    Matches matches = new Matches(matcher, text);
    StringBuilder out = new StringBuilder();
    int copied = 0;
    while (matches.next()) {
      out.append(text, copied, matcher.start());
      expand(template, matcher, out);
      Sizes.checkString(cx, out.length());
      copied = matcher.end();
    }
    out.append(text, copied, text.length());
    return RegoString.of(out.toString());
  }

  /// Appends the template with `$1`, `$name` and `${name}` replaced by groups; the name after a
  /// bare `$` is as long as possible, an unknown one stands for nothing, and `$$` for a dollar
  /// sign.
  private static void expand(String template, Matcher matcher, StringBuilder out) {
    int at = 0;
    while (at < template.length()) {
      char c = template.charAt(at);
      if (c != '$') {
        out.append(c);
        at++;
        continue;
      }
      if (template.startsWith("$$", at)) {
        out.append('$');
        at += 2;
        continue;
      }
      boolean braced = template.startsWith("${", at);
      int start = at + (braced ? 2 : 1);
      int end = start;
      while (end < template.length() && isNamePart(template.charAt(end))) {
        end++;
      }
      if (end == start || (braced && (end == template.length() || template.charAt(end) != '}'))) {
        // Not a reference after all.
        out.append('$');
        at++;
        continue;
      }
      appendGroup(template.substring(start, end), matcher, out);
      at = braced ? end + 1 : end;
    }
  }

  private static boolean isNamePart(char c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }

  private static void appendGroup(String name, Matcher matcher, StringBuilder out) {
    String text;
    if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      boolean known = name.length() < 9 && Integer.parseInt(name) <= matcher.groupCount();
      text = known ? matcher.group(Integer.parseInt(name)) : null;
    } else {
      Integer index = matcher.pattern().namedGroups().get(name);
      text = index == null ? null : matcher.group(index);
    }
    if (text != null) {
      out.append(text);
    }
  }

  private static RegoValue split(BuiltinContext cx, RegoValue[] a) {
    String text = Args.string(a[1], 2);
    String pattern = Args.string(a[0], 1);
    Matcher matcher = matcher(cx, a[0], 1, text);
    if (!pattern.isEmpty() && text.isEmpty()) {
      return RegoArray.of(RegoString.EMPTY);
    }
    Matches matches = new Matches(matcher, text);
    RegoArray.Builder parts = RegoArray.builder();
    int start = 0;
    int end = 0;
    while (matches.next()) {
      end = matcher.start();
      if (matcher.end() != 0) {
        parts.add(RegoString.of(text.substring(start, end)));
      }
      start = matcher.end();
    }
    if (end != text.length()) {
      parts.add(RegoString.of(text.substring(start)));
    }
    return parts.build();
  }

  private static RegoValue templateMatch(BuiltinContext cx, RegoValue[] a) {
    String template = Args.string(a[0], 1);
    String text = Args.string(a[1], 2);
    String start = Args.string(a[2], 3);
    String end = Args.string(a[3], 4);
    char open = delimiter(start, "start");
    char close = delimiter(end, "end");
    Pattern pattern =
        cx.patterns()
            .get(
                new TemplateKey(template, open, close),
                k -> compile(templateRegex(k.template(), k.open(), k.close())));
    cx.spend(1 + (text.length() >> 4));
    return RegoBoolean.of(pattern.matcher(text).find());
  }

  private static char delimiter(String text, String which) {
    if (text.length() != 1 || text.charAt(0) > 0x7f) {
      throw Args.error(
          which
              + " delimiter has to be exactly one character long but is "
              + text.length()
              + " long");
    }
    return text.charAt(0);
  }

  private static String templateRegex(String template, char open, char close) {
    StringBuilder out = new StringBuilder("^");
    int depth = 0;
    int start = 0;
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      if (c == open) {
        if (depth++ == 0) {
          out.append(Pattern.quote(template.substring(start, i))).append('(');
          start = i + 1;
        }
      } else if (c == close) {
        depth--;
        if (depth < 0) {
          break;
        }
        if (depth == 0) {
          String part = template.substring(start, i);
          compile(part);
          out.append(part).append(')');
          start = i + 1;
        }
      }
    }
    if (depth != 0) {
      throw Args.error("unbalanced braces in " + GoQuote.string(template, false));
    }
    return out.append(Pattern.quote(template.substring(start))).append('$').toString();
  }
}
