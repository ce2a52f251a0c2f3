package io.outrider.audit.verify;

import io.outrider.audit.format.Batch;
import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.EntryBundle;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.LeafEncoder;
import io.outrider.audit.format.Opening;
import io.outrider.audit.format.Sha256;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.proof.RightEdge;
import io.outrider.audit.proof.TreeHasher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The verifier as simple as it can be: one thread, one record after the other, every leaf taken
/// apart. What the quick one says is compared with what this one says. Its own are the leaves, the
/// tree, the values and the story of the calls; custody, policies, identity, anchors and signed
/// roots are the classes that the quick one uses, and cannot be shown wrong by it.
final class PlainVerifier {

  private final VerifyOptions options;
  private final LogFiles files;
  private final LogSource source;
  private final TreeHasher hasher = new TreeHasher();
  private final MessageDigest sha = Sha256.digest();
  private final Problems problems;
  private final PlainStory completeness;
  private final CustodyCheck custody;
  private final PolicyCheck policies;
  private final Identity identity;
  private final RightEdge edge = new RightEdge();
  private final List<byte[]> upper = new ArrayList<>();

  private PlainVerifier(LogSource source, VerifyOptions options) {
    this.source = source;
    this.options = options;
    this.files = new LogFiles(source);
    this.problems = new Problems(options.everyPair());
    this.completeness = new PlainStory(problems);
    this.custody = new CustodyCheck(source, problems);
    this.policies = new PolicyCheck(problems);
    this.identity = new Identity(problems);
  }

  /// Checks the log in `source`.
  static Verification check(LogSource source, VerifyOptions options) {
    return new PlainVerifier(source, options).run();
  }

  private Verification run() {
    VerifierKey key = options.key().orElse(null);
    SignedRoots roots = null;
    Checkpoint checkpoint = null;
    Anchors anchors = new Anchors(options, problems);
    long tail = 0;
    try {
      if (key == null) {
        key = keyOfFolder();
      }
      if (key != null) {
        roots = new SignedRoots(key, problems, options.deep());
        anchors.collect(source);
        SignedRoots.Named last = checkpoint(roots, anchors);
        if (last != null) {
          checkpoint = last.checkpoint();
          anchors.check(key, roots, last);
          for (String history : LogFiles.HISTORIES) {
            roots.follow(new CheckpointHistory(source, history, problems));
          }
          leaves(checkpoint.size(), roots);
          identity.end(source, key, checkpoint.size());
          roots.end(last, AuditTail.published(source));
          upperTiles(checkpoint.size());
          tail = journal(checkpoint.size(), key);
          custody.end(
              custody.isOpen(checkpoint.size()) ? publishedNow(roots) : checkpoint.size(),
              AuditTail.published(source) <= checkpoint.size());
          policies.end(source, !source.list(LogFiles.JOURNAL).isEmpty());
        }
      }
    } catch (IOException e) {
      problems.add(Verdict.UNREADABLE, edge.size(), "cannot be read: " + e.getMessage());
    } catch (FormatException e) {
      problems.add(Verdict.TAMPERED, -1, LogFiles.CHECKPOINT + ": " + e.getMessage());
    }
    Verification.Pairs pairs = completeness.end();
    anchors.judge();
    return new Verification(
        Verification.Scope.LOG,
        problems.worst(),
        key,
        options.key().isEmpty(),
        checkpoint,
        edge.size(),
        tail,
        pairs,
        completeness.counts(),
        roots == null
            ? Verification.History.NONE
            : new Verification.History(roots.keptCount(), roots.keptChecked()),
        anchors.found(),
        problems.list(),
        problems.count(),
        custody.pruned());
  }

  /// The log may have been pruned while we read it; then it has a newer checkpoint over the record
  /// that allows it.
  private long publishedNow(SignedRoots roots) throws IOException {
    Optional<byte[]> note = source.read(LogFiles.CHECKPOINT);
    return note.flatMap(now -> roots.add(LogFiles.CHECKPOINT, now))
        .map(Checkpoint::size)
        .orElse(0L);
  }

