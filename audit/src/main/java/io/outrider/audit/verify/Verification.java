package io.outrider.audit.verify;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.VerifierKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The result of checking a log.
///
/// @param key the key signatures were checked with; null if there was none
/// @param keyFromFolder the key was found in the folder itself, so it proves only that the folder
///   agrees with itself
/// @param checkpoint the checkpoint everything was checked against; null if there was none
/// @param records records covered by the checkpoint and found in order
/// @param tail records in the journal that no checkpoint covers yet
/// @param inFlight calls of the last run that have no outcome yet
/// @param counts records by kind: `intent`, `outcome`, `refusal`, `event`
/// @param problems worst first; at most [AuditVerifier#MAX_PROBLEMS] are listed
/// @param problemCount how many there were
public record Verification(
    Verdict verdict,
    @Nullable VerifierKey key,
    boolean keyFromFolder,
    @Nullable Checkpoint checkpoint,
    long records,
    long tail,
    long inFlight,
    Map<String, Long> counts,
    List<Problem> problems,
    long problemCount) {

  public Verification {
    counts = Map.copyOf(counts);
    problems = List.copyOf(problems);
  }
}
