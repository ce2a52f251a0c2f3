package io.outrider.review.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Positions of one name that are gathered before they are written: a few numbers for most names, a
/// [Bits] for those that are everywhere. Not thread-safe.
final class Positions {
  private static final int FIRST = 4;
  private static final int MANY = 512;

  private char[] list = new char[FIRST];
  private int size;
  private @Nullable Bits bits;

  void add(int position) {
    if (bits != null) {
      bits.set(position);
      return;
    }
    if (size == MANY) {
      bits = new Bits();
      addTo(bits);
      bits.set(position);
      return;
    }
    if (size == list.length) {
      list = Arrays.copyOf(list, size * 2);
    }
    list[size++] = (char) position;
  }

  /// All positions, with those that were `encoded` before.
  byte[] encode(byte[] encoded) throws DamagedIndexException {
    Bits all = bits;
    if (all == null) {
      all = new Bits();
      addTo(all);
    }
    all.add(encoded);
    return all.encode();
  }

  private void addTo(Bits all) {
    for (int i = 0; i < size; i++) {
      all.set(list[i]);
    }
  }
}
