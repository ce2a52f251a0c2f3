package io.outrider.audit.verify;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.ProofFile;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.proof.Proofs;
import io.outrider.audit.proof.TreeHasher;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Checks a `.tlog-proof` file on its own: one record, the path from it to a root, and who signed
/// that root.
public final class ProofVerifier {
  private static final Set<String> KINDS = Set.of("intent", "outcome", "refusal", "event");

  private ProofVerifier() {}

  /// The result, and the record if it is proven.
  public record Checked(Verification verification, Optional<Leaf> leaf) {}

  /// Checks a proof. Whether anything else is in the log, a single proof does not say.
  ///
  /// @param options with the log's key; a proof cannot vouch for itself
  public static Checked check(byte[] file, VerifyOptions options) {
    VerifierKey key =
        options
            .key()
            .orElseThrow(() -> new IllegalArgumentException("key: missing (expected: the log's)"));
    Problems problems = new Problems(false);
    Anchors anchors = new Anchors(options, problems);
    Optional<Checkpoint> checkpoint = Optional.empty();
    Optional<Leaf> leaf = Optional.empty();
    try {
      ProofFile proof = ProofFile.parse(file);
      SignedRoots roots = new SignedRoots(key, problems, true);
      checkpoint = roots.add("proof", proof.checkpoint());
      if (checkpoint.isPresent()) {
        anchors.add("proof", proof.checkpoint());
        SignedRoots.Named last = new SignedRoots.Named("proof", checkpoint.get());
        anchors.check(key, roots, last);
        leaf = leaf(proof, checkpoint.get());
        saved(options, roots, last, problems);
      }
    } catch (FormatException e) {
      problems.add(Verdict.TAMPERED, -1, String.valueOf(e.getMessage()));
    }
    anchors.judge();
    return new Checked(
        new Verification(
            Verification.Scope.PROOF,
            problems.worst(),
            key,
            false,
            checkpoint.orElse(null),
            leaf.isPresent() ? 1 : 0,
            0,
            Verification.Pairs.NONE,
            leaf.map(l -> Map.of(l.kind(), 1L)).orElse(Map.of()),
            Verification.History.NONE,
            anchors.found(),
            problems.list(),
            problems.count(),
            0),
        leaf);
  }

  /// The record of a proof, if it leads to the root.
  static Optional<Leaf> leaf(ProofFile proof, Checkpoint checkpoint) throws FormatException {
    byte[] bytes =
        proof
            .extra()
            .orElseThrow(() ->
                new FormatException("proof: carries no record (expected: one in its extra line)"));
    if (!new Proofs()
        .includes(
            new TreeHasher().leaf(bytes),
            proof.index(),
            checkpoint.size(),
            proof.path(),
            checkpoint.root())) {
      throw new FormatException(
          "proof: record "
              + proof.index()
              + " does not lead to the root that was signed for size "
              + checkpoint.size());
    }
    Leaf leaf = Leaf.parse(bytes);
    if (leaf.index() != proof.index()) {
      throw new FormatException(
          "proof: the record calls itself "
              + leaf.index()
              + " (expected: "
              + proof.index()
              + ", its place in the tree)");
    }
    Optional<String> wrong = LeafScan.of(leaf).form();
    if (wrong.isPresent() || !KINDS.contains(leaf.kind())) {
      throw new FormatException(
          "proof: record "
              + leaf.index()
              + ": "
              + wrong.orElse("unknown kind \"" + SafeText.of(leaf.kind(), 60) + "\""));
    }
    return Optional.of(leaf);
  }

  /// A saved checkpoint of the same size must have the same root; of another size a single proof
  /// says nothing.
  private static void saved(
      VerifyOptions options, SignedRoots roots, SignedRoots.Named last, Problems problems) {
    for (VerifyOptions.Saved saved : options.saved()) {
      Optional<Checkpoint> other = roots.add(saved.name(), saved.note());
      if (other.isPresent() && other.get().size() != last.checkpoint().size()) {
        problems.add(
            Verdict.INCOMPLETE,
            -1,
            new SignedRoots.Named(saved.name(), other.get())
                + ": a proof alone does not show that "
                + last
                + " is a continuation of it (expected: the log itself, for that)");
      }
    }
  }
}
