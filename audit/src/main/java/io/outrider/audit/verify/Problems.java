package io.outrider.audit.verify;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Collects problems, keeping the first few of each severity and counting the rest.
final class Problems {
  /// Unpaired calls listed when all are asked for; a log with more has another problem.
  private static final int EVERY = 100_000;

  private final List<Problem> kept = new ArrayList<>();
  private final Set<Problem> known = new HashSet<>();
  private final boolean everyIncompleteness;
  private final int[] countBySeverity = new int[Verdict.values().length];
  private Verdict worst = Verdict.OK;
  private long count;

  /// @param everyIncompleteness keeps what is incomplete without the usual limit
  Problems(boolean everyIncompleteness) {
    this.everyIncompleteness = everyIncompleteness;
  }

  void add(Verdict severity, long index, String what) {
    add(new Problem(severity, index, what));
  }

  void add(Problem problem) {
    Verdict severity = problem.severity();
    if (known.contains(problem)) {
      return; // two looks at one file
    }
    count++;
    if (severity.rank() < worst.rank()) {
      worst = severity;
    }
    int limit =
        everyIncompleteness && severity == Verdict.INCOMPLETE
            ? EVERY
            : AuditVerifier.MAX_PROBLEMS / 3;
    if (countBySeverity[severity.ordinal()]++ < limit) {
      kept.add(problem);
      known.add(problem);
    }
  }

  Verdict worst() {
    return worst;
  }

  long count() {
    return count;
  }

  List<Problem> list() {
    return kept.stream().sorted(Problem.WORST_FIRST).toList();
  }
}
