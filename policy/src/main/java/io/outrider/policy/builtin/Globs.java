package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;

/// `glob.match` and `glob.quote_meta`.
final class Globs {
  private Globs() {}

  private record Key(String pattern, String delimiters) {}

  static void register(Registry r) {
    r.any("glob.match", Globs::match);
    r.one("glob.quote_meta", a -> RegoString.of(quoteMeta(Args.string(a, 1))));
  }

  private static RegoValue match(BuiltinContext cx, RegoValue[] a) {
    String pattern = Args.string(a[0], 1);
    String delimiters = delimiters(a[1]);
    String text = Args.string(a[2], 3);
    Glob glob =
        cx.patterns()
            .get(new Key(pattern, delimiters), k -> Glob.compile(k.pattern(), k.delimiters()));
    return RegoBoolean.of(glob.matches(cx, text));
  }

  private static String delimiters(RegoValue value) {
    if (value == RegoNull.NULL) {
      return "";
    }
    if (!(value instanceof RegoArray array)) {
      throw Args.wrongType(value, 2, "array", "null");
    }
    if (array.isEmpty()) {
      return ".";
    }
    if (array.size() == 1
        && array.get(0) instanceof RegoString only
        && only.value().length() == 1) {
      return only.value(); // almost every call: no text to put together
    }
    StringBuilder delimiters = new StringBuilder();
    for (RegoValue item : array) {
      if (!(item instanceof RegoString s)) {
        throw Args.wrongElement(array, 2, item, "string");
      }
      if (s.value().codePointCount(0, s.value().length()) != 1) {
        throw Args.wrongElement(array, 2, item, "rune");
      }
      delimiters.append(s.value());
    }
    return delimiters.toString();
  }

  private static String quoteMeta(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("*?\\[]{}".indexOf(c) >= 0) {
        out.append('\\');
      }
      out.append(c);
    }
    return out.toString();
  }
}
