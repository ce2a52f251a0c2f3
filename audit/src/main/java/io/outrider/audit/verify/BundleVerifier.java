package io.outrider.audit.verify;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.PolicyContent;
import io.outrider.audit.format.ProofFile;
import io.outrider.audit.format.Sha256;
import io.outrider.audit.format.VerifierKey;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Checks an evidence bundle: each record of it is proven into the tree that the log signed, the
/// readable copy says the same, and the manifest counts right. Use one instance for one check.
public final class BundleVerifier {
  private static final String CHECKPOINT = "log/checkpoint";
  private static final String VERIFIER_KEY = "log/log.vkey";
  private static final String RECORDS = "records.jsonl";
  private static final String MANIFEST = "manifest.json";
  private static final String PROOFS = "proofs/";
  private static final String PROOF = ".tlog-proof";
  private static final String POLICIES = "policy/";
  private static final String GUIDE = "VERIFY.md";

  // Bytes a file may have: some of ours, and room.
  private static final int MAX_KEY = 16 << 10;
  private static final int MAX_NOTE = 1 << 20;
  private static final int MAX_PROOF = 2 << 20;
  private static final int MAX_MANIFEST = 1 << 20;

  /// The largest content that is kept by its hash.
  private static final int MAX_POLICY = 40 << 20;

  /// Digests of policies followed at most.
  private static final int MAX_NAMED = 100_000;

  /// Notes other than the bundle's own that are looked into: each costs as much as a thousand
  /// hashes.
  private static final int MAX_OTHER_NOTES = 1_000;

  private final BundleSource bundle;
  private final VerifyOptions options;
  private final Problems problems;
  private final Anchors anchors;
  private final Map<String, Long> counts = new TreeMap<>();

  /// SHA-256 of each proven record, by its place in the log.
  private final TreeMap<Long, byte[]> proven = new TreeMap<>();

  /// Digests of the policies that proven records name, each with the first such record.
  private final TreeMap<String, Long> named = new TreeMap<>();

  private byte[] otherNote = new byte[0];
  private int otherNotes;

  private BundleVerifier(BundleSource bundle, VerifyOptions options) {
    this.bundle = bundle;
    this.options = options;
    this.problems = new Problems(options.everyPair());
    this.anchors = new Anchors(options, problems);
  }

  /// Checks the bundle in `file`.
  ///
  /// @throws IOException if it is no archive, or one that nobody should open
  public static Verification check(Path file, VerifyOptions options) throws IOException {
    try (BundleSource bundle = new BundleSource(file)) {
      return new BundleVerifier(bundle, options).run();
    }
  }

