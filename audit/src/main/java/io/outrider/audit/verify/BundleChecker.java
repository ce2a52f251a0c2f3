package io.outrider.audit.verify;

import io.outrider.audit.format.EntryBundle;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.LeafEncoder;
import io.outrider.audit.format.Sha256;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.proof.TreeHasher;
import java.io.IOException;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/// Checks bundles one by one: the hash of each leaf, the tile over them, the values they committed
/// to, and what each record says of itself. Knows nothing of other bundles, so many can be checked
/// at a time, each by one of these. Keeps its buffers; not thread-safe.
final class BundleChecker {
  private static final byte NODE = 1;

  private final LogFiles files;
  private final long seed;
  private final MessageDigest sha = Sha256.digest();
  private final LeafScanner scanner = new LeafScanner();
  private final Commitments commitments = new Commitments();
  private final ReadBuffer bundle = new ReadBuffer();
  private final ReadBuffer tile = new ReadBuffer();

  /// Where each leaf begins in the bundle; behind the last, where the next would.
  private final int[] starts = new int[TilePath.WIDTH + 1];

  /// Two nodes behind their mark.
  private final byte[] nodes = new byte[1 + 2 * TreeHasher.BYTES];

  private final byte[] level = new byte[TilePath.WIDTH * TreeHasher.BYTES];

  /// @param seed of the hashes of call ids
  BundleChecker(LogFiles files, long seed) {
    this.files = files;
    this.seed = seed;
    nodes[0] = NODE;
  }

  /// Checks the first `width` records of a bundle.
  CheckedBundle check(long index, int width) throws IOException {
    CheckedBundle checked = new CheckedBundle(index, width, seed);
    int count = leaves(checked);
    hashes(checked, count);
    if (checked.isFull()) {
      checked.root(root(checked.hashes()));
    }
    boolean withValues = checked.isFull() && commitments.read(files.source(), checked);
    for (int slot = 0; slot < count; slot++) {
      withValues = withValues && commitments.next(checked, slot);
      leaf(checked, slot, starts[slot] + Short.BYTES, starts[slot + 1], withValues);
    }
    for (int slot = count; slot < width; slot++) {
      withValues = withValues && commitments.next(checked, slot);
      if (withValues) {
        commitments.checkAlone(checked, slot);
      }
    }
    if (withValues) {
      commitments.end(checked);
    }
    return checked;
  }

  /// Checks a record that is in no bundle yet.
  ///
  /// @param annex the values kept for it
  void single(CheckedBundle checked, byte[] leaf, byte[] annex) {
    System.arraycopy(leaf, 0, bundle.room(leaf.length), 0, leaf.length);
    commitments.use(annex);
    leaf(checked, 0, 0, leaf.length, true);
  }

  /// Reads the bundle and finds its leaves.
  ///
  /// @return how many are there, of those that are wanted
  private int leaves(CheckedBundle checked) throws IOException {
    String name = TilePath.entries(checked.index(), checked.width());
    LogFiles.Found found =
        files.partialOrFull(name, TilePath.entries(checked.index(), TilePath.WIDTH), bundle);
    if (found == LogFiles.Found.NOTHING) {
      checked.missing();
      if (!checked.isFull()) {
        checked.problem(Verdict.TAMPERED, checked.first(), name + ": missing");
      }
      return 0;
    }
    int count = find(bundle.bytes(), bundle.length());
    if (count < 0) {
      checked.problem(Verdict.TAMPERED, checked.first(), whatIsWrong());
      return 0;
    }
    if (count < checked.width() || count > checked.width() && found == LogFiles.Found.ASKED) {
      checked.problem(
          Verdict.TAMPERED,
          checked.first() + Math.min(count, checked.width()),
          "bundle " + name + " holds " + count + " records (expected: " + checked.width() + ")");
    }
    return Math.min(count, checked.width());
  }

