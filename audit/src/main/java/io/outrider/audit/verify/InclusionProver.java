package io.outrider.audit.verify;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.ProofFile;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.proof.Proofs;
import io.outrider.audit.proof.TreeHasher;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Proofs about single records: made from a log's folder, checked with nothing but the file and the
/// public key.
public final class InclusionProver {
  private InclusionProver() {}

  /// Makes a `.tlog-proof` file for one record, with the record itself inside.
  ///
  /// @throws FormatException if no published checkpoint covers the record, or the log does not add
  ///   up
  public static ProofFile prove(LogSource source, long index) throws IOException, FormatException {
    Optional<byte[]> note = source.read(LogFiles.CHECKPOINT);
    if (note.isEmpty()) {
      throw new FormatException(LogFiles.CHECKPOINT + ": missing (expected: a signed checkpoint)");
    }
    Checkpoint checkpoint = Checkpoint.parse(SignedNote.parse(note.get()).text());
    if (index < 0 || index >= checkpoint.size()) {
      throw new FormatException(
          "record "
              + index
              + ": not under the checkpoint yet (expected: 0 to "
              + (checkpoint.size() - 1)
              + ")");
    }
    LogFiles files = new LogFiles(source);
    long bundle = index / TilePath.WIDTH;
    int slot = (int) (index % TilePath.WIDTH);
    List<byte[]> leaves = files.bundle(bundle, TilePath.width(0, bundle, checkpoint.size()));
    if (slot >= leaves.size()) {
      throw new FormatException("record " + index + ": missing from its bundle");
    }
    Proofs proofs = new Proofs();
    List<byte[]> path = proofs.inclusion(index, checkpoint.size(), files::tile);
    byte[] leaf = leaves.get(slot);
    if (!proofs.includes(
        new TreeHasher().leaf(leaf), index, checkpoint.size(), path, checkpoint.root())) {
      throw new FormatException(
          "record " + index + ": does not lead to the signed root; run verify on this log");
    }
    return new ProofFile(Optional.of(leaf), index, path, note.get());
  }

  /// Checks a proof file and gives the record it proves.
  ///
  /// @throws FormatException if anything about it does not fit
  public static Leaf check(ProofFile proof, VerifierKey key) throws FormatException {
    byte[] leaf =
        proof
            .extra()
            .orElseThrow(() ->
                new FormatException("proof: carries no record (expected: one in its extra line)"));
    Checkpoint checkpoint = Checkpoint.parse(SignedNote.open(proof.checkpoint(), key).text());
    if (!checkpoint.origin().equals(key.name())) {
      throw new FormatException(
          "proof: origin \"" + checkpoint.origin() + "\" (expected: \"" + key.name() + "\")");
    }
    byte[] hash = new TreeHasher().leaf(leaf);
    if (!new Proofs()
        .includes(hash, proof.index(), checkpoint.size(), proof.path(), checkpoint.root())) {
      throw new FormatException("proof: the record does not lead to the signed root");
    }
    return Leaf.parse(leaf);
  }
}