  private Verification run() {
    VerifierKey key = options.key().orElse(null);
    Checkpoint checkpoint = null;
    try {
      key = key == null ? ownKey() : key;
      byte[] note = file(CHECKPOINT, "the signed checkpoint", MAX_NOTE);
      SignedRoots roots = new SignedRoots(key, problems, true);
      checkpoint = roots.add(CHECKPOINT, note).orElse(null);
      if (checkpoint != null) {
        anchors.add(CHECKPOINT, note);
        anchors.check(key, roots, new SignedRoots.Named(CHECKPOINT, checkpoint));
        options.saved().forEach(saved -> roots.add(saved.name(), saved.note()));
        proofs(note, checkpoint, roots);
        records();
        policies(manifest(checkpoint));
        strangers();
      }
    } catch (FormatException e) {
      problems.add(Verdict.TAMPERED, -1, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      problems.add(Verdict.UNREADABLE, -1, "cannot be read: " + e.getMessage());
    }
    anchors.judge();
    return new Verification(
        Verification.Scope.BUNDLE,
        problems.worst(),
        key,
        options.key().isEmpty(),
        checkpoint,
        proven.size(),
        0,
        Verification.Pairs.NONE,
        counts,
        Verification.History.NONE,
        anchors.found(),
        problems.list(),
        problems.count(),
        0);
  }

  private byte[] file(String name, String what, int limit) throws IOException {
    return bundle
        .read(name, limit)
        .orElseThrow(() -> new IOException(name + ": missing (expected: " + what + ")"));
  }

  private VerifierKey ownKey() throws IOException, FormatException {
    try {
      return VerifierKey.parse(
          new String(
              file(VERIFIER_KEY, "a public key, here or given", MAX_KEY), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new FormatException(VERIFIER_KEY + ": " + e.getMessage(), e);
    }
  }

  private void proofs(byte[] note, Checkpoint checkpoint, SignedRoots roots) throws IOException {
    List<String> names = bundle.names(PROOFS);
    for (String name : names) {
      String index = name.substring(PROOFS.length()).replace(PROOF, "");
      try {
        if (!name.equals(PROOFS + index + PROOF) || !index.matches("0|[1-9][0-9]{0,17}")) {
          throw new FormatException("not the name of a proof (expected: <number>" + PROOF + ")");
        }
        proof(name, Long.parseLong(index), note, checkpoint, roots);
      } catch (FormatException e) {
        long at = index.matches("[0-9]{1,18}") ? Long.parseLong(index) : -1;
        problems.add(Verdict.TAMPERED, at, name + ": " + e.getMessage());
      }
      options.progress().at(proven.size(), names.size());
    }
  }

  private void proof(String name, long index, byte[] note, Checkpoint checkpoint, SignedRoots roots)
      throws IOException, FormatException {
    ProofFile proof = ProofFile.parse(file(name, "a proof", MAX_PROOF));
    if (proof.index() != index) {
      throw new FormatException("proves record " + proof.index() + " (expected: " + index + ")");
    }
    if (!Arrays.equals(proof.checkpoint(), note) && !Arrays.equals(proof.checkpoint(), otherNote)) {
      other(proof.checkpoint(), checkpoint, roots);
      otherNote = proof.checkpoint();
    }
    Optional<Leaf> leaf = ProofVerifier.leaf(proof, checkpoint);
    if (leaf.isPresent()) {
      counts.merge(leaf.get().kind(), 1L, Long::sum);
      proven.put(index, Sha256.of(leaf.get().bytes()));
      if (named.size() < MAX_NAMED) {
        leaf.get().text("pol").ifPresent(digest -> named.merge(digest, index, Math::min));
      }
    }
  }

  /// A proof may carry the checkpoint with other cosignatures; it must be the same checkpoint. Not
  /// remembered: a bundle can hold as many as it likes.
  private void other(byte[] note, Checkpoint checkpoint, SignedRoots roots)
      throws IOException, FormatException {
    if (++otherNotes > MAX_OTHER_NOTES) {
      throw new IOException(
          "bundle: proofs with more than "
              + MAX_OTHER_NOTES
              + " notes that are not that of "
              + CHECKPOINT
              + " (expected: the same in all)");
    }
    Checkpoint other = roots.opened(note);
    if (other.size() == checkpoint.size() && !other.equals(checkpoint)) {
      throw new FormatException(
          "its checkpoint and "
              + CHECKPOINT
              + " are two different trees of one size, both signed; the two notes prove it");
    }
    if (!other.equals(checkpoint)) {
      throw new FormatException(
          "leads to the tree of size "
              + other.size()
              + " (expected: "
              + checkpoint.size()
              + ", that of "
              + CHECKPOINT
              + ")");
    }
  }

  /// The copy that people and programs read must be the records that were proven, neither more nor
  /// less.
  private void records() throws IOException {
    Optional<InputStream> records = bundle.open(RECORDS);
    if (records.isEmpty()) {
      throw new IOException(RECORDS + ": missing (expected: the records, one a line)");
    }
    long lines = 0;
    long before = -1;
    try (InputStream in = new BufferedInputStream(records.get(), 1 << 16)) {
      for (byte[] line = line(in); line != null; line = line(in)) {
        lines++;
        try {
          long index = Leaf.parse(line).index();
          byte[] expected = proven.get(index);
          if (expected == null || !Arrays.equals(expected, Sha256.of(line))) {
            problems.add(
                Verdict.TAMPERED,
                index,
                RECORDS
                    + " line "
                    + lines
                    + (expected == null
                        ? ": has no proof (expected: one for each record)"
                        : ": is not the record that was proven"));
          } else if (index <= before) {
            problems.add(
                Verdict.TAMPERED,
                index,
                RECORDS + " line " + lines + ": comes after record " + before);
          }
          before = Math.max(before, index);
        } catch (FormatException e) {
          problems.add(Verdict.TAMPERED, -1, RECORDS + " line " + lines + ": " + e.getMessage());
        }
      }
    }
    if (lines != proven.size()) {
      problems.add(
          Verdict.TAMPERED,
          -1,
          RECORDS + ": " + lines + " lines (expected: " + proven.size() + ", as many as proofs)");
    }
  }

  /// One line; null at the end. No record is longer than a leaf can be.
  private static byte @Nullable [] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return line.size() == 0 ? null : line.toByteArray();
      }
      line.write(b);
      if (line.size() > 65_535) {
        throw new IOException(RECORDS + ": a line of more than 65535 bytes");
      }
    }
    return line.toByteArray();
  }

