package io.outrider.audit.verify;

import java.util.ArrayList;
import java.util.List;

/// Collects problems, keeping the first few of each severity and counting the rest.
final class Problems {
  private final List<Problem> kept = new ArrayList<>();
  private final int[] countBySeverity = new int[Verdict.values().length];
  private Verdict worst = Verdict.OK;
  private long count;

  void add(Verdict severity, long index, String what) {
    count++;
    if (severity.rank() < worst.rank()) {
      worst = severity;
    }
    if (countBySeverity[severity.ordinal()]++ < AuditVerifier.MAX_PROBLEMS / 3) {
      kept.add(new Problem(severity, index, what));
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
