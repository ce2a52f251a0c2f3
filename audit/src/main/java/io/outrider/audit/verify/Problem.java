package io.outrider.audit.verify;

import java.util.Comparator;

/// Something about a log that is not as it should be.
///
/// @param index the first record concerned; -1 if it concerns none in particular
/// @param what one sentence: what was found, and what was expected
public record Problem(Verdict severity, long index, String what) {

  /// Worst first, then from the beginning of the log.
  static final Comparator<Problem> WORST_FIRST =
      Comparator.comparingInt((Problem p) -> p.severity().rank()).thenComparingLong(Problem::index);

  @Override
  public String toString() {
    return severity.slug() + (index >= 0 ? " at record " + index : "") + ": " + what;
  }
}
