package io.outrider.redaction.rule;

import java.util.Collection;
import java.util.Optional;

/// Guesses what was meant by a name that nobody knows.
final class Spelling {
  private Spelling() {}

  /// The known name that differs by at most two letters, if any does.
  static Optional<String> nearest(String name, Collection<String> known) {
    String best = null;
    int least = 3;
    for (String candidate : known) {
      if (Math.abs(candidate.length() - name.length()) < least) {
        int distance = distance(name, candidate);
        if (distance < least) {
          least = distance;
          best = candidate;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  /// Letters to put in, take out or change, row by row of the usual table.
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
