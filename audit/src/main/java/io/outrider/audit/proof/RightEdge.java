package io.outrider.audit.proof;

import java.util.Arrays;

/// A Merkle tree that remembers only its right edge: one hash for each set bit of its size. Enough
/// to append and to tell the root, in constant memory. Not thread-safe.
public final class RightEdge {
  private final TreeHasher hasher = new TreeHasher();

  /// Slot `b` holds the root of the complete subtree of 2^b leaves, if bit b of the size is set.
  private final byte[] slots = new byte[Long.SIZE * TreeHasher.BYTES];

  private final byte[] scratch = new byte[TreeHasher.BYTES];
  private long size;

  public long size() {
    return size;
  }

  /// Appends the leaf `data[offset .. offset+length)`.
  public void append(byte[] data, int offset, int length) {
    hasher.leaf(data, offset, length, scratch, 0);
    push();
  }

  /// Appends a leaf by its hash.
  public void appendHash(byte[] hash, int offset) {
    System.arraycopy(hash, offset, scratch, 0, TreeHasher.BYTES);
    push();
  }

  private void push() {
    int bit = 0;
    for (long rest = size; (rest & 1) != 0; rest >>>= 1) {
      hasher.node(slots, bit * TreeHasher.BYTES, scratch, 0, scratch, 0);
      bit++;
    }
    System.arraycopy(scratch, 0, slots, bit * TreeHasher.BYTES, TreeHasher.BYTES);
    size++;
  }

  /// The root hash over everything appended so far.
  public byte[] root() {
    if (size == 0) {
      return hasher.empty();
    }
    int bit = Long.numberOfTrailingZeros(size);
    byte[] root = Arrays.copyOfRange(slots, bit * TreeHasher.BYTES, (bit + 1) * TreeHasher.BYTES);
    for (bit++; bit < Long.SIZE; bit++) {
      if ((size >>> bit & 1) != 0) {
        hasher.node(slots, bit * TreeHasher.BYTES, root, 0, root, 0);
      }
    }
    return root;
  }

  /// Appends a complete subtree of 2^bit leaves. The size must be a multiple of that.
  public void appendSubtree(int bit, byte[] root) {
    if ((size & ((1L << bit) - 1)) != 0) {
      throw new IllegalArgumentException(
          "subtree of 2^" + bit + " leaves at " + size + " (expected: aligned)");
    }
    System.arraycopy(root, 0, scratch, 0, TreeHasher.BYTES);
    int at = bit;
    for (long rest = size >>> bit; (rest & 1) != 0; rest >>>= 1) {
      hasher.node(slots, at * TreeHasher.BYTES, scratch, 0, scratch, 0);
      at++;
    }
    System.arraycopy(scratch, 0, slots, at * TreeHasher.BYTES, TreeHasher.BYTES);
    size += 1L << bit;
  }

  /// The hashes of the set bits, the lowest first; with the size all there is to say about this
  /// edge.
  public byte[] hashes() {
    byte[] hashes = new byte[Long.bitCount(size) * TreeHasher.BYTES];
    int at = 0;
    for (int bit = 0; bit < Long.SIZE; bit++) {
      if ((size >>> bit & 1) != 0) {
        System.arraycopy(slots, bit * TreeHasher.BYTES, hashes, at, TreeHasher.BYTES);
        at += TreeHasher.BYTES;
      }
    }
    return hashes;
  }

  /// Becomes equal to `other`.
  public void set(RightEdge other) {
    System.arraycopy(
        other.slots,
        0,
        slots,
        0,
        (Long.SIZE - Long.numberOfLeadingZeros(other.size)) * TreeHasher.BYTES);
    size = other.size;
  }
}
