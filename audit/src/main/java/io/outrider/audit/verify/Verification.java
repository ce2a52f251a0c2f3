package io.outrider.audit.verify;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.VerifierKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The result of checking a log, or some records of one.
///
/// @param scope what was checked
/// @param key the key signatures were checked with; null if there was none
/// @param keyFromFolder the key was found in the folder itself, so it proves only that the folder
///   agrees with itself
/// @param checkpoint the checkpoint everything was checked against; null if there was none
/// @param records records covered by the checkpoint and found in order; of a selection, those that
///   were proven
/// @param tail records in the journal that no checkpoint covers yet
/// @param pairs calls that were let through, and what became of them
/// @param counts records by kind: `intent`, `outcome`, `refusal`, `event`
/// @param history checkpoints the log kept of itself
/// @param anchors who else vouches for the log, and until where; newest first
/// @param problems worst first; at most [AuditVerifier#MAX_PROBLEMS] are listed
/// @param problemCount how many there were
/// @param pruned records of those that were dropped as a prune record allows; their hashes are
///   there
public record Verification(
    Scope scope,
    Verdict verdict,
    @Nullable VerifierKey key,
    boolean keyFromFolder,
    @Nullable Checkpoint checkpoint,
    long records,
    long tail,
    Pairs pairs,
    Map<String, Long> counts,
    History history,
    List<Anchor> anchors,
    List<Problem> problems,
    long problemCount,
    long pruned) {

  /// What was checked.
  public enum Scope {
    /// A log from its first record to its last.
    LOG,
    /// An evidence bundle: some records, each with its proof.
    BUNDLE,
    /// The proof of one record.
    PROOF
  }

  /// Calls that were let through.
  ///
  /// @param calls intents
  /// @param answered those whose outcome is known
  /// @param indeterminate those whose outcome nobody knows, and the log says so
  /// @param inFlight those of the last run that have no outcome yet
  /// @param unpaired those without an outcome, and outcomes without a call
  public record Pairs(long calls, long answered, long indeterminate, long inFlight, long unpaired) {
    static final Pairs NONE = new Pairs(0, 0, 0, 0, 0);
  }

  /// Checkpoints the log kept of itself.
  ///
  /// @param kept how many; the log begins with each, or a problem says it does not
  /// @param signaturesChecked how many of them had their signature checked too
  public record History(long kept, long signaturesChecked) {
    static final History NONE = new History(0, 0);
  }

  /// Calls of the last run that have no outcome yet.
  public long inFlight() {
    return pairs.inFlight();
  }

  public Verification {
    anchors = List.copyOf(anchors);
    counts = Map.copyOf(counts);
    problems = List.copyOf(problems);
  }
}
