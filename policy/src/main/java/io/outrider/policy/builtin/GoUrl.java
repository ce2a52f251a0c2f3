package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoObject;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The parts of a URL as Go's `net/url` finds them, which takes more than RFC 3986 allows. Empty
/// parts are absent.
///
/// @param host the name with its port
/// @param escapedPath the path as it is sent: as it was written, if that is well encoded
record GoUrl(
    String scheme,
    String opaque,
    String host,
    String hostname,
    String port,
    String path,
    String rawPath,
    String escapedPath,
    String rawQuery,
    String fragment) {

  static GoUrl parse(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < 0x20 || text.charAt(i) == 0x7f) {
        throw bad(text, "net/url: invalid control character in URL");
      }
    }
    String rest = text;
    String fragment = "";
    int hash = rest.indexOf('#');
    if (hash >= 0) {
      fragment = decoded(text, rest.substring(hash + 1));
      rest = rest.substring(0, hash);
    }
    String scheme = scheme(text, rest);
    rest = scheme.isEmpty() ? rest : rest.substring(scheme.length() + 1);
    String query = "";
    int mark = rest.indexOf('?');
    if (mark >= 0) {
      query = rest.substring(mark + 1);
      rest = rest.substring(0, mark);
    }
    if (!rest.startsWith("/")) {
      if (!scheme.isEmpty()) {
        // Opaque, such as mailto:; it has no path.
        return new GoUrl(
            scheme.toLowerCase(Locale.ROOT), rest, "", "", "", "", "", "", query, fragment);
      }
      int slash = rest.indexOf('/');
      String first = slash < 0 ? rest : rest.substring(0, slash);
      if (first.indexOf(':') >= 0) {
        throw bad(text, "first path segment in URL cannot contain colon");
      }
    }
    String authority = "";
    if (rest.startsWith("//") && (!scheme.isEmpty() || !rest.startsWith("///"))) {
      int end = rest.indexOf('/', 2);
      authority = end < 0 ? rest.substring(2) : rest.substring(2, end);
      rest = end < 0 ? "" : rest.substring(end);
    }
    String host = host(text, authority);
    int colon = host.lastIndexOf(':');
    boolean hasPort = colon >= 0 && colon > host.lastIndexOf(']');
    String name = hasPort ? host.substring(0, colon) : host;
    String path = decoded(text, rest);
    return new GoUrl(
        scheme.toLowerCase(Locale.ROOT),
        "",
        host,
        name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name,
        hasPort ? host.substring(colon + 1) : "",
        path,
        escaped(path).equals(rest) ? path : rest,
        isEncoded(rest) ? rest : escaped(path),
        query,
        fragment);
  }

  /// Whether a path may be sent as it is written.
  private static boolean isEncoded(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c >= 0x80 || (!Character.isLetterOrDigit(c) && "-_.~!$&'()*+,;=:@/[]%".indexOf(c) < 0)) {
        return false;
      }
    }
    return true;
  }

  /// The path as Go would encode it; a path that was written like that has no raw form of its own.
  private static String escaped(String path) {
    StringBuilder out = new StringBuilder(path.length());
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      if ((b > 0 && Character.isLetterOrDigit(b)) || "-_.~$&+,/:;=@".indexOf(b) >= 0) {
        out.append((char) b);
      } else {
        out.append("%%%02X".formatted(b));
      }
    }
    return out.toString();
  }

  private static String scheme(String text, String rest) {
    for (int i = 0; i < rest.length(); i++) {
      char c = rest.charAt(i);
      boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (isLetter) {
        continue;
      }
      if ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.') {
        if (i == 0) {
          return "";
        }
        continue;
      }
      if (c == ':') {
        if (i == 0) {
          throw bad(text, "missing protocol scheme");
        }
        return rest.substring(0, i);
      }
      return "";
    }
    return "";
  }

  private static String host(String text, String authority) {
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    if (host.startsWith("[") && host.lastIndexOf(']') < 0) {
      throw bad(text, "missing ']' in host");
    }
    String afterBracket = host.substring(host.lastIndexOf(']') + 1);
    int colon = afterBracket.lastIndexOf(':');
    if (colon >= 0 && !afterBracket.substring(colon + 1).chars().allMatch(Character::isDigit)) {
      throw bad(
          text,
          "invalid port %s after host"
              .formatted(GoQuote.string(afterBracket.substring(colon), false)));
    }
    for (int i = 0; i < host.length(); i++) {
      if (" <>\"{}|\\^`".indexOf(host.charAt(i)) >= 0) {
        throw bad(
            text,
            "invalid character %s in host name"
                .formatted(GoQuote.string(host.substring(i, i + 1), false)));
      }
    }
    return decoded(text, host);
  }

  private static String decoded(String text, String part) {
    try {
      return Urls.decode(part, false);
    } catch (BuiltinException e) {
      throw bad(text, String.valueOf(e.getMessage()));
    }
  }

  private static BuiltinException bad(String text, String problem) {
    return Args.error("parse " + GoQuote.string(text, false) + ": " + problem);
  }

  RegoObject toObject() {
    RegoObject.Builder parts = RegoObject.builder(8);
    put(parts, "scheme", scheme);
    put(parts, "hostname", hostname);
    put(parts, "port", port);
    put(parts, "path", path);
    put(parts, "raw_path", rawPath);
    put(parts, "raw_query", rawQuery);
    put(parts, "fragment", fragment);
    return parts.build();
  }

  private static void put(RegoObject.Builder parts, String name, String value) {
    if (!value.isEmpty()) {
      parts.put(name, value);
    }
  }
}
