package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/// String functions. Positions and lengths count code points, as in OPA.
final class Strings {
  private Strings() {}

  static void register(Registry r) {
    r.any("concat", Strings::concat);
    test(r, "contains", String::contains);
    test(r, "startswith", String::startsWith);
    test(r, "endswith", String::endsWith);
    r.two("indexof", (a, b) -> RegoNumber.of(indexOf(Args.string(a, 1), search(b))));
    r.two("indexof_n", (a, b) -> indexesOf(Args.string(a, 1), search(b)));
    r.one("lower", a -> map(a, GoCase::lower));
    r.one("upper", a -> map(a, GoCase::upper));
    r.any("replace", Strings::replace);
    r.any("strings.replace_n", Strings::replaceAll);
    r.any("split", Strings::split);
    r.any("strings.split_n", Strings::splitSome);
    r.any("sprintf", Strings::sprintf);
    r.two("strings.any_prefix_match", (a, b) -> anyMatch(a, b, String::startsWith));
    r.two("strings.any_suffix_match", (a, b) -> anyMatch(a, b, String::endsWith));
    r.two("strings.count", (a, b) -> count(Args.string(a, 1), Args.string(b, 2)));
    r.one("strings.reverse", a -> map(a, s -> new StringBuilder(s).reverse().toString()));
    r.three("substring", Strings::substring);
    r.two("trim", (a, b) -> trim(a, Args.string(b, 2), true, true));
    r.two("trim_left", (a, b) -> trim(a, Args.string(b, 2), true, false));
    r.two("trim_right", (a, b) -> trim(a, Args.string(b, 2), false, true));
    r.one("trim_space", a -> map(a, Strings::trimSpace));
    r.two("trim_prefix", Strings::trimPrefix);
    r.two("trim_suffix", Strings::trimSuffix);
    r.two("format_int", Strings::formatInt);
  }

  private static void test(Registry r, String name, BiPredicate<String, String> test) {
    r.two(name, (a, b) -> RegoBoolean.of(test.test(Args.string(a, 1), Args.string(b, 2))));
  }

  @FunctionalInterface
  private interface TextMap {
    String apply(String text);
  }

  private static RegoValue map(RegoValue a, TextMap f) {
    String text = Args.string(a, 1);
    String result = f.apply(text);
    return result.equals(text) ? a : RegoString.of(result);
  }

  private static RegoValue concat(BuiltinContext cx, RegoValue[] a) {
    String separator = Args.string(a[0], 1);
    if (!(a[1] instanceof RegoArray) && !(a[1] instanceof RegoSet)) {
      throw Args.wrongType(a[1], 2, "set", "array");
    }
    List<String> parts = Args.strings(a[1], 2);
    long length = (long) separator.length() * parts.size();
    for (String part : parts) {
      length += part.length();
    }
    Sizes.checkString(cx, length);
    return RegoString.of(String.join(separator, parts));
  }

  private static String search(RegoValue b) {
    String text = Args.string(b, 2);
    if (text.isEmpty()) {
      throw Args.error("empty search character");
    }
    return text;
  }

  private static int indexOf(String text, String search) {
    int at = text.indexOf(search);
    return at < 0 ? -1 : text.codePointCount(0, at);
  }

