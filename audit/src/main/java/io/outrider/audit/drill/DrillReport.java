package io.outrider.audit.drill;

import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import java.util.List;
import java.util.Map;

/// What came of a drill.
///
/// @param baseline what the verifier says of the untouched copy
/// @param records records that were copied
/// @param total records under the log's checkpoint
/// @param seed makes the same choices again
/// @param trials one for each way of tampering that was possible
/// @param impossible the others: their names, and what the log lacks
public record DrillReport(
    Verification baseline,
    long records,
    long total,
    long bytes,
    long seed,
    List<Trial> trials,
    Map<String, String> impossible) {

  public DrillReport {
    trials = List.copyOf(trials);
    impossible = Map.copyOf(impossible);
  }

  /// One tampering.
  ///
  /// @param insider whether it took the private key
  /// @param what was done
  /// @param detected whether the verifier found something it does not find in the untouched copy
  /// @param by what it said first; empty if nothing
  public record Trial(
      String name, boolean insider, String what, boolean detected, Verdict verdict, String by) {}

  /// Whether the untouched copy was as it should be, so that the trials say something.
  public boolean isMeaningful() {
    return baseline.verdict() == Verdict.OK || baseline.verdict() == Verdict.INCOMPLETE;
  }

  public long detected() {
    return trials.stream().filter(Trial::detected).count();
  }

  public boolean allDetected() {
    return isMeaningful() && detected() == trials.size();
  }
}
