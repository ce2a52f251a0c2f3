package io.outrider.audit.proof;

import io.outrider.audit.format.TilePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Inclusion and consistency proofs (RFC 9162 section 2.1.3 and 2.1.4): making them from tiles, and
/// checking them from nothing but hashes. Not thread-safe.
public final class Proofs {
  private final TreeHasher hasher = new TreeHasher();

  /// The root of the tree of `size` leaves.
  public byte[] root(long size, TileReader tiles) throws IOException {
    return size == 0 ? hasher.empty() : range(0, size, size, tiles);
  }

  /// The path from the leaf at `index` to the root of the tree of `size` leaves, the leaf's sibling
  /// first.
  public List<byte[]> inclusion(long index, long size, TileReader tiles) throws IOException {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException(
          "index: " + index + " (expected: 0 to " + (size - 1) + ")");
    }
    List<byte[]> path = new ArrayList<>();
    long low = 0;
    long high = size;
    while (high - low > 1) {
      long middle = low + split(high - low);
      if (index < middle) {
        path.add(range(middle, high, size, tiles));
        high = middle;
      } else {
        path.add(range(low, middle, size, tiles));
        low = middle;
      }
    }
    return path.reversed();
  }

  /// Proof that the tree of `size` leaves begins with the tree of `oldSize` leaves; empty if they
  /// are the same.
  public List<byte[]> consistency(long oldSize, long size, TileReader tiles) throws IOException {
    if (oldSize < 1 || oldSize > size) {
      throw new IllegalArgumentException("old size: " + oldSize + " (expected: 1 to " + size + ")");
    }
    List<byte[]> path = new ArrayList<>();
    long low = 0;
    long high = size;
    boolean known = true;
    while (high != oldSize) {
      long middle = low + split(high - low);
      if (oldSize <= middle) {
        path.add(range(middle, high, size, tiles));
        high = middle;
      } else {
        path.add(range(low, middle, size, tiles));
        low = middle;
        known = false;
      }
    }
    if (!known) {
      path.add(range(low, high, size, tiles));
    }
    return path.reversed();
  }

  /// Whether `path` leads from `leafHash` at `index` to `root` in a tree of `size` leaves.
  public boolean includes(byte[] leafHash, long index, long size, List<byte[]> path, byte[] root) {
    if (index < 0 || index >= size) {
      return false;
    }
    long fn = index;
    long sn = size - 1;
    byte[] hash = leafHash;
    for (byte[] sibling : path) {
      if (sn == 0 || sibling.length != TreeHasher.BYTES) {
        return false;
      }
      if ((fn & 1) != 0 || fn == sn) {
        hash = hasher.node(sibling, hash);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>>= 1;
          sn >>>= 1;
        }
      } else {
        hash = hasher.node(hash, sibling);
      }
      fn >>>= 1;
      sn >>>= 1;
    }
    return sn == 0 && Arrays.equals(hash, root);
  }

  /// Whether the tree of `size` leaves with `root` begins with the tree of `oldSize` leaves with
  /// `oldRoot`. A tree without leaves begins every tree and proves nothing, so an old size of zero
  /// is refused.
  public boolean consistent(
      long oldSize, byte[] oldRoot, long size, byte[] root, List<byte[]> path) {
    if (oldSize < 1 || oldSize > size) {
      return false;
    }
    if (oldSize == size) {
      return path.isEmpty() && Arrays.equals(oldRoot, root);
    }
    List<byte[]> hashes = new ArrayList<>(path);
    if (Long.bitCount(oldSize) == 1) {
      hashes.addFirst(oldRoot);
    }
    if (hashes.isEmpty()) {
      return false;
    }
    long fn = oldSize - 1;
    long sn = size - 1;
    while ((fn & 1) != 0) {
      fn >>>= 1;
      sn >>>= 1;
    }
    byte[] oldHash = hashes.getFirst();
    byte[] hash = hashes.getFirst();
    for (byte[] sibling : hashes.subList(1, hashes.size())) {
      if (sn == 0 || sibling.length != TreeHasher.BYTES) {
        return false;
      }
      if ((fn & 1) != 0 || fn == sn) {
        oldHash = hasher.node(sibling, oldHash);
        hash = hasher.node(sibling, hash);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>>= 1;
          sn >>>= 1;
        }
      } else {
        hash = hasher.node(hash, sibling);
      }
      fn >>>= 1;
      sn >>>= 1;
    }
    return sn == 0 && Arrays.equals(oldHash, oldRoot) && Arrays.equals(hash, root);
  }

  /// The largest power of two below `count`.
  private static long split(long count) {
    return Long.highestOneBit(count - 1);
  }

  /// The hash over the leaves from `low` to `high`, which is a node or a chain of nodes at the
  /// right edge.
  private byte[] range(long low, long high, long size, TileReader tiles) throws IOException {
    long count = high - low;
    if (Long.bitCount(count) == 1 && low % count == 0) {
      return node(Long.numberOfTrailingZeros(count), low / count, size, tiles);
    }
    long middle = low + split(count);
    return hasher.node(range(low, middle, size, tiles), range(middle, high, size, tiles));
  }

  /// The hash of the complete subtree `index` of 2^height leaves.
  private byte[] node(int height, long index, long size, TileReader tiles) throws IOException {
    int level = height / 8;
    int within = height % 8;
    long first = index << within;
    long tile = first / TilePath.WIDTH;
    byte[] hashes = tiles.tile(level, tile, TilePath.width(level, tile, size));
    return hasher.root(hashes, (int) (first % TilePath.WIDTH) * TreeHasher.BYTES, 1 << within);
  }
}