  private static RegoValue indexesOf(String text, String search) {
    RegoArray.Builder found = RegoArray.builder();
    int codePoints = 0;
    int counted = 0;
    for (int at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + 1)) {
      codePoints += text.codePointCount(counted, at);
      counted = at;
      found.add(RegoNumber.of(codePoints));
    }
    return found.build();
  }

  private static RegoValue replace(BuiltinContext cx, RegoValue[] a) {
    String text = Args.string(a[0], 1);
    String old = Args.string(a[1], 2);
    String with = Args.string(a[2], 3);
    return replaced(cx, a[0], text, List.of(old), List.of(with));
  }

  private static RegoValue replaceAll(BuiltinContext cx, RegoValue[] a) {
    RegoObject patterns = Args.object(a[0], 1);
    String text = Args.string(a[1], 2);
    List<String> olds = new ArrayList<>();
    List<String> news = new ArrayList<>();
    for (RegoObject.Entry entry : patterns) {
      if (!(entry.key() instanceof RegoString old)) {
        throw Args.operand(1, "non-string key found in pattern object");
      }
      if (!(entry.value() instanceof RegoString with)) {
        throw Args.operand(1, "non-string value found in pattern object");
      }
      olds.add(old.value());
      news.add(with.value());
    }
    return replaced(cx, a[1], text, olds, news);
  }

  /// Replaces in one pass from left to right; at each place the first pattern of the list that
  /// matches wins. An empty pattern matches before every character and at the end.
  private static RegoValue replaced(
      BuiltinContext cx, RegoValue original, String text, List<String> olds, List<String> news) {
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    boolean afterEmpty = false;
    while (at <= text.length()) {
      int match = matchAt(text, at, olds, afterEmpty);
      if (match >= 0) {
        out.append(news.get(match));
        Sizes.checkString(cx, out.length());
        at += olds.get(match).length();
        afterEmpty = olds.get(match).isEmpty();
        continue;
      }
      afterEmpty = false;
      if (at < text.length()) {
        int length = Character.charCount(text.codePointAt(at));
        out.append(text, at, at + length);
        at += length;
      } else {
        break;
      }
    }
    String result = out.toString();
    return result.equals(text) ? original : RegoString.of(result);
  }

  private static int matchAt(String text, int at, List<String> olds, boolean afterEmpty) {
    for (int i = 0; i < olds.size(); i++) {
      String old = olds.get(i);
      if (old.isEmpty() ? !afterEmpty : text.startsWith(old, at)) {
        return i;
      }
    }
    return -1;
  }

  private static RegoValue split(BuiltinContext cx, RegoValue[] a) {
    return strings(parts(cx, Args.string(a[0], 1), Args.string(a[1], 2), Integer.MAX_VALUE));
  }

  private static RegoValue splitSome(BuiltinContext cx, RegoValue[] a) {
    String text = Args.string(a[0], 1);
    String separator = Args.string(a[1], 2);
    int n = Args.intClamped(a[2], 3);
    if (n >= 0) {
      int limit = n == Integer.MAX_VALUE ? n : n + 1;
      List<String> parts = parts(cx, text, separator, limit);
      return strings(parts.subList(0, Math.min(n, parts.size())));
    }
    List<String> parts = parts(cx, text, separator, Integer.MAX_VALUE);
    return strings(parts.subList(Math.max(parts.size() + n, 0), parts.size()));
  }

  /// At most `limit` parts, the last of which holds the rest. An empty separator splits into
  /// characters.
  private static List<String> parts(BuiltinContext cx, String text, String separator, int limit) {
    List<String> parts = new ArrayList<>();
    int at = 0;
    if (separator.isEmpty()) {
      while (at < text.length() && parts.size() < limit - 1) {
        int end = at + Character.charCount(text.codePointAt(at));
        parts.add(text.substring(at, end));
        at = end;
      }
      if (at < text.length()) {
        parts.add(text.substring(at));
      }
    } else {
      int next;
      while (parts.size() < limit - 1 && (next = text.indexOf(separator, at)) >= 0) {
        parts.add(text.substring(at, next));
        at = next + separator.length();
      }
      parts.add(text.substring(at));
    }
    Sizes.checkElements(cx, parts.size());
    return parts;
  }

  private static RegoArray strings(List<String> parts) {
    RegoArray.Builder array = RegoArray.builder();
    for (String part : parts) {
      array.add(RegoString.of(part));
    }
    return array.build();
  }

  private static RegoValue sprintf(BuiltinContext cx, RegoValue[] a) {
    return RegoString.of(GoFormat.format(cx, Args.string(a[0], 1), Args.array(a[1], 2)));
  }

  private static RegoValue anyMatch(RegoValue a, RegoValue b, BiPredicate<String, String> test) {
    List<String> texts = oneOrMore(a, 1);
    List<String> affixes = oneOrMore(b, 2);
    for (String text : texts) {
      for (String affix : affixes) {
        if (test.test(text, affix)) {
          return RegoBoolean.TRUE;
        }
      }
    }
    return RegoBoolean.FALSE;
  }

  private static List<String> oneOrMore(RegoValue value, int position) {
    return switch (value) {
      case RegoString s -> List.of(s.value());
      case RegoArray _, RegoSet _ -> Args.strings(value, position);
      default -> throw Args.wrongType(value, position, "string", "set", "array");
    };
  }

  private static RegoValue count(String text, String search) {
    if (search.isEmpty()) {
      return RegoNumber.of(text.codePointCount(0, text.length()) + 1L);
    }
    int count = 0;
    for (int at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + search.length())) {
      count++;
    }
    return RegoNumber.of(count);
  }

  private static RegoValue substring(RegoValue a, RegoValue offset, RegoValue length) {
    String text = Args.string(a, 1);
    int from = Args.intClamped(offset, 2);
    int count = Args.intClamped(length, 3);
    if (from < 0) {
      throw Args.error("negative offset");
    }
    int size = text.codePointCount(0, text.length());
    if (from >= size) {
      return RegoString.EMPTY;
    }
    int taken = count < 0 ? size - from : Math.min(count, size - from);
    int start = text.offsetByCodePoints(0, from);
    return RegoString.of(text.substring(start, text.offsetByCodePoints(start, taken)));
  }

  private static RegoValue trim(RegoValue a, String cutset, boolean left, boolean right) {
    return map(a, text -> trimmed(text, cutset, left, right));
  }

  private static String trimmed(String text, String cutset, boolean left, boolean right) {
    int start = 0;
    int end = text.length();
    while (left && start < end && cutset.indexOf(text.codePointAt(start)) >= 0) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (right && start < end && cutset.indexOf(text.codePointBefore(end)) >= 0) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  private static String trimSpace(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (start < end && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /// Unicode's White_Space property.
  static boolean isSpace(int c) {
    return switch (c) {
      case '\t',
          '\n',
          0x0b,
          '\f',
          '\r',
          ' ',
          0x85,
          0xA0,
          0x1680,
          0x2028,
          0x2029,
          0x202F,
          0x205F,
          0x3000 ->
          true;
      default -> c >= 0x2000 && c <= 0x200A;
    };
  }

  private static RegoValue trimPrefix(RegoValue a, RegoValue b) {
    String prefix = Args.string(b, 2);
    return map(a, s -> s.startsWith(prefix) ? s.substring(prefix.length()) : s);
  }

  private static RegoValue trimSuffix(RegoValue a, RegoValue b) {
    String suffix = Args.string(b, 2);
    return map(a, s -> s.endsWith(suffix) ? s.substring(0, s.length() - suffix.length()) : s);
  }

  private static RegoValue formatInt(RegoValue a, RegoValue b) {
    RegoNumber number = Args.number(a, 1);
    RegoNumber base = Args.number(b, 2);
    int radix =
        switch (base.text()) {
          case "2" -> 2;
          case "8" -> 8;
          case "10" -> 10;
          case "16" -> 16;
          default -> throw Args.operand(2, "must be one of {2, 8, 10, 16}");
        };
    return RegoString.of(number.asBigDecimal().toBigInteger().toString(radix));
  }
}
