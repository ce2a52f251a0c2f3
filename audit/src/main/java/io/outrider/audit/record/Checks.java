package io.outrider.audit.record;

/// The shapes that ids and names must have so that they need no escaping anywhere.
final class Checks {
  private Checks() {}

  /// Long enough for a UUID with a prefix, short enough to never need cutting.
  private static final int MAX_ID = 64;

  static void callId(String id) {
    check("callId", id, "[A-Za-z0-9._:-]{1,64}", true);
  }

  static void slug(String slug) {
    check("slug", slug, "[a-z0-9._-]{1,64}", false);
  }

  static void key(String key) {
    check("key", key, "[A-Za-z0-9._:-]{1,64}", true);
  }

  static void notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
    }
  }

  private static void check(String name, String value, String expected, boolean idCharacters) {
    boolean fits = !value.isEmpty() && value.length() <= MAX_ID;
    for (int i = 0; fits && i < value.length(); i++) {
      char c = value.charAt(i);
      fits =
          (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || c == '.'
              || c == '_'
              || c == '-'
              || (idCharacters && ((c >= 'A' && c <= 'Z') || c == ':'));
    }
    if (!fits) {
      String shown = value.length() > MAX_ID ? value.substring(0, MAX_ID) + "..." : value;
      throw new IllegalArgumentException(name + ": \"" + shown + "\" (expected: " + expected + ")");
    }
  }
}
