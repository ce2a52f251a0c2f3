package io.outrider.policy.value;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The distinct keys of an object or set in insertion order, findable by value.
///
/// Up to [#LINEAR] keys are searched one by one: policy input is made of many small objects, and
/// for those a scan beats a hash table in both building and looking up. Larger tables get an
/// open-addressing index. Mutable while its owner is being built and never afterwards.
final class KeyTable {
  /// Eight keys fit two cache lines of references; measured crossover of scan and index is between
  /// 8 and 12.
  private static final int LINEAR = 8;

  RegoValue[] keys;
  int size;
  // Slot holds position + 1; 0 is free. Length is a power of two and at least twice the size.
  private int @Nullable [] index;

  KeyTable(int expected) {
    keys = new RegoValue[Math.max(4, expected)];
  }

  int find(RegoValue key) {
    if (key instanceof RegoString s) {
      return find(s.value());
    }
    int[] slots = index;
    if (slots == null) {
      for (int i = 0; i < size; i++) {
        if (keys[i].equals(key)) {
          return i;
        }
      }
      return -1;
    }
    int mask = slots.length - 1;
    for (int at = spread(key.hashCode()) & mask; slots[at] != 0; at = (at + 1) & mask) {
      int position = slots[at] - 1;
      if (keys[position].equals(key)) {
        return position;
      }
    }
    return -1;
  }

  int find(String key) {
    int[] slots = index;
    if (slots == null) {
      for (int i = 0; i < size; i++) {
        if (keys[i] instanceof RegoString s && s.value().equals(key)) {
          return i;
        }
      }
      return -1;
    }
    int mask = slots.length - 1;
    for (int at = spread(key.hashCode()) & mask; slots[at] != 0; at = (at + 1) & mask) {
      int position = slots[at] - 1;
      if (keys[position] instanceof RegoString s && s.value().equals(key)) {
        return position;
      }
    }
    return -1;
  }

  /// Adds a key that [#find] did not find, and returns its position.
  int append(RegoValue key) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, size * 2);
    }
    int position = size++;
    keys[position] = key;
    if (size > LINEAR) {
      indexLast(key, position);
    }
    return position;
  }

  private void indexLast(RegoValue key, int position) {
    int[] slots = index;
    if (slots == null || size * 2 > slots.length) {
      rebuild();
    } else {
      place(slots, key, position);
    }
  }

  private void rebuild() {
    int[] slots = new int[Integer.highestOneBit(Math.max(size, 8)) * 4];
    for (int i = 0; i < size; i++) {
      place(slots, keys[i], i);
    }
    index = slots;
  }

  private static void place(int[] slots, RegoValue key, int position) {
    int mask = slots.length - 1;
    int at = spread(key.hashCode()) & mask;
    while (slots[at] != 0) {
      at = (at + 1) & mask;
    }
    slots[at] = position + 1;
  }

  private static int spread(int hash) {
    int h = hash * 0x9E3779B9;
    return h ^ (h >>> 15);
  }

  /// The positions of the keys in sorted order.
  int[] sortedPositions() {
    int[] order = new int[size];
    if (size <= 32) {
      for (int i = 0; i < size; i++) {
        int at = i;
        while (at > 0 && keys[order[at - 1]].compareTo(keys[i]) > 0) {
          order[at] = order[at - 1];
          at--;
        }
        order[at] = i;
      }
      return order;
    }
    Integer[] boxed = new Integer[size];
    Arrays.setAll(boxed, i -> i);
    Arrays.sort(boxed, (a, b) -> keys[a].compareTo(keys[b]));
    Arrays.setAll(order, i -> boxed[i]);
    return order;
  }
}
