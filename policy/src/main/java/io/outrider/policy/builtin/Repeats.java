package io.outrider.policy.builtin;

import java.util.ArrayDeque;
import java.util.Deque;

/// Bounds how often nested counted repetitions of a regular expression multiply: `(a{500}){3}`
/// would make a program of 1,500 steps. Go refuses more than 1,000, and RE2/J has no such check.
final class Repeats {
  private static final long MAX = 1_000;

  private Repeats() {}

  static boolean isTooLarge(String pattern) {
    // For each open group, the largest product of counts inside it so far.
    Deque<Long> groups = new ArrayDeque<>();
    groups.push(1L);
    long lastItem = 1;
    int at = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      switch (c) {
        case '\\' -> {
          at = skipEscape(pattern, at);
          lastItem = 1;
          continue;
        }
        case '[' -> {
          at = skipClass(pattern, at);
          lastItem = 1;
          continue;
        }
        case '(' -> groups.push(1L);
        case ')' -> {
          if (groups.size() > 1) {
            lastItem = groups.pop();
            groups.push(Math.max(groups.pop(), lastItem));
          }
        }
        case '{' -> {
          long count = count(pattern, at);
          if (count > 0) {
            lastItem *= count;
            if (lastItem > MAX) {
              return true;
            }
            groups.push(Math.max(groups.pop(), lastItem));
          } else {
            lastItem = 1;
          }
        }
        case '*', '+', '?' -> {}
        default -> lastItem = 1;
      }
      at++;
    }
    return false;
  }

  /// The largest number in `{n}`, `{n,}` or `{n,m}`, or 0 when the brace is literal.
  private static long count(String pattern, int brace) {
    int close = pattern.indexOf('}', brace);
    if (close < 0 || !pattern.substring(brace + 1, close).matches("[0-9]{1,6}(,[0-9]{0,6})?")) {
      return 0;
    }
    long largest = 0;
    for (String number : pattern.substring(brace + 1, close).split(",", -1)) {
      if (!number.isEmpty()) {
        largest = Math.max(largest, Long.parseLong(number));
      }
    }
    return largest;
  }

  private static int skipEscape(String pattern, int at) {
    if (pattern.startsWith("\\Q", at)) {
      int end = pattern.indexOf("\\E", at);
      return end < 0 ? pattern.length() : end + 2;
    }
    if (pattern.startsWith("\\x{", at)
        || pattern.startsWith("\\p{", at)
        || pattern.startsWith("\\P{", at)) {
      int end = pattern.indexOf('}', at);
      return end < 0 ? pattern.length() : end + 1;
    }
    return at + 2;
  }

  private static int skipClass(String pattern, int at) {
    int i = at + 1;
    if (i < pattern.length() && pattern.charAt(i) == '^') {
      i++;
    }
    if (i < pattern.length() && pattern.charAt(i) == ']') {
      i++;
    }
    while (i < pattern.length() && pattern.charAt(i) != ']') {
      if (pattern.startsWith("[:", i)) {
        int end = pattern.indexOf(":]", i);
        i = end < 0 ? pattern.length() : end + 2;
      } else {
        i += pattern.charAt(i) == '\\' ? 2 : 1;
      }
    }
    return i + 1;
  }
}
