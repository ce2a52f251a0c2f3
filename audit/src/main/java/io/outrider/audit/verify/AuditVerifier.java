package io.outrider.audit.verify;

import io.outrider.audit.format.Batch;
import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.proof.RightEdge;
import io.outrider.audit.proof.TreeHasher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Checks a whole log against its signed checkpoint: every leaf, every tile, the root, the order,
/// and the story the records tell. Shares no code with the writer and reads the log once. Bundles
/// are checked by themselves on several threads ([BundleChecker]) and put together here in their
/// order, so what comes out does not depend on how many threads there were. Memory is needed for
/// the few bundles that are under way and for calls that are open. Use one instance for one check.
public final class AuditVerifier {

  /// Problems listed in a result; more are only counted.
  public static final int MAX_PROBLEMS = 60;

  /// Bundles in a row of which nothing is there, before it is said that the rest is not there
  /// either: a checkpoint can name any size.
  private static final int MAX_NOTHING = 1_024;

  /// A full tile is a tree of this height.
  private static final int TILE_HEIGHT = 8;

  private final VerifyOptions options;
  private final LogFiles files;
  private final LogSource source;
  private final TreeHasher hasher = new TreeHasher();
  private final Problems problems;
  private final Completeness completeness;
  private final CustodyCheck custody;
  private final PolicyCheck policies;
  private final Identity identity;
  private final RightEdge edge = new RightEdge();

  /// Of the hashes of call ids: who writes a log must not foresee them.
  private final long seed = new SecureRandom().nextLong();

  private final BundleChecker lone;
  private final List<byte[]> upper = new ArrayList<>();

  private AuditVerifier(LogSource source, VerifyOptions options) {
    this.source = source;
    this.options = options;
    this.files = new LogFiles(source);
    this.problems = new Problems(options.everyPair());
    this.completeness = new Completeness(problems);
    this.custody = new CustodyCheck(source, problems);
    this.policies = new PolicyCheck(problems);
    this.identity = new Identity(problems);
    this.lone = new BundleChecker(files, seed);
  }

  /// Checks the log in `source`.
  public static Verification check(LogSource source, VerifyOptions options) {
    return new AuditVerifier(source, options).run();
  }

  /// Checks the log in `source` with its key; null takes the folder's own word for it.
  public static Verification verify(LogSource source, @Nullable VerifierKey key) {
    return check(source, key == null ? VerifyOptions.DEFAULT : VerifyOptions.DEFAULT.withKey(key));
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
    int nothing = 0;
    try (BundleLine line = new BundleLine(files, size, options.threads(), seed)) {
      while (line.hasNext() && nothing < MAX_NOTHING) {
        CheckedBundle bundle = line.next();
        bundle(bundle, roots);
        nothing = bundle.isMissing() && bundle.isWithoutHashes() ? nothing + 1 : 0;
        options.progress().at(edge.size(), size);
      }
    }
    if (edge.size() < size) {
      problems.add(
          Verdict.TAMPERED,
          edge.size(),
          "neither bundles nor hashes of the "
              + MAX_NOTHING * TilePath.WIDTH
              + " records before this one are there; the rest was not looked for");
    }
  }

  /// Takes the next bundle into the tree and into the story.
  private void bundle(CheckedBundle bundle, SignedRoots roots) throws IOException {
    bundle.problems().forEach(problems::add);
    if (bundle.isMissing() && bundle.isFull()) {
      custody.missing(bundle.index());
      completeness.gap(bundle.first() + TilePath.WIDTH);
    }
    long end = bundle.first() + bundle.width();
    if (bundle.isFull() && roots.awaited() >= end) {
      edge.appendSubtree(TILE_HEIGHT, bundle.root());
    } else {
      oneByOne(bundle, roots);
    }
    if (roots.awaits(end)) {
      roots.reached(end, edge::root);
    }
    if (bundle.isFull()) {
      above(0, bundle.root(), bundle.index());
    }
    bundle.erased().stream().forEach(slot -> custody.erased(bundle.first() + slot));
    for (int slot = 0; slot < bundle.leaves().count(); slot++) {
      follow(bundle, slot);
    }
  }

  /// Something was signed about the tree in the midst of this bundle.
  private void oneByOne(CheckedBundle bundle, SignedRoots roots) throws IOException {
    for (int slot = 0; slot < bundle.width(); slot++) {
      edge.appendHash(bundle.hashes(), slot * TreeHasher.BYTES);
      if (roots.awaits(edge.size()) && slot < bundle.width() - 1) {
        roots.reached(edge.size(), edge::root);
      }
    }
  }

  private void follow(CheckedBundle bundle, int slot) {
    LeafFacts leaves = bundle.leaves();
    if (!leaves.isThere(slot)) {
      return;
    }
    completeness.follow(leaves, slot, bundle.first() + slot);
    LeafScan event = leaves.parsed(slot);
    if (event != null) {
      identity.follow(event, bundle.first() + slot);
      custody.follow(event);
      policies.follow(event);
    }
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
  private void above(int level, byte[] root, long index) throws IOException {
    if (upper.size() <= level) {
      upper.add(new byte[TilePath.WIDTH * TreeHasher.BYTES]);
    }
    byte[] parents = upper.get(level);
    int slot = (int) (index % TilePath.WIDTH);
    System.arraycopy(root, 0, parents, slot * TreeHasher.BYTES, TreeHasher.BYTES);
    if (slot == TilePath.WIDTH - 1) {
      compareUpper(level + 1, index / TilePath.WIDTH, TilePath.WIDTH, parents);
      above(level + 1, hasher.root(parents, 0, TilePath.WIDTH), index / TilePath.WIDTH);
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
              alone(index, entry); // its values are nowhere else before the bundle is full
            }
          } else if (index == size + tail) {
            tail++;
            beyond(index, entry);
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
      if (journal.exists() && journal.end() < size && !journal.goesOn()) {
        problems.add(
            Verdict.TAMPERED,
            journal.end(),
            "the journal ends before this record (expected: at "
                + size
                + " or later; all of those were signed)");
      }
    } catch (FormatException e) {
      problems.add(Verdict.TAMPERED, next, "journal: " + e.getMessage());
    }
    return tail;
  }

  /// A record that no checkpoint covers yet.
  private void beyond(long index, Batch.Entry entry) {
    follow(alone(index, entry), 0);
  }

  /// Checks a record with the values that the journal keeps for it.
  private CheckedBundle alone(long index, Batch.Entry entry) {
    CheckedBundle single = CheckedBundle.single(index, seed);
    lone.single(single, entry.leaf(), entry.annex());
    single.problems().forEach(problems::add);
    if (!single.erased().isEmpty()) {
      custody.erased(index);
    }
    return single;
  }
}
