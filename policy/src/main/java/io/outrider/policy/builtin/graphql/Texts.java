package io.outrider.policy.builtin.graphql;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Texts in messages: quoting, lists of alternatives and guesses at what was meant.
final class Texts {
  private Texts() {}

  static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            default -> {
              if (c < 0x20 || c == 0x7f) {
                out.append("\\x%02x".formatted(c));
              } else {
                out.appendCodePoint(c);
              }
            }
          }
        });
    return out.append('"').toString();
  }

  /// `"a", "b", or "c"`, of at most five.
  static String anyOf(List<String> items, boolean quote) {
    List<String> shown = items.stream().limit(5).map(i -> quote ? "\"" + i + "\"" : i).toList();
    if (shown.size() == 2) {
      return shown.get(0) + " or " + shown.get(1);
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < shown.size(); i++) {
      out.append(i == 0 ? "" : i == shown.size() - 1 ? ", or " : ", ").append(shown.get(i));
    }
    return out.toString();
  }

  /// ` Did you mean ...?` with the options close to what was typed, or nothing.
  static String suggestion(String prefix, String typed, List<String> options, boolean quote) {
    List<String> close = close(typed, options);
    return close.isEmpty() ? "" : " " + prefix + " " + anyOf(close, quote) + "?";
  }

  static List<String> close(String typed, List<String> options) {
    int limit = Math.max((int) Math.floor(typed.length() * 0.4) + 1, 1);
    Map<String, Integer> distances = new HashMap<>();
    List<String> close = new ArrayList<>();
    for (String option : options) {
      int distance = distance(typed, option, limit);
      if (distance <= limit) {
        close.add(option);
        distances.put(option, distance);
      }
    }
    close.sort(Comparator.comparing(distances::get));
    return close;
  }

  private static int distance(String a, String b, int limit) {
    if (a.equals(b)) {
      return 0;
    }
    String left = a.toLowerCase(Locale.ROOT);
    String right = b.toLowerCase(Locale.ROOT);
    if (left.equals(right)) {
      return 1;
    }
    if (Math.abs(left.length() - right.length()) > limit) {
      return Integer.MAX_VALUE;
    }
    int[] row = new int[right.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int above = row[j];
        int same = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(above + 1, row[j - 1] + 1), diagonal + same);
        diagonal = above;
      }
    }
    return row[right.length()];
  }
}
