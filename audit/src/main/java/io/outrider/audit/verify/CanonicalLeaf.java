package io.outrider.audit.verify;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The one way a leaf may be written (RFC 8785, as far as a leaf needs it). A leaf that is written
/// in another way was not written by an Outrider, and two readers might not read the same in it.
final class CanonicalLeaf {
  private CanonicalLeaf() {}

  /// Whether `bytes`, which were parsed as `fields`, are written that way.
  static boolean is(byte[] bytes, Map<String, Object> fields) {
    StringBuilder out = new StringBuilder(bytes.length);
    write(fields, out);
    return Arrays.equals(out.toString().getBytes(StandardCharsets.UTF_8), bytes);
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case Map<?, ?> map -> object(map, out);
      case List<?> list -> {
        char before = '[';
        for (Object element : list) {
          out.append(before);
          write(element, out);
          before = ',';
        }
        out.append(list.isEmpty() ? "[]" : "]");
      }
      case String text -> string(text, out);
      default -> out.append(value); // a number or a truth value
    }
  }

  private static void object(Map<?, ?> map, StringBuilder out) {
    // Java compares strings by UTF-16 code units, as the RFC asks.
    Map<String, Object> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put((String) key, value));
    char before = '{';
    for (Map.Entry<String, Object> field : sorted.entrySet()) {
      out.append(before);
      string(field.getKey(), out);
      out.append(':');
      write(field.getValue(), out);
      before = ',';
    }
    out.append(sorted.isEmpty() ? "{}" : "}");
  }

  private static void string(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < 0x20) {
            out.append(c < 0x10 ? "\\u000" : "\\u00").append(Integer.toHexString(c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
