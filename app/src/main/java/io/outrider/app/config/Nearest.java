package io.outrider.app.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds what somebody who mistyped probably meant.
final class Nearest {
  private Nearest() {}

  /// The known word with the fewest edits, if few enough to be a slip rather than another word.
  static Optional<String> to(String word, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .filter(candidate -> distance(word, candidate) <= Math.max(2, candidate.length() / 2));
  }

  /// Edits (insert, delete, replace) from one word to the other; `-` and `_` count as the same
  /// letter.
  private static int distance(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replace = diagonal + (letter(left, i) == letter(right, j) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[right.length()];
  }

  private static char letter(String word, int index) {
    char letter = Character.toLowerCase(word.charAt(index - 1));
    return letter == '-' ? '_' : letter;
  }
}
