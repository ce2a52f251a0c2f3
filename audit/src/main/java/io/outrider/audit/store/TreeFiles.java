package io.outrider.audit.store;

import io.outrider.audit.format.TilePath;
import io.outrider.audit.proof.RightEdge;
import io.outrider.audit.proof.TreeHasher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// The published tree on its way to disk: hash tiles, entry bundles and, beside them, the openings
/// of commitments. Holds one unfinished tile for each level and one unfinished bundle, whatever the
/// size of the log. Used by one thread.
final class TreeFiles {
  private static final int TILE_BYTES = TilePath.WIDTH * TreeHasher.BYTES;

  /// Open files at most.
  private static final int MAX_UNFORCED = 48;

  private final Folder folder;
  private final TreeHasher hasher = new TreeHasher();
  private final List<byte[]> levels = new ArrayList<>();
  private final Pile bundle = new Pile();
  private final Pile sealed = new Pile();
  private final Set<Path> unsynced = new LinkedHashSet<>();

  /// Full tiles and bundles that are written and not forced. Forced together, when the first of
  /// them has long been on its way to the disk.
  private final List<FileOps.Handle> unforced = new ArrayList<>();

  /// Whether partial tiles may be there that this process has not made.
  private boolean strangePartials = true;

  private boolean anythingSealed;
  private long size;

  TreeFiles(Folder folder) {
    this.folder = folder;
  }

  long size() {
    return size;
  }

  /// Takes up the work at `start`, a multiple of 256, from the full tiles on disk.
  ///
  /// @throws IOException if a full tile is missing or short
  void restore(long start) throws IOException {
    levels.clear();
    for (int level = 1; start >>> (8 * level) > 0; level++) {
      long done = start >>> (8 * level);
      byte[] hashes = new byte[TILE_BYTES];
      int count = (int) (done % TilePath.WIDTH);
      for (int i = 0; i < count; i++) {
        byte[] below = fullTile(level - 1, done - count + i);
        System.arraycopy(
            hasher.root(below, 0, TilePath.WIDTH),
            0,
            hashes,
            i * TreeHasher.BYTES,
            TreeHasher.BYTES);
      }
      level(level);
      levels.set(level, hashes);
    }
    level(0);
    bundle.reset();
    sealed.reset();
    anythingSealed = false;
    size = start;
  }

  private byte[] fullTile(int level, long index) throws IOException {
    String path = TilePath.tile(level, index, TilePath.WIDTH);
    byte[] tile =
        folder
            .read(folder.at(path))
            .orElseThrow(() -> new DamagedLogException(path + ": missing (expected: a full tile)"));
    if (tile.length != TILE_BYTES) {
      throw new DamagedLogException(
          path + ": " + tile.length + " bytes (expected: " + TILE_BYTES + ")");
    }
    return tile;
  }

  /// Adds the next leaf and its annex, which lies behind it in `bytes`. Tiles and bundles it
  /// completes are written at once.
  void add(byte[] bytes, int offset, int leaf, int annex) throws IOException {
    bundle.room(2 + leaf).putShort((short) leaf).put(bytes, offset, leaf);
    sealed.room(4 + annex).putInt(annex).put(bytes, offset + leaf, annex);
    anythingSealed |= annex > 0;
    int slot = (int) (size % TilePath.WIDTH);
    hasher.leaf(bytes, offset, leaf, level(0), slot * TreeHasher.BYTES);
    size++;
    if (slot == TilePath.WIDTH - 1) {
      completeBundle(size / TilePath.WIDTH - 1);
      completeTile(0, size / TilePath.WIDTH - 1);
    }
  }

  private void completeBundle(long index) throws IOException {
    begin(TilePath.entries(index, TilePath.WIDTH), bundle.written());
    if (anythingSealed) {
      begin(TilePath.sealed(index), sealed.written());
    }
    bundle.reset();
    sealed.reset();
    anythingSealed = false;
  }

  private void completeTile(int level, long index) throws IOException {
    byte[] hashes = level(level);
    begin(TilePath.tile(level, index, TilePath.WIDTH), ByteBuffer.wrap(hashes));
    byte[] root = hasher.root(hashes, 0, TilePath.WIDTH);
    int slot = (int) (index % TilePath.WIDTH);
    System.arraycopy(root, 0, level(level + 1), slot * TreeHasher.BYTES, TreeHasher.BYTES);
    if (slot == TilePath.WIDTH - 1) {
      completeTile(level + 1, index / TilePath.WIDTH);
    }
  }