  /// @return how many leaves there are; -1 if it is no bundle
  private int find(byte[] bytes, int length) {
    int at = 0;
    int count = 0;
    while (at < length) {
      starts[count] = at;
      if (count == TilePath.WIDTH || length - at < Short.BYTES) {
        return -1;
      }
      at += Short.BYTES + ((bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff);
      count++;
    }
    starts[count] = at;
    return at == length ? count : -1;
  }

  private String whatIsWrong() {
    try {
      EntryBundle.parse(bundle.content());
      return "bundle: cannot be read";
    } catch (FormatException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /// The hashes of a bundle's leaves, computed from the leaves where they are there, and compared
  /// with the published tile.
  private void hashes(CheckedBundle checked, int count) throws IOException {
    byte[] hashes = checked.hashes();
    boolean published = tile(checked);
    if (published) {
      System.arraycopy(tile.bytes(), 0, hashes, 0, hashes.length);
    }
    byte[] bytes = bundle.bytes();
    for (int slot = 0; slot < count; slot++) {
      // The mark of a leaf takes the place of the second half of its length, which is known by now:
      // hashed in one piece, which is cheaper than two.
      int mark = starts[slot] + 1;
      bytes[mark] = 0;
      hash(bytes, mark, starts[slot + 1] - mark, hashes, slot * TreeHasher.BYTES);
    }
    if (published && !Arrays.equals(tile.bytes(), 0, hashes.length, hashes, 0, hashes.length)) {
      for (int slot = 0; slot < count; slot++) {
        int at = slot * TreeHasher.BYTES;
        int end = at + TreeHasher.BYTES;
        if (!Arrays.equals(tile.bytes(), at, end, hashes, at, end)) {
          checked.problem(
              Verdict.TAMPERED,
              checked.first() + slot,
              "its hash is not the one in tile "
                  + TilePath.tile(0, checked.index(), checked.width()));
        }
      }
    }
  }

  private boolean tile(CheckedBundle checked) throws IOException {
    try {
      files.tile(0, checked.index(), checked.width(), tile);
      return true;
    } catch (LogFiles.MissingException e) {
      checked.withoutHashes();
      checked.problem(Verdict.TAMPERED, checked.first(), String.valueOf(e.getMessage()));
      return false;
    }
  }

  private void hash(byte[] bytes, int from, int length, byte[] target, int at) {
    sha.update(bytes, from, length);
    try {
      sha.digest(target, at, TreeHasher.BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("no room for a hash at " + at + " of " + target.length, e);
    }
  }

  /// The root over the hashes of a full bundle, each node hashed once.
  private byte[] root(byte[] hashes) {
    byte[] below = hashes;
    for (int count = TilePath.WIDTH / 2; count > 0; count /= 2) {
      for (int i = 0; i < count; i++) {
        System.arraycopy(below, i * 2 * TreeHasher.BYTES, nodes, 1, 2 * TreeHasher.BYTES);
        hash(nodes, 0, nodes.length, level, i * TreeHasher.BYTES);
      }
      below = level;
    }
    return Arrays.copyOf(level, TreeHasher.BYTES);
  }

  private void leaf(CheckedBundle checked, int slot, int from, int to, boolean withValues) {
    byte[] bytes = bundle.bytes();
    long index = checked.first() + slot;
    LeafScan parsed = null;
    long claimed;
    long version;
    if (scanner.scan(bytes, from, to)) {
      checked.leaves().add(scanner, bytes);
      claimed = scanner.index();
      version = scanner.version();
    } else {
      try {
        parsed = LeafScan.of(Arrays.copyOfRange(bytes, from, to));
      } catch (FormatException e) {
        checked.problem(Verdict.TAMPERED, index, String.valueOf(e.getMessage()));
        checked.leaves().addNothing();
        if (withValues) {
          commitments.checkAlone(checked, slot);
        }
        return;
      }
      checked.leaves().add(parsed);
      claimed = parsed.index();
      version = parsed.leaf().number("v").orElse(-1);
      if (version == LeafEncoder.VERSION) {
        parsed.form().ifPresent(wrong -> checked.problem(Verdict.TAMPERED, index, wrong));
      }
    }
    if (claimed != index) {
      checked.problem(
          Verdict.TAMPERED, index, "calls itself record " + claimed + " (expected: " + index + ")");
    }
    if (version != LeafEncoder.VERSION) {
      checked.problem(
          Verdict.UNREADABLE,
          index,
          "schema version " + version + " (expected: " + LeafEncoder.VERSION + ")");
    }
    if (withValues) {
      commitments.check(checked, slot, bytes, from, to, parsed == null ? scanner : null);
    }
  }
}