  private @Nullable VerifierKey keyOfFolder() throws IOException {
    Optional<byte[]> text = source.read(LogFiles.VERIFIER_KEY);
    if (text.isEmpty()) {
      problems.add(
          Verdict.UNREADABLE,
          -1,
          LogFiles.VERIFIER_KEY + ": missing (expected: a public key, here or given)");
      return null;
    }
    try {
      return VerifierKey.parse(new String(text.get(), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      problems.add(Verdict.TAMPERED, -1, LogFiles.VERIFIER_KEY + ": " + e.getMessage());
      return null;
    }
  }

  /// Opens every signed note there is and picks the larger of the log's own two: a checkpoint that
  /// was put back to an older one does not hide what was signed since.
  private SignedRoots.@Nullable Named checkpoint(SignedRoots roots, Anchors anchors)
      throws IOException {
    Optional<byte[]> published = source.read(LogFiles.CHECKPOINT);
    if (published.isEmpty()) {
      problems.add(
          Verdict.UNREADABLE,
          -1,
          LogFiles.CHECKPOINT + ": missing (expected: a signed checkpoint)");
    }
    SignedRoots.Named largest =
        larger(
            opened(roots, anchors, LogFiles.CHECKPOINT, published),
            opened(roots, anchors, LogFiles.SIGNED, source.read(LogFiles.SIGNED)));
    for (VerifyOptions.Saved saved : options.saved()) {
      SignedRoots.Named earlier = opened(roots, anchors, saved.name(), Optional.of(saved.note()));
      if (earlier != null
          && largest != null
          && earlier.checkpoint().size() > largest.checkpoint().size()) {
        problems.add(
            Verdict.TAMPERED,
            largest.checkpoint().size(),
            "the log ends before this record, at "
                + largest
                + ", but "
                + earlier
                + " was signed before; it was cut, or put back to an older state, or you look at"
                + " an older copy");
      }
    }
    return largest;
  }

  private static SignedRoots.@Nullable Named opened(
      SignedRoots roots, Anchors anchors, String name, Optional<byte[]> note) {
    note.ifPresent(bytes -> anchors.add(name, bytes));
    return note.flatMap(bytes -> roots.add(name, bytes))
        .map(checkpoint -> new SignedRoots.Named(name, checkpoint))
        .orElse(null);
  }

  private static SignedRoots.@Nullable Named larger(
      SignedRoots.@Nullable Named one, SignedRoots.@Nullable Named other) {
    return one == null || other != null && other.checkpoint().size() > one.checkpoint().size()
        ? other
        : one;
  }

  private void leaves(long size, SignedRoots roots) throws IOException {
    roots.reached(0, hasher::empty);
    for (long bundle = 0; bundle * TilePath.WIDTH < size; bundle++) {
      int width = TilePath.width(0, bundle, size);
      List<byte[]> leaves = bundle(bundle, width);
      byte[] hashes = bottomTile(bundle, width, leaves);
      Map<Integer, List<Opening>> openings = openings(bundle, width);
      for (int i = 0; i < width; i++) {
        long index = bundle * TilePath.WIDTH + i;
        edge.appendHash(hashes, i * TreeHasher.BYTES);
        if (i < leaves.size()) {
          leaf(index, leaves.get(i), openings.getOrDefault(i, List.of()));
        }
        if (roots.awaits(index + 1)) {
          roots.reached(index + 1, edge::root);
        }
      }
      if (width == TilePath.WIDTH) {
        above(0, hashes, bundle);
      }
      options.progress().at(edge.size(), size);
    }
  }

  private List<byte[]> bundle(long index, int width) throws IOException {
    try {
      List<byte[]> leaves = files.bundle(index, width);
      int count =
          EntryBundle.parse(source.read(TilePath.entries(index, width)).orElse(new byte[0])).size();
      count = count > width ? count : leaves.size();
      if (count != width) {
        problems.add(
            Verdict.TAMPERED,
            index * TilePath.WIDTH + leaves.size(),
            "bundle "
                + TilePath.entries(index, width)
                + " holds "
                + count
                + " records (expected: "
                + width
                + ")");
      }
      return leaves;
    } catch (LogFiles.MissingException e) {
      if (width == TilePath.WIDTH) {
        custody.missing(index);
        completeness.gap((index + 1) * TilePath.WIDTH);
      } else {
        problems.add(Verdict.TAMPERED, index * TilePath.WIDTH, String.valueOf(e.getMessage()));
      }
      return List.of();
    } catch (FormatException e) {
      problems.add(
          Verdict.TAMPERED,
          index * TilePath.WIDTH,
          e.getMessage() == null ? "bundle" : e.getMessage());
      return List.of();
    }
  }

  /// The hashes of a bundle's leaves, computed from the leaves where they are there, and compared
  /// with the published tile.
  private byte[] bottomTile(long index, int width, List<byte[]> leaves) throws IOException {
    byte[] hashes = new byte[width * TreeHasher.BYTES];
    byte[] tile = tile(0, index, width);
    if (tile != null) {
      System.arraycopy(tile, 0, hashes, 0, hashes.length);
    }
    for (int i = 0; i < leaves.size(); i++) {
      int at = i * TreeHasher.BYTES;
      hasher.leaf(leaves.get(i), 0, leaves.get(i).length, hashes, at);
      if (tile != null
          && !Arrays.equals(tile, at, at + TreeHasher.BYTES, hashes, at, at + TreeHasher.BYTES)) {
        problems.add(
            Verdict.TAMPERED,
            index * TilePath.WIDTH + i,
            "its hash is not the one in tile " + TilePath.tile(0, index, width));
      }
    }
    return hashes;
  }

  private byte @Nullable [] tile(int level, long index, int width) throws IOException {
    try {
      return files.tile(level, index, width);
    } catch (LogFiles.MissingException e) {
      problems.add(
          Verdict.TAMPERED, index * TilePath.WIDTH << (8 * level), String.valueOf(e.getMessage()));
      return null;
    }
  }

  /// Adds the root of a full tile to the level above, and compares that level when it is full too.
  private void above(int level, byte[] hashes, long index) throws IOException {
    if (upper.size() <= level) {
      upper.add(new byte[TilePath.WIDTH * TreeHasher.BYTES]);
    }
    byte[] parents = upper.get(level);
    int slot = (int) (index % TilePath.WIDTH);
    System.arraycopy(
        hasher.root(hashes, 0, TilePath.WIDTH),
        0,
        parents,
        slot * TreeHasher.BYTES,
        TreeHasher.BYTES);
    if (slot == TilePath.WIDTH - 1) {
      compareUpper(level + 1, index / TilePath.WIDTH, TilePath.WIDTH, parents);
      above(level + 1, parents, index / TilePath.WIDTH);
    }
  }

  private void upperTiles(long size) throws IOException {
    for (int level = 1; level <= upper.size(); level++) {
      long done = size >>> (8 * level);
      int width = (int) (done % TilePath.WIDTH);
      if (width > 0) {
        compareUpper(level, done / TilePath.WIDTH, width, upper.get(level - 1));
      }
    }
  }

  private void compareUpper(int level, long index, int width, byte[] computed) throws IOException {
    byte[] tile = tile(level, index, width);
    if (tile == null) {
      return;
    }
    int differs =
        Arrays.mismatch(tile, 0, width * TreeHasher.BYTES, computed, 0, width * TreeHasher.BYTES);
    if (differs >= 0) {
      long first = (index * TilePath.WIDTH + differs / TreeHasher.BYTES) << (8 * level);
      problems.add(
          Verdict.TAMPERED,
          first,
          "tile " + TilePath.tile(level, index, width) + " does not follow from the tiles below");
    }
  }

  private void leaf(long index, byte[] bytes, List<Opening> openings) {
    Leaf leaf;
    try {
      leaf = Leaf.parse(bytes);
    } catch (FormatException e) {
      problems.add(Verdict.TAMPERED, index, String.valueOf(e.getMessage()));
      return;
    }
    if (leaf.index() != index) {
      problems.add(
          Verdict.TAMPERED,
          index,
          "calls itself record " + leaf.index() + " (expected: " + index + ")");
    }
    long version = leaf.number("v").orElse(-1);
    if (version != LeafEncoder.VERSION) {
      problems.add(
          Verdict.UNREADABLE,
          index,
          "schema version " + version + " (expected: " + LeafEncoder.VERSION + ")");
    }
    if (!openings.isEmpty()) {
      committed(index, leaf, openings);
    }
    completeness.follow(leaf, index);
    if (version == LeafEncoder.VERSION) {
      LeafScan.of(leaf).form().ifPresent(wrong -> problems.add(Verdict.TAMPERED, index, wrong));
    }
    identity.follow(LeafScan.of(leaf), index);
    custody.follow(LeafScan.of(leaf));
    policies.follow(LeafScan.of(leaf));
  }

  private void committed(long index, Leaf leaf, List<Opening> openings) {
    for (Opening opening : openings) {
      String commitment = HexFormat.of().formatHex(opening.commitment(sha));
      if (!Commitments.committed(leaf, opening.field()).equals(Optional.of(commitment))) {
        problems.add(
            Verdict.TAMPERED,
            index,
            "the value kept for " + opening.field() + " is not the one the record committed to");
      }
    }
  }

  /// The values kept for a full bundle; none if they were erased or never kept.
  private Map<Integer, List<Opening>> openings(long bundle, int width) throws IOException {
    Map<Integer, List<Opening>> openings = new TreeMap<>();
    Optional<byte[]> pack =
        width == TilePath.WIDTH ? source.read(TilePath.sealed(bundle)) : Optional.empty();
    if (pack.isPresent()) {
      ByteBuffer in = ByteBuffer.wrap(pack.get());
      for (int i = 0; i < width; i++) {
        int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
        if (length < 0 || length > in.remaining()) {
          problems.add(
              Verdict.TAMPERED,
              bundle * TilePath.WIDTH + i,
              TilePath.sealed(bundle) + ": ends early or is damaged");
          return openings;
        }
        byte[] annex = new byte[length];
        in.get(annex);
        try {
          openings.put(i, Opening.parse(annex));
        } catch (FormatException e) {
          problems.add(
              Verdict.TAMPERED,
              bundle * TilePath.WIDTH + i,
              TilePath.sealed(bundle) + ": " + e.getMessage());
        }
      }
      if (in.hasRemaining()) {
        problems.add(
            Verdict.TAMPERED,
            bundle * TilePath.WIDTH,
            TilePath.sealed(bundle)
                + ": "
                + in.remaining()
                + " bytes behind the values of its last record (expected: none)");
      }
    }
    return openings;
  }

  /// Compares what the journal still holds with the tree, and follows it beyond the checkpoint.
  ///
  /// @return records that no checkpoint covers yet
  private long journal(long size, VerifierKey key) throws IOException {
    JournalView journal = new JournalView(source);
    long next = -1;
    long tail = 0;
    byte[] tile = new byte[0];
    long tileIndex = -1;
    try {
      for (Optional<JournalView.Records> batch = journal.next();
          batch.isPresent();
          batch = journal.next()) {
        long index = batch.get().firstIndex();
        if (!journal.jumped() && next >= 0 && index != next) {
          problems.add(
              Verdict.TAMPERED, index, "the journal jumps from record " + next + " to " + index);
        }
        for (Batch.Entry entry : batch.get().entries()) {
          if (index < size) {
            if (index / TilePath.WIDTH != tileIndex) {
              tileIndex = index / TilePath.WIDTH;
              byte[] found = tile(0, tileIndex, TilePath.width(0, tileIndex, size));
              tile = found == null ? new byte[0] : found;
            }
            int at = (int) (index % TilePath.WIDTH) * TreeHasher.BYTES;
            byte[] hash = hasher.leaf(entry.leaf());
            if (tile.length > at
                && !Arrays.equals(tile, at, at + TreeHasher.BYTES, hash, 0, TreeHasher.BYTES)) {
              problems.add(
                  Verdict.TAMPERED, index, "the journal holds another record than the tree");
            } else if ((tileIndex + 1) * TilePath.WIDTH > size) {
              committed(index, Leaf.parse(entry.leaf()), Opening.parse(entry.annex()));
            }
          } else if (index == size + tail) {
            tail++;
            leaf(index, entry.leaf(), Opening.parse(entry.annex()));
          } else if (AuditTail.published(source) > size) {
            // The log is being written, and has moved what lies between into bundles since we
            // began. The next check sees it.
            return tail;
          } else {
            problems.add(
                Verdict.TAMPERED,
                size + tail,
                "the journal goes on at record "
                    + index
                    + "; those from here to there are missing");
            return tail;
          }
          index++;
        }
        next = index;
      }
      new JournalEnd(source, problems).check(journal, key);
    } catch (FormatException e) {
      problems.add(Verdict.TAMPERED, next, "journal: " + e.getMessage());
    }
    if (journal.exists() && journal.end() < size) {
      problems.add(
          Verdict.TAMPERED,
          journal.end(),
          "the journal ends before this record (expected: at "
              + size
              + " or later; all of those were signed)");
    }
    return tail;
  }
}
