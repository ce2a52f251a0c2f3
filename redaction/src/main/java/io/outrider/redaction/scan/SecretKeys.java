package io.outrider.redaction.scan;

import io.outrider.redaction.check.Bytes;
import io.outrider.redaction.rule.Rule;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/// Decides by the name of a member whether its value is secret. The name is read without regard to
/// case and separators, and from its end: `dbPassword`, `DB_PASSWORD` and `db-password` all end in
/// `password`.
final class SecretKeys {
  private static final int MAX_NAME = 64;
  private static final int ENDING = 3;

  /// What may follow the name of a member, or a string that names another member's value.
  private static final String AFTER = ":,}";

  private final Set<String> names;
  private final Endings secret;
  private final Endings except;

  SecretKeys(Rule rule) {
    this.names = rule.names();
    this.secret = new Endings(names);
    this.except = new Endings(rule.except());
  }

  /// What a secret name ends in, with the quote after it and what follows that: three letters,
  /// because a separator may stand before them.
  Set<String> endings() {
    Set<String> quoted = new TreeSet<>();
    for (String name : names) {
      quoted.add(name.substring(Math.max(0, name.length() - ENDING)).concat("\""));
    }
    Set<String> endings = new LinkedHashSet<>();
    for (String letters : quoted) {
      for (int i = 0; i < AFTER.length(); i++) {
        endings.add(letters.concat(AFTER.substring(i, i + 1)));
      }
    }
    return endings;
  }

  /// Whether the name in `[start, stop)` is that of a secret.
  boolean matches(byte[] text, int start, int stop) {
    if (stop - start > MAX_NAME) {
      return false;
    }
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      if (!Bytes.isAlphanumeric(b) && !isSeparator(b)) {
        return false;
      }
    }
    return secret.end(text, start, stop) && !except.end(text, start, stop);
  }

  private static boolean isSeparator(byte b) {
    return b == '_' || b == '-' || b == '.' || b == ' ' || b == ':' || b == '/';
  }

  /// Words that a name may end in, found without making objects: the folded letters are numbered
  /// from the end, and each prefix of that number is looked up.
  private static final class Endings {
    private final long[] table;
    private final int longest;

    Endings(Set<String> words) {
      int size = Integer.highestOneBit(Math.max(1, words.size())) * 8;
      table = new long[size];
      int max = 0;
      for (String word : words) {
        max = Math.max(max, word.length());
        long hash = 1;
        for (int i = word.length() - 1; i >= 0; i--) {
          hash = mixed(hash, word.charAt(i));
        }
        int slot = slot(hash);
        while (table[slot] != 0) {
          slot = slot + 1 & size - 1;
        }
        table[slot] = hash;
      }
      longest = max;
    }

    boolean end(byte[] text, int start, int stop) {
      long hash = 1;
      int n = 0;
      for (int i = stop - 1; i >= start && n < longest; i--) {
        byte b = text[i];
        if (isSeparator(b)) {
          continue;
        }
        hash = mixed(hash, b >= 'A' && b <= 'Z' ? b + 32 : b);
        n++;
        if (has(hash)) {
          return true;
        }
      }
      return false;
    }

    private boolean has(long hash) {
      int slot = slot(hash);
      while (table[slot] != 0) {
        if (table[slot] == hash) {
          return true;
        }
        slot = slot + 1 & table.length - 1;
      }
      return false;
    }

    private int slot(long hash) {
      return (int) (hash >>> 40) & table.length - 1;
    }

    /// Sixty-four bits: that two names of a few hundred meet by chance is not to be feared.
    private static long mixed(long hash, int letter) {
      long h = (hash ^ letter) * 0x9e3779b97f4a7c15L;
      return h ^ h >>> 29;
    }
  }
}
