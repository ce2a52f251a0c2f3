package io.outrider.audit.verify;

import java.io.IOException;
import java.util.List;

/// Which files of kept values there are. Their names are those of tiles: `005`, `x001/067`,
/// `x001/x234/067`.
final class SealedFiles {
  private SealedFiles() {}

  /// The number of the first; -1 if there is none, or the source has no folders.
  static long first(LogSource source) throws IOException {
    return first(source, "sealed", 0);
  }

  /// Shorter names are smaller numbers, so those that stand here come before those further down.
  private static long first(LogSource source, String folder, long above) throws IOException {
    List<String> names = source.list(folder);
    for (String name : names) {
      if (name.matches("[0-9]{3}")) {
        return above * 1000 + Long.parseLong(name);
      }
    }
    long first = -1;
    for (String name : names) {
      if (name.matches("x[0-9]{3}")) {
        long number = above * 1000 + Long.parseLong(name, 1, 4, 10);
        long inside = first(source, folder + "/" + name, number);
        first = first < 0 || inside >= 0 && inside < first ? inside : first;
      }
    }
    return first;
  }
}
