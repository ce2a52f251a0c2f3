package io.outrider.policy.compile;

import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.List;

/// Document paths as text.
public final class Paths {
  private Paths() {}

  /// `data.a["b-c"].d`.
  static String data(List<RegoValue> path) {
    return join("data", path);
  }

  public static String join(String root, List<RegoValue> path) {
    StringBuilder out = new StringBuilder(root);
    for (RegoValue key : path) {
      if (key instanceof RegoString s && isName(s.value())) {
        out.append('.').append(s.value());
      } else {
        out.append('[').append(key).append(']');
      }
    }
    return out.toString();
  }

  private static boolean isName(String text) {
    if (text.isEmpty() || !isLetter(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isLetter(c) && !(c >= '0' && c <= '9')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
}
