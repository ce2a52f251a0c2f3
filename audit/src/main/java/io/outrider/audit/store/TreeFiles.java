package io.outrider.audit.store;

import io.outrider.audit.format.Batch;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.proof.RightEdge;
import io.outrider.audit.proof.TreeHasher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The published tree on its way to disk: hash tiles, entry bundles and, beside them, the openings
/// of commitments. Holds one unfinished tile for each level and one unfinished bundle, whatever the
/// size of the log. Used by one thread.
final class TreeFiles {
  private static final int TILE_BYTES = TilePath.WIDTH * TreeHasher.BYTES;

  private final Folder folder;
  private final TreeHasher hasher = new TreeHasher();
  private final List<byte[]> levels = new ArrayList<>();
  private final ByteArrayOutputStream bundle = new ByteArrayOutputStream();
  private final ByteArrayOutputStream sealed = new ByteArrayOutputStream();
  private final Set<Path> unsynced = new LinkedHashSet<>();
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

  /// Adds the next leaf. Tiles and bundles it completes are written at once.
  void add(Batch.Entry entry) throws IOException {
    byte[] leaf = entry.leaf();
    bundle.write(leaf.length >>> 8);
    bundle.write(leaf.length);
    bundle.write(leaf);
    int annex = entry.annex().length;
    sealed.write(annex >>> 24);
    sealed.write(annex >>> 16);
    sealed.write(annex >>> 8);
    sealed.write(annex);
    sealed.write(entry.annex());
    anythingSealed |= annex > 0;
    int slot = (int) (size % TilePath.WIDTH);
    hasher.leaf(leaf, 0, leaf.length, level(0), slot * TreeHasher.BYTES);
    size++;
    if (slot == TilePath.WIDTH - 1) {
      completeBundle(size / TilePath.WIDTH - 1);
      completeTile(0, size / TilePath.WIDTH - 1);
    }
  }

  private void completeBundle(long index) throws IOException {
    put(TilePath.entries(index, TilePath.WIDTH), bundle.toByteArray());
    if (anythingSealed) {
      put(TilePath.sealed(index), sealed.toByteArray());
    }
    bundle.reset();
    sealed.reset();
    anythingSealed = false;
  }

  private void completeTile(int level, long index) throws IOException {
    byte[] hashes = level(level);
    put(TilePath.tile(level, index, TilePath.WIDTH), hashes);
    byte[] root = hasher.root(hashes, 0, TilePath.WIDTH);
    int slot = (int) (index % TilePath.WIDTH);
    System.arraycopy(root, 0, level(level + 1), slot * TreeHasher.BYTES, TreeHasher.BYTES);
    if (slot == TilePath.WIDTH - 1) {
      completeTile(level + 1, index / TilePath.WIDTH);
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
      put(TilePath.entries(size / TilePath.WIDTH, width), bundle.toByteArray());
    }
    for (Path parent : unsynced) {
      folder.files().forceDirectory(parent);
    }
    unsynced.clear();
  }

  private void put(String path, byte[] content) throws IOException {
    unsynced.add(folder.write(folder.at(path), content));
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
      long end = size >>> (8 * (level + 1));
      for (long index = first; index < end; index++) {
        folder.deleteFolder(folder.at(TilePath.tile(level, index, TilePath.WIDTH) + ".p"));
        if (level == 0) {
          folder.deleteFolder(folder.at(TilePath.entries(index, TilePath.WIDTH) + ".p"));
        }
      }
    }
  }

  private byte[] level(int level) {
    while (levels.size() <= level) {
      levels.add(new byte[TILE_BYTES]);
    }
    return levels.get(level);
  }
}
