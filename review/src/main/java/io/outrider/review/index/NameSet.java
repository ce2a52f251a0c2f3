package io.outrider.review.index;

import java.util.BitSet;

/// Ids of names. Not thread-safe while it is filled.
final class NameSet {
  /// Up to so many, asking for each is quicker than going through all names of a block.
  private static final int FEW = 24;

  private final BitSet ids = new BitSet();
  private int size;

  void add(int id) {
    if (!ids.get(id)) {
      ids.set(id);
      size++;
    }
  }

  boolean contains(int id) {
    return ids.get(id);
  }

  boolean isFew() {
    return size <= FEW;
  }

  int[] list() {
    return ids.stream().toArray();
  }
}
