package io.outrider.redaction.scan;

import io.outrider.redaction.rule.Rule;
import java.util.Set;
import java.util.TreeSet;

/// Decides by the name of a member whether its value is secret. The name is read without regard to
/// case and separators, and from its end: `dbPassword`, `DB_PASSWORD` and `db-password` all end in
/// `password`.
final class SecretKeys {
  private static final int MAX_NAME = 64;
  private static final int ENDING = 3;

  private final Set<String> names;
  private final Set<String> except;
  private final int longest;

  SecretKeys(Rule rule) {
    this.names = rule.names();
    this.except = rule.except();
    this.longest = names.stream().mapToInt(String::length).max().orElse(0);
  }

  /// What a secret name ends in, with the quote after it: three letters, because a separator may
  /// stand before them.
  Set<String> endings() {
    Set<String> endings = new TreeSet<>();
    for (String name : names) {
      endings.add(name.substring(Math.max(0, name.length() - ENDING)) + '"');
    }
    return endings;
  }

  /// Whether the name in `[start, stop)` is that of a secret.
  boolean matches(byte[] text, int start, int stop) {
    if (stop - start > MAX_NAME) {
      return false;
    }
    char[] folded = new char[stop - start];
    int n = 0;
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      if (b >= 'A' && b <= 'Z') {
        folded[n++] = (char) (b + 32);
      } else if ((b >= 'a' && b <= 'z') || (b >= '0' && b <= '9')) {
        folded[n++] = (char) b;
      } else if (b != '_' && b != '-' && b != '.' && b != ' ' && b != ':' && b != '/') {
        return false;
      }
    }
    String name = new String(folded, 0, n);
    if (!endsWithName(name)) {
      return false;
    }
    if (except.contains(name)) {
      return false;
    }
    for (String other : except) {
      if (name.endsWith(other)) {
        return false;
      }
    }
    return true;
  }

  private boolean endsWithName(String name) {
    for (int from = Math.max(0, name.length() - longest); from < name.length(); from++) {
      if (names.contains(name.substring(from))) {
        return true;
      }
    }
    return false;
  }
}
