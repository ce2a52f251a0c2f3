package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/// `urlquery.*` and `uri.*`, after Go's `net/url`.
final class Urls {
  private Urls() {}

  static void register(Registry r) {
    r.one("urlquery.encode", a -> RegoString.of(encode(Args.string(a, 1))));
    r.one("urlquery.decode", a -> RegoString.of(decode(Args.string(a, 1), true)));
    r.one("urlquery.encode_object", Urls::encodeObject);
    r.one("urlquery.decode_object", a -> decodeObject(Args.string(a, 1)));
    r.one("uri.parse", a -> GoUrl.parse(Args.string(a, 1)).toObject());
    r.one("uri.is_valid", a -> RegoBoolean.of(isUri(a)));
  }

  private static boolean isUri(RegoValue a) {
    if (!(a instanceof RegoString s) || s.value().isEmpty()) {
      return false;
    }
    try {
      GoUrl.parse(s.value());
      return true;
    } catch (BuiltinException e) {
      return false;
    }
  }

  static String encode(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (isUnreserved(b)) {
        out.append((char) b);
      } else if (b == ' ') {
        out.append('+');
      } else {
        out.append('%');
        out.append(Character.toUpperCase(Character.forDigit((b >> 4) & 15, 16)));
        out.append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
      }
    }
    return out.toString();
  }

  private static boolean isUnreserved(int b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '_'
        || b == '.'
        || b == '~';
  }

  /// Decodes percent escapes, and in a query also `+` to a space.
  static String decode(String text, boolean isQuery) {
    if (text.indexOf('%') < 0 && !(isQuery && text.indexOf('+') >= 0)) {
      return text;
    }
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '%') {
        int high = i + 1 < in.length ? Character.digit(in[i + 1], 16) : -1;
        int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          int end = Math.min(in.length, i + 3);
          String bad = new String(in, i, end - i, StandardCharsets.UTF_8);
          throw Args.error("invalid URL escape " + GoQuote.string(bad, false));
        }
        out.write(high << 4 | low);
        i += 2;
      } else {
        out.write(isQuery && in[i] == '+' ? ' ' : in[i]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static RegoValue encodeObject(RegoValue a) {
    Map<String, RegoValue> byName = new TreeMap<>(RegoString::compareCodePoints);
    for (RegoObject.Entry entry : Args.object(a, 1)) {
      String name = entry.key() instanceof RegoString s ? s.value() : RegoJson.write(entry.key());
      byName.put(name, entry.value());
    }
    StringJoiner out = new StringJoiner("&");
    byName.forEach((name, value) -> {
      for (RegoValue item : Encodings.oneOrMore(value)) {
        if (!(item instanceof RegoString s)) {
          throw Args.operand(1, "values must be string, array[string], or set[string]");
        }
        out.add(encode(name) + "=" + encode(s.value()));
      }
    });
    return RegoString.of(out.toString());
  }

  private static RegoValue decodeObject(String query) {
    Map<String, RegoArray.Builder> byName = new TreeMap<>();
    for (String pair : query.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      if (pair.indexOf(';') >= 0) {
        throw Args.error("invalid semicolon separator in query");
      }
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
      byName.computeIfAbsent(name, n -> RegoArray.builder()).add(RegoString.of(value));
    }
    RegoObject.Builder object = RegoObject.builder(byName.size());
    byName.forEach((name, values) -> object.put(name, values.build()));
    return object.build();
  }
}
