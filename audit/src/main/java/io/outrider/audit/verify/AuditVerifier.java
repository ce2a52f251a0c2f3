package io.outrider.audit.verify;

import io.outrider.audit.format.Batch;
import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.LeafEncoder;
import io.outrider.audit.format.Opening;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.proof.RightEdge;
import io.outrider.audit.proof.TreeHasher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Checks a whole log against its signed checkpoint: every leaf, every tile, the root, the order,
/// and the story the records tell. Shares no code with the writer, reads the log once, and needs
/// memory only for calls that are open. Use one instance for one check.
public final class AuditVerifier {

  /// Problems listed in a result; more are only counted.
  public static final int MAX_PROBLEMS = 60;

  private final LogFiles files;
  private final LogSource source;
  private final TreeHasher hasher = new TreeHasher();
  private final Problems problems = new Problems();
  private final Completeness completeness = new Completeness(problems);
  private final PolicyCheck policies = new PolicyCheck(problems);
  private final RightEdge edge = new RightEdge();
  private final TreeMap<Long, byte[]> expectedRoots = new TreeMap<>();
  private final TreeMap<Long, String> rootNames = new TreeMap<>();
  private final List<byte[]> upper = new ArrayList<>();
  private final LongConsumer progress;

  private AuditVerifier(LogSource source, LongConsumer progress) {
    this.source = source;
    this.files = new LogFiles(source);
    this.progress = progress;
  }

  /// Checks the log in `source`.
  ///
  /// @param key the log's public key, from somewhere else than the log; null takes the folder's own
  ///   word for it
  /// @param saved checkpoints that were saved earlier; the log must begin with each of them
  /// @param progress told now and then how many records were checked
  public static Verification verify(
      LogSource source, @Nullable VerifierKey key, List<byte[]> saved, LongConsumer progress) {
    return new AuditVerifier(source, progress).run(key, saved);
  }

  /// Checks the log in `source` with its key.
  public static Verification verify(LogSource source, @Nullable VerifierKey key) {
    return verify(source, key, List.of(), n -> {});
  }

