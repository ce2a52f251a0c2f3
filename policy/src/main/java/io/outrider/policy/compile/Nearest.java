package io.outrider.policy.compile;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Guesses what a misspelt name was meant to be.
final class Nearest {
  private Nearest() {}

  /// `did you mean X?`, or null when nothing is close.
  static @Nullable String hint(String name, Collection<String> known) {
    String best = null;
    // Two letters changed places count as two; in a short name that would match anything.
    int bestDistance = name.length() <= 3 ? 2 : Math.max(2, name.length() / 3) + 1;
    for (String candidate : known) {
      int distance = distance(name, candidate, bestDistance);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best == null ? null : "did you mean " + best + "?";
  }

  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) >= limit) {
      return limit;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