  /// @return digests of the policies that the log did not keep either, as it says
  private List<?> manifest(Checkpoint checkpoint) throws IOException, FormatException {
    Map<String, Object> manifest =
        Leaf.fields(MANIFEST, file(MANIFEST, "what was selected, and how many", MAX_MANIFEST));
    expect(manifest, "size", checkpoint.size());
    if (manifest.containsKey("records")) {
      expect(manifest, "records", proven.size());
    }
    if (!proven.isEmpty()
        && manifest.get("range") instanceof List<?> range
        && !range.equals(List.of(proven.firstKey(), proven.lastKey()))) {
      problems.add(
          Verdict.TAMPERED,
          -1,
          MANIFEST
              + ": range "
              + SafeText.of(String.valueOf(range), 100)
              + " (expected: "
              + proven.firstKey()
              + " to "
              + proven.lastKey()
              + ")");
    }
    Object root = manifest.get("root");
    if (!Base64.getEncoder().encodeToString(checkpoint.root()).equals(root)
        && !HexFormat.of().formatHex(checkpoint.root()).equals(root)) {
      problems.add(
          Verdict.TAMPERED,
          -1,
          MANIFEST
              + ": root "
              + SafeText.of(String.valueOf(root), 100)
              + " (expected: "
              + Base64.getEncoder().encodeToString(checkpoint.root())
              + ")");
    }
    if (manifest.get("counts") instanceof Map<?, ?> told) {
      told.forEach((kind, count) -> {
        if (!(count instanceof Long)) {
          return;
        }
        long expected =
            kind.equals("records") || kind.equals("total")
                ? proven.size()
                : counts.getOrDefault(String.valueOf(kind), 0L);
        if (!count.equals(expected)) {
          problems.add(
              Verdict.TAMPERED,
              -1,
              MANIFEST + ": counts " + count + " " + kind + " (expected: " + expected + ")");
        }
      });
    } else {
      problems.add(Verdict.TAMPERED, -1, MANIFEST + ": no counts (expected: how many of each)");
    }
    return manifest.get("policies_not_kept") instanceof List<?> digests ? digests : List.of();
  }

  private void expect(Map<String, Object> manifest, String field, long expected) {
    Object found = manifest.get(field);
    if (!Long.valueOf(expected).equals(found)) {
      problems.add(
          Verdict.TAMPERED,
          -1,
          MANIFEST
              + ": "
              + field
              + " "
              + SafeText.of(String.valueOf(found), 100)
              + " (expected: "
              + expected
              + ")");
    }
  }

  /// A policy is stored under its own hash, and each that a record names is there.
  private void policies(List<?> notKept) throws IOException {
    for (String name : bundle.names(POLICIES)) {
      String digest = name.substring(POLICIES.length());
      String found = HexFormat.of().formatHex(Sha256.of(file(name, "a policy", MAX_POLICY)));
      if (!digest.equals(found)) {
        problems.add(
            Verdict.TAMPERED,
            -1,
            SafeText.of(name, 200) + ": its SHA-256 is " + found + " (expected: its name)");
      }
    }
    List<String> there = bundle.names(POLICIES);
    named.forEach((digest, record) -> {
      if (!notKept.contains(digest)
          && PolicyContent.path(digest).filter(there::contains).isEmpty()) {
        problems.add(
            Verdict.INCOMPLETE,
            record,
            "the policies it was judged by, "
                + SafeText.of(digest, 100)
                + ", are not in the bundle, and "
                + MANIFEST
                + " does not say that the log lacked them");
      }
    });
  }

  /// Whatever else lies in the archive was put there by somebody else, and nothing vouches for it.
  private void strangers() {
    for (String name : bundle.names("")) {
      boolean known =
          switch (name) {
            case CHECKPOINT, VERIFIER_KEY, RECORDS, MANIFEST, GUIDE -> true;
            default -> name.startsWith(PROOFS) || name.startsWith(POLICIES);
          };
      if (!known) {
        problems.add(
            Verdict.TAMPERED,
            -1,
            SafeText.of(name, 200) + ": is no part of an evidence bundle; nothing vouches for it");
      }
    }
  }
}
