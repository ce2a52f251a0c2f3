package io.outrider.audit.drill;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.SignerKey;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.proof.TreeHasher;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.PublishedLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A sound log to be spoilt, in memory.
///
/// @param key the public key a verifier holds against it
/// @param signer the private key, where it is one made for the drill; null for the log's own key,
///   which is never read
/// @param entries the records under the checkpoint
record Specimen(
    MemoryLog log,
    VerifierKey key,
    @Nullable SignerKey signer,
    Checkpoint checkpoint,
    List<Entry> entries) {

  static final String CHECKPOINT = "checkpoint";
  static final String SIGNED = "state/signed";
  static final String VERIFIER_KEY = "log.vkey";
  static final String JOURNAL = "journal/";

  /// Checkpoints of the past: the log's own, and those that others cosigned.
  static final List<String> HISTORIES = List.of("checkpoints", "anchors");

  /// Folders that are copied beside the tree. No other: one of the others holds the private key.
  private static final List<String> FOLDERS = List.of("state", "policy", "journal");

  /// Folders in folders that are followed: year, month, day.
  private static final int DEPTH = 3;

  /// What was copied of a log.
  ///
  /// @param whole null if the log is larger than was allowed
  /// @param total records under the log's checkpoint
  /// @param standIn the log, or its beginning, as it would be under a key made for the drill
  record Copies(@Nullable Specimen whole, Specimen standIn, long total, long bytes) {}

  /// Copies a log that another process may be writing.
  ///
  /// @param limit bytes of records and values to copy at most; of a larger log the beginning is
  ///   taken
  static Copies copy(LogSource source, VerifierKey key, long limit)
      throws IOException, FormatException {
    Map<String, byte[]> files = new TreeMap<>();
    for (String history : HISTORIES) {
      folder(source, history, DEPTH, files);
    }
    // The histories and the note that was kept are at least as old as the published one that is
    // read after them.
    Optional<byte[]> signed = source.read(SIGNED);
    PublishedLog published = new PublishedLog(source);
    PublishedLog.Signed note =
        published
            .checkpoint()
            .orElseThrow(() -> new FormatException("checkpoint: missing (expected: one)"));
    files.put(CHECKPOINT, note.note());
    Checkpoint checkpoint = note.checkpoint();
    published.verifierKey().ifPresent(text -> files.put(VERIFIER_KEY, text));
    if (signed.isPresent()) {
      files.put(SIGNED, signed.get());
      Checkpoint kept = Checkpoint.parse(SignedNote.parse(signed.get()).text());
      checkpoint = kept.size() > checkpoint.size() ? kept : checkpoint;
    }
    List<Entry> entries = new ArrayList<>();
    long bytes = 0;
    for (long bundle = 0; entries.size() < checkpoint.size() && bytes <= limit; bundle++) {
      bytes += bundle(source, published, bundle, checkpoint.size(), entries);
    }
    if (entries.size() < checkpoint.size()) {
      return new Copies(null, beginning(files, key, entries), checkpoint.size(), bytes);
    }
    for (String folder : FOLDERS) {
      folder(source, folder, 0, files);
    }
    MemoryLog log = Tree.in(new MemoryLog(files), entries, checkpoint.size());
    Specimen whole = new Specimen(log, key, null, checkpoint, List.copyOf(entries));
    return new Copies(whole, whole.underStandIn(), whole.size(), bytes);
  }

  /// Copies the files of a folder that were not copied yet.
  private static void folder(LogSource source, String folder, int depth, Map<String, byte[]> files)
      throws IOException {
    for (String name : source.list(folder)) {
      String path = folder + "/" + name;
      if (depth > 0 && !name.contains(".") && !source.list(path).isEmpty()) {
        folder(source, path, depth - 1, files);
      } else if (!files.containsKey(path)) {
        source.read(path).ifPresent(content -> files.put(path, content));
      }
    }
  }

  private static Specimen beginning(
      Map<String, byte[]> files, VerifierKey key, List<Entry> entries) {
    Map<String, byte[]> rest = new TreeMap<>(files);
    rest.remove(SIGNED);
    Checkpoint checkpoint = new Checkpoint(key.name(), entries.size(), Tree.root(entries));
    return new Specimen(new MemoryLog(rest), key, null, checkpoint, entries).underStandIn();
  }

  /// Takes one bundle with what is kept beside it.
  ///
  /// @return its bytes
  private static long bundle(
      LogSource source, PublishedLog published, long bundle, long size, List<Entry> entries)
      throws IOException, FormatException {
    int width = TilePath.width(0, bundle, size);
    byte[] hashes = published.tile(0, bundle, width);
    Optional<List<byte[]>> leaves = published.leaves(bundle, width);
    Optional<byte[]> sealed =
        width == TilePath.WIDTH ? source.read(TilePath.sealed(bundle)) : Optional.empty();
    ByteBuffer annexes = ByteBuffer.wrap(sealed.orElse(new byte[0]));
    long bytes = annexes.remaining();
    for (int i = 0; i < width; i++) {
      byte[] annex = new byte[0];
      if (sealed.isPresent()) {
        int length = annexes.remaining() < Integer.BYTES ? -1 : annexes.getInt();
        if (length < 0 || length > annexes.remaining()) {
          throw new FormatException(TilePath.sealed(bundle) + ": ends early or is damaged");
        }
        annex = new byte[length];
        annexes.get(annex);
      }
      int at = i * TreeHasher.BYTES;
      byte[] hash = Arrays.copyOfRange(hashes, at, at + TreeHasher.BYTES);
      byte[] leaf = leaves.isPresent() ? leaves.get().get(i) : null;
      bytes += leaf == null ? 0 : leaf.length;
      entries.add(new Entry(leaf, hash, annex));
    }
    return bytes;
  }

  long size() {
    return checkpoint.size();
  }

  /// The same records as if another key had signed them: for what only the owner of the key can do.
  /// The journal and the checkpoints of the past stay behind; they belong to the other key.
  Specimen underStandIn() {
    SignerKey standIn = SignerKey.generate(key.name());
    List<Entry> renamed = new ArrayList<>(entries);
    byte[] genesis = renamed.isEmpty() ? null : renamed.getFirst().leaf();
    if (genesis != null) {
      String named =
          new String(genesis, StandardCharsets.UTF_8)
              .replace(key.toString(), standIn.verifier().toString());
      renamed.set(0, Entry.of(named.getBytes(StandardCharsets.UTF_8), renamed.getFirst().annex()));
    }
    return signed(standIn, renamed);
  }

  /// A log of these records and a checkpoint that `by` signed.
  Specimen signed(SignerKey by, List<Entry> records) {
    Checkpoint over = new Checkpoint(by.verifier().name(), records.size(), Tree.root(records));
    byte[] note = by.sign(over.text()).bytes();
    MemoryLog own = this.log.without(JOURNAL);
    for (String history : HISTORIES) {
      own = own.without(history + "/");
    }
    MemoryLog log =
        Tree.in(own, records, records.size())
            .with(CHECKPOINT, note)
            .with(SIGNED, note)
            .with(VERIFIER_KEY, (by.verifier() + "\n").getBytes(StandardCharsets.UTF_8));
    return new Specimen(log, by.verifier(), by, over, List.copyOf(records));
  }

  /// The signed note that covers all of [#entries].
  byte[] note() {
    return log.file(log.has(SIGNED) ? SIGNED : CHECKPOINT);
  }

  /// Some record at or behind `from` that is there and for which `wanted` holds; -1 if there is
  /// none.
  int any(RandomGenerator random, int from, IntPredicate wanted) {
    int count = entries.size() - from;
    if (count <= 0) {
      return -1;
    }
    int start = random.nextInt(count);
    for (int i = 0; i < count; i++) {
      int index = from + (start + i) % count;
      if (isThere(index) && wanted.test(index)) {
        return index;
      }
    }
    return -1;
  }

  /// Some record that is there; -1 if there is none.
  int any(RandomGenerator random) {
    return any(random, 0, index -> true);
  }

  /// Whether a record was not pruned.
  boolean isThere(int index) {
    return entries.get(index).leaf() != null;
  }

  /// The line of a record that is there.
  String line(int index) {
    byte[] leaf = entries.get(index).leaf();
    if (leaf == null) {
      throw new IllegalStateException("record " + index + " was pruned");
    }
    return new String(leaf, StandardCharsets.UTF_8);
  }

  /// The records with another line at `index`.
  List<Entry> replaced(int index, String line) {
    List<Entry> changed = new ArrayList<>(entries);
    changed.set(index, Entry.of(line.getBytes(StandardCharsets.UTF_8), entries.get(index).annex()));
    return changed;
  }
}
