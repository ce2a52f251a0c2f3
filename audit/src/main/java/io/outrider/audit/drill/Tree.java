package io.outrider.audit.drill;

import io.outrider.audit.format.TilePath;
import io.outrider.audit.proof.RightEdge;
import io.outrider.audit.proof.TreeHasher;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Bundles, tiles and kept values over any records: what somebody who knows the format can compute
/// without a key.
final class Tree {
  private final List<Entry> entries;
  private final long claimed;
  private final Map<String, byte[]> files = new TreeMap<>();

  private Tree(List<Entry> entries, long claimed) {
    this.entries = entries;
    this.claimed = claimed;
  }

  /// `log` with the files of a tree over `entries` in the place of its own. They have the names
  /// that a checkpoint over `claimed` records leads a reader to.
  static MemoryLog in(MemoryLog log, List<Entry> entries, long claimed) {
    Tree tree = new Tree(entries, claimed);
    tree.bundles();
    tree.tiles();
    MemoryLog rest = log.without("tile/").without("sealed/");
    Map<String, byte[]> all = new TreeMap<>(rest.files());
    all.putAll(tree.files);
    return new MemoryLog(all);
  }

  static byte[] root(List<Entry> entries) {
    RightEdge edge = new RightEdge();
    for (Entry entry : entries) {
      edge.appendHash(entry.hash(), 0);
    }
    return edge.root();
  }

  private void bundles() {
    for (int first = 0; first < entries.size(); first += TilePath.WIDTH) {
      List<Entry> bundle = entries.subList(first, Math.min(entries.size(), first + TilePath.WIDTH));
      int index = first / TilePath.WIDTH;
      int width = TilePath.width(0, index, claimed);
      if (width == 0 || bundle.stream().anyMatch(entry -> entry.leaf() == null)) {
        continue;
      }
      ByteArrayOutputStream leaves = new ByteArrayOutputStream();
      ByteArrayOutputStream annexes = new ByteArrayOutputStream();
      boolean kept = false;
      for (Entry entry : bundle) {
        byte[] leaf = entry.leaf() == null ? new byte[0] : entry.leaf();
        leaves.writeBytes(ByteBuffer.allocate(Short.BYTES).putShort((short) leaf.length).array());
        leaves.writeBytes(leaf);
        annexes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(entry.annex().length).array());
        annexes.writeBytes(entry.annex());
        kept |= entry.annex().length > 0;
      }
      files.put(TilePath.entries(index, width), leaves.toByteArray());
      if (kept && bundle.size() == TilePath.WIDTH) {
        files.put(TilePath.sealed(index), annexes.toByteArray());
      }
    }
  }

  private void tiles() {
    TreeHasher hasher = new TreeHasher();
    byte[] hashes = new byte[entries.size() * TreeHasher.BYTES];
    for (int i = 0; i < entries.size(); i++) {
      System.arraycopy(entries.get(i).hash(), 0, hashes, i * TreeHasher.BYTES, TreeHasher.BYTES);
    }
    int tile = TilePath.WIDTH * TreeHasher.BYTES;
    for (int level = 0; hashes.length > 0; level++) {
      byte[] above = new byte[hashes.length / tile * TreeHasher.BYTES];
      for (int at = 0, index = 0; at < hashes.length; at += tile, index++) {
        int length = Math.min(tile, hashes.length - at);
        int width = TilePath.width(level, index, claimed);
        if (width > 0) {
          files.put(
              TilePath.tile(level, index, width), Arrays.copyOfRange(hashes, at, at + length));
        }
        if (length == tile) {
          byte[] root = hasher.root(hashes, at, TilePath.WIDTH);
          System.arraycopy(root, 0, above, index * TreeHasher.BYTES, TreeHasher.BYTES);
        }
      }
      hashes = above;
    }
  }
}