  private Verification run(@Nullable VerifierKey given, List<byte[]> saved) {
    VerifierKey key = given;
    Checkpoint checkpoint = null;
    long tail = 0;
    try {
      if (key == null) {
        key = keyOfFolder();
      }
      if (key != null) {
        checkpoint = checkpoint(key, saved);
      }
      if (checkpoint != null) {
        leaves(checkpoint.size());
        upperTiles(checkpoint.size());
        tail = journal(checkpoint.size());
        policies.end(source, !source.list(LogFiles.JOURNAL).isEmpty());
      }
    } catch (IOException e) {
      problems.add(Verdict.UNREADABLE, edge.size(), "cannot be read: " + e.getMessage());
    }
    long inFlight = completeness.end();
    return new Verification(
        problems.worst(),
        key,
        given == null,
        checkpoint,
        edge.size(),
        tail,
        inFlight,
        completeness.counts(),
        problems.list(),
        problems.count());
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

  /// Opens every signed note there is and picks the largest: a checkpoint that was put back to an
  /// older one does not hide what was signed since.
  private @Nullable Checkpoint checkpoint(VerifierKey key, List<byte[]> saved) throws IOException {
    Optional<byte[]> published = source.read(LogFiles.CHECKPOINT);
    if (published.isEmpty()) {
      problems.add(
          Verdict.UNREADABLE,
          -1,
          LogFiles.CHECKPOINT + ": missing (expected: a signed checkpoint)");
    }
    Checkpoint largest =
        published.isEmpty() ? null : open(LogFiles.CHECKPOINT, published.get(), key);
    Optional<byte[]> signed = source.read(LogFiles.SIGNED);
    List<byte[]> others = new ArrayList<>(saved);
    signed.ifPresent(others::add);
    for (byte[] note : others) {
      boolean own = signed.isPresent() && note == signed.get();
      Checkpoint other = open(own ? LogFiles.SIGNED : "saved checkpoint", note, key);
      if (other != null && (largest == null || other.size() > largest.size())) {
        largest = other;
      }
    }
    return largest;
  }

  private @Nullable Checkpoint open(String name, byte[] note, VerifierKey key) {
    try {
      Checkpoint checkpoint = Checkpoint.parse(SignedNote.open(note, key).text());
      if (!checkpoint.origin().equals(key.name())) {
        throw new FormatException(
            "origin \"" + checkpoint.origin() + "\" (expected: \"" + key.name() + "\")");
      }
      byte[] other = expectedRoots.putIfAbsent(checkpoint.size(), checkpoint.root());
      rootNames.putIfAbsent(checkpoint.size(), name);
      if (other != null && !Arrays.equals(other, checkpoint.root())) {
        problems.add(
            Verdict.TAMPERED,
            -1,
            name
                + ": two different trees of size "
                + checkpoint.size()
                + " were signed; the two notes prove it");
      }
      return checkpoint;
    } catch (FormatException e) {
      problems.add(Verdict.TAMPERED, -1, name + ": " + e.getMessage());
      return null;
    }
  }

  private void leaves(long size) throws IOException {
    for (long bundle = 0; bundle * TilePath.WIDTH < size; bundle++) {
      int width = TilePath.width(0, bundle, size);
      List<byte[]> leaves = bundle(bundle, width);
      if (leaves.size() < width) {
        problems.add(
            Verdict.TAMPERED,
            bundle * TilePath.WIDTH + leaves.size(),
            "bundle "
                + TilePath.entries(bundle, width)
                + " holds "
                + leaves.size()
                + " records (expected: "
                + width
                + ")");
      }
      byte[] hashes = bottomTile(bundle, width, leaves);
      Map<Integer, List<Opening>> openings = openings(bundle, width);
      for (int i = 0; i < width; i++) {
        long index = bundle * TilePath.WIDTH + i;
        edge.appendHash(hashes, i * TreeHasher.BYTES);
        if (i < leaves.size()) {
          leaf(index, leaves.get(i), openings.getOrDefault(i, List.of()));
        }
        root(index + 1);
      }
      if (width == TilePath.WIDTH) {
        above(0, hashes, bundle);
      }
      progress.accept(edge.size());
    }
    root(0);
  }

  private List<byte[]> bundle(long index, int width) throws IOException {
    try {
      return files.bundle(index, width);
    } catch (LogFiles.MissingException | FormatException e) {
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

  private void root(long size) {
    byte[] expected = expectedRoots.get(size);
    if (expected == null) {
      return;
    }
    byte[] root = size == 0 ? hasher.empty() : edge.root();
    if (!Arrays.equals(expected, root)) {
      problems.add(
          Verdict.TAMPERED,
          Math.max(size - 1, 0),
          "the tree of size "
              + size
              + " has not the root that was signed ("
              + rootNames.get(size)
              + "); this record or one before it was changed");
    }
  }

  private void leaf(long index, byte[] bytes, List<Opening> openings) {
    LeafScan leaf;
    try {
      leaf = LeafScan.of(bytes);
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
    if (leaf.version() != LeafEncoder.VERSION) {
      problems.add(
          Verdict.UNREADABLE,
          index,
          "schema version " + leaf.version() + " (expected: " + LeafEncoder.VERSION + ")");
    }
    for (Opening opening : openings) {
      String commitment = HexFormat.of().formatHex(opening.commitment());
      if (!leaf.leaf().json().contains(commitment)) {
        problems.add(
            Verdict.TAMPERED,
            index,
            "the value kept for " + opening.field() + " is not the one the record committed to");
      }
    }
    completeness.follow(leaf);
    policies.follow(leaf);
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
    }
    return openings;
  }

  /// Compares what the journal still holds with the tree, and follows it beyond the checkpoint.
  ///
  /// @return records that no checkpoint covers yet
  private long journal(long size) throws IOException {
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
