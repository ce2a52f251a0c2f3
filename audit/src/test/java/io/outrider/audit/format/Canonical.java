package io.outrider.audit.format;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// RFC 8785 for the values a leaf may have, written from the RFC and not from our encoder: an
/// oracle.
final class Canonical {
  private static final Map<Character, String> SHORT =
      Map.of(
          '\b', "\\b", '\t', "\\t", '\n', "\\n", '\f', "\\f", '\r', "\\r", '"', "\\\"", '\\',
          "\\\\");

  private Canonical() {}

  static String json(Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          // Strings of Java are compared by UTF-16 code units, as the RFC asks.
          new TreeMap<>(
                  map.entrySet().stream()
                      .collect(
                          Collectors.toMap(e -> (String) e.getKey(), e -> (Object) e.getValue())))
              .entrySet().stream()
                  .map(e -> json(e.getKey()) + ":" + json(e.getValue()))
                  .collect(Collectors.joining(",", "{", "}"));
      case List<?> list ->
          list.stream().map(Canonical::json).collect(Collectors.joining(",", "[", "]"));
      case String text ->
          text.chars()
              .mapToObj(c -> character((char) c))
              .collect(Collectors.joining("", "\"", "\""));
      case Long number -> Long.toString(number);
      case Boolean flag -> Boolean.toString(flag);
      default -> throw new IllegalArgumentException(value + ": no value of a leaf");
    };
  }

  private static String character(char c) {
    String known = SHORT.get(c);
    return known != null
        ? known
        : c < 0x20 ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c);
  }
}