  /// Forgets values of a record in the unfinished bundle.
  void erase(long index, Predicate<String> which) throws DamagedLogException {
    if (index < size && index >= size - size % TilePath.WIDTH) {
      Eraser.erasePack(
          folder.at(TilePath.sealed(index / TilePath.WIDTH)), sealed.array(), index, which);
    }
  }

  /// Writes the unfinished tiles and the unfinished bundle, and makes all names durable. After this
  /// a checkpoint of the present size may be published.
  void flush() throws IOException {
    for (int level = 0; level < levels.size(); level++) {
      long done = size >>> (8 * level);
      int width = (int) (done % TilePath.WIDTH);
      if (width > 0) {
        String path = TilePath.tile(level, done / TilePath.WIDTH, width);
        // Upper levels change once in 256 leaves or less; their partial tile is usually there
        // already.
        if (level == 0 || !folder.files().exists(folder.at(path))) {
          put(path, Arrays.copyOf(level(level), width * TreeHasher.BYTES));
        }
      }
    }
    int width = (int) (size % TilePath.WIDTH);
    if (width > 0) {
      put(TilePath.entries(size / TilePath.WIDTH, width), bundle.copy());
    }
    force();
    for (Path parent : unsynced) {
      folder.files().forceDirectory(parent);
    }
    unsynced.clear();
  }

  private void put(String path, byte[] content) throws IOException {
    unsynced.add(folder.write(folder.at(path), content));
  }

  /// For what no checkpoint speaks of yet: the next one is signed after [#flush].
  private void begin(String path, ByteBuffer content) throws IOException {
    Path file = folder.at(path);
    unforced.add(folder.begin(file, content));
    unsynced.add(Folder.parent(file));
    if (unforced.size() >= MAX_UNFORCED) {
      force();
    }
  }

  private void force() throws IOException {
    try {
      folder.files().forceAll(unforced);
    } finally {
      for (FileOps.Handle handle : unforced) {
        handle.close();
      }
      unforced.clear();
    }
  }

  /// Bytes that grow and begin again. The largest bundle there can be has 16 MiB.
  private static final class Pile {
    private ByteBuffer bytes = ByteBuffer.allocate(1 << 16);

    /// The buffer, with room for `more`.
    ByteBuffer room(int more) {
      if (bytes.remaining() < more) {
        int capacity = Math.max(bytes.capacity() * 2, bytes.position() + more);
        bytes = ByteBuffer.allocate(capacity).put(bytes.flip());
      }
      return bytes;
    }

    ByteBuffer written() {
      return bytes.duplicate().flip();
    }

    byte[] array() {
      return bytes.array();
    }

    byte[] copy() {
      return Arrays.copyOf(bytes.array(), bytes.position());
    }

    void reset() {
      bytes.clear();
    }
  }

  /// The root of the tree, from the tiles.
  byte[] root() {
    return edge().root();
  }

  /// The right edge of the tree, from the tiles.
  RightEdge edge() {
    RightEdge edge = new RightEdge();
    for (int level = levels.size() - 1; level >= 0; level--) {
      int width = (int) ((size >>> (8 * level)) % TilePath.WIDTH);
      byte[] hashes = level(level);
      for (int i = 0; i < width; i++) {
        edge.appendSubtree(
            8 * level,
            Arrays.copyOfRange(hashes, i * TreeHasher.BYTES, (i + 1) * TreeHasher.BYTES));
      }
    }
    return edge;
  }

  /// Removes what older checkpoints needed of tiles that are full by now.
  void dropPartials(long from) throws IOException {
    for (int level = 0; level < levels.size(); level++) {
      long first = from >>> (8 * (level + 1));
      long full = size >>> (8 * (level + 1));
      // Each checkpoint has one unfinished tile in a level. Only a process that died may have left
      // others.
      long end = strangePartials ? full : Math.min(full, first + 1);
      for (long index = first; index < end; index++) {
        folder.deleteFolder(folder.at(TilePath.tile(level, index, TilePath.WIDTH) + ".p"));
        if (level == 0) {
          folder.deleteFolder(folder.at(TilePath.entries(index, TilePath.WIDTH) + ".p"));
        }
      }
    }
    strangePartials = false;
  }

  private byte[] level(int level) {
    while (levels.size() <= level) {
      levels.add(new byte[TILE_BYTES]);
    }
    return levels.get(level);
  }
}
