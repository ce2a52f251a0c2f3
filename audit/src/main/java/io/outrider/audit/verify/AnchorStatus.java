package io.outrider.audit.verify;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.TlogPolicy;
import io.outrider.audit.format.VerifierKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Who vouches for a log, at a glance: the notes are checked, the tree is not.
///
/// @param size records under the log's own checkpoint
/// @param quorumMet whether one of the notes has the cosignatures the policy asks for
public record AnchorStatus(String origin, long size, List<Anchor> anchors, boolean quorumMet) {
  public AnchorStatus {
    anchors = List.copyOf(anchors);
  }

  /// Reads what lies beside the log.
  ///
  /// @throws FormatException if there is no signed checkpoint, or a note is wrong
  public static AnchorStatus read(
      LogSource source, Optional<TlogPolicy> policy, List<AnchorReader> others)
      throws IOException, FormatException {
    byte[] note = source.read(LogFiles.CHECKPOINT).orElseThrow(() -> missing(LogFiles.CHECKPOINT));
    byte[] vkey =
        source.read(LogFiles.VERIFIER_KEY).orElseThrow(() -> missing(LogFiles.VERIFIER_KEY));
    VerifierKey key;
    try {
      key = VerifierKey.parse(new String(vkey, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new FormatException(LogFiles.VERIFIER_KEY + ": " + e.getMessage(), e);
    }
    Checkpoint checkpoint = Checkpoint.parse(SignedNote.open(note, key).text());
    Problems problems = new Problems(false);
    VerifyOptions options =
        policy
            .map(VerifyOptions.DEFAULT::withPolicy)
            .orElse(VerifyOptions.DEFAULT)
            .withAnchors(others);
    Anchors anchors = new Anchors(options, problems);
    anchors.collect(source);
    anchors.add(LogFiles.CHECKPOINT, note);
    anchors.check(
        key,
        new SignedRoots(key, problems, true),
        new SignedRoots.Named(LogFiles.CHECKPOINT, checkpoint));
    if (problems.count() > 0) {
      throw new FormatException(problems.list().getFirst().what());
    }
    anchors.judge();
    return new AnchorStatus(
        checkpoint.origin(), checkpoint.size(), anchors.found(), problems.count() == 0);
  }

  private static FormatException missing(String file) {
    return new FormatException(file + ": missing");
  }
}
