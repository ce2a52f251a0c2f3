package io.outrider.audit.store;

import io.outrider.audit.proof.RightEdge;
import io.outrider.audit.proof.TreeHasher;

/// The tree as the writer hashed it, from the bytes in its memory, at a moment when all of it was
/// on disk.
///
/// @param edge the hashes of the right edge, lowest bit of the size first
record SyncedTree(long size, byte[] edge) {

  static final SyncedTree EMPTY = new SyncedTree(0, new byte[0]);

  byte[] root() {
    RightEdge tree = new RightEdge();
    // Subtrees are appended from the left, that is from the highest bit down.
    int at = edge.length;
    for (int bit = Long.SIZE - 1; bit >= 0; bit--) {
      if ((size >>> bit & 1) != 0) {
        at -= TreeHasher.BYTES;
        byte[] hash = new byte[TreeHasher.BYTES];
        System.arraycopy(edge, at, hash, 0, TreeHasher.BYTES);
        tree.appendSubtree(bit, hash);
      }
    }
    return tree.root();
  }
}
