package io.outrider.audit.proof;

import io.outrider.audit.format.Sha256;
import java.security.DigestException;
import java.security.MessageDigest;

/// The hashes of RFC 6962 section 2.1: leaves and nodes are told apart by their first byte, so
/// neither can pass for the other. Not thread-safe.
public final class TreeHasher {

  public static final int BYTES = Sha256.BYTES;

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private final MessageDigest sha = Sha256.digest();

  /// Two nodes behind their mark: hashed in one piece, which is half the price of three.
  private final byte[] nodes = new byte[1 + 2 * BYTES];

  public TreeHasher() {
    nodes[0] = NODE;
  }

  /// The root of a tree without leaves.
  public byte[] empty() {
    return sha.digest(new byte[0]);
  }

  public byte[] leaf(byte[] data) {
    byte[] hash = new byte[BYTES];
    leaf(data, 0, data.length, hash, 0);
    return hash;
  }

  public byte[] node(byte[] left, byte[] right) {
    byte[] hash = new byte[BYTES];
    node(left, 0, right, 0, hash, 0);
    return hash;
  }

  /// Hashes a leaf into `target` at `targetOffset`.
  public void leaf(byte[] data, int offset, int length, byte[] target, int targetOffset) {
    sha.update(LEAF);
    sha.update(data, offset, length);
    digest(target, targetOffset);
  }

  /// Hashes two nodes into `target`, which may hold either of them.
  public void node(
      byte[] left, int leftOffset, byte[] right, int rightOffset, byte[] target, int targetOffset) {
    System.arraycopy(left, leftOffset, nodes, 1, BYTES);
    System.arraycopy(right, rightOffset, nodes, 1 + BYTES, BYTES);
    sha.update(nodes);
    digest(target, targetOffset);
  }

  /// The root over `count` hashes that lie one after the other in `hashes`: MTH of RFC 6962, by its
  /// definition.
  public byte[] root(byte[] hashes, int offset, int count) {
    if (count == 0) {
      return empty();
    }
    byte[] hash = new byte[BYTES];
    if (count == 1) {
      System.arraycopy(hashes, offset, hash, 0, BYTES);
      return hash;
    }
    int split = Integer.highestOneBit(count - 1);
    byte[] left = root(hashes, offset, split);
    byte[] right = root(hashes, offset + split * BYTES, count - split);
    node(left, 0, right, 0, hash, 0);
    return hash;
  }

  private void digest(byte[] target, int offset) {
    try {
      sha.digest(target, offset, BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException(
          "no room for a hash at " + offset + " of " + target.length, e);
    }
  }
}
