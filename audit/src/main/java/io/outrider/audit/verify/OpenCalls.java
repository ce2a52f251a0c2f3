package io.outrider.audit.verify;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Calls that were let through and have no outcome yet, by their id: a hash table in plain arrays,
/// 100 bytes for each call that is open, however many there were before. Not thread-safe.
final class OpenCalls {
  /// Calls that can be open at once. The proxy itself allows far fewer; a log with more is not one
  /// of its, and must not take the memory of who checks it.
  static final int MAX = 1 << 20;

  private static final int SLOT = LeafFacts.MAX_CALL;
  private static final int FIRST_SIZE = 64;
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final int max;

  /// For each place of the table the number of an entry and one more; 0 is empty. Twice as long as
  /// there are entries, so a search is short.
  private int[] table = new int[2 * FIRST_SIZE];

  private long[] hashes = new long[FIRST_SIZE];
  private long[] indices = new long[FIRST_SIZE];
  private int[] runs = new int[FIRST_SIZE];
  private byte[] lengths = new byte[FIRST_SIZE];
  private byte[] ids = new byte[FIRST_SIZE * SLOT];

  /// Entries that were left, and are free.
  private int[] free = new int[FIRST_SIZE];

  private int freeCount;
  private int used;
  private int size;

  /// @param max calls that can be open at once
  OpenCalls(int max) {
    this.max = max;
  }

  /// Told of calls.
  interface Visitor {
    void call(String id, long index);
  }

  /// A hash of an id that nobody can foresee who does not know the seed.
  static long hash(long seed, byte[] id, int from, int length) {
    long hash = seed ^ length;
    int at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      hash = mix(hash ^ (long) WORDS.get(id, from + at), seed);
    }
    long rest = 0;
    for (int shift = 0; at < length; at++, shift += Byte.SIZE) {
      rest |= (id[from + at] & 0xffL) << shift;
    }
    return mix(hash ^ rest, seed);
  }

  /// Multiplies to 128 bits and folds them.
  private static long mix(long value, long seed) {
    long factor = seed | 1;
    return value * factor ^ Math.unsignedMultiplyHigh(value ^ 0x9e3779b97f4a7c15L, factor);
  }

  int size() {
    return size;
  }

  /// Calls there is room for now.
  int room() {
    return hashes.length;
  }

  boolean isFull() {
    return size == max;
  }

  /// The entry of a call; -1 if it is not open.
  int find(long hash, byte[] id, int from, int length) {
    int mask = table.length - 1;
    for (int place = (int) hash & mask; table[place] != 0; place = place + 1 & mask) {
      int entry = table[place] - 1;
      if (hashes[entry] == hash
          && lengths[entry] == length
          && Arrays.equals(ids, entry * SLOT, entry * SLOT + length, id, from, from + length)) {
        return entry;
      }
    }
    return -1;
  }

  /// Opens a call that is not open.
  ///
  /// @param length of the id, at most 64
  void add(long hash, byte[] id, int from, int length, long index, int run) {
    if (isFull()) {
      throw new IllegalStateException(size + " calls are open (expected: fewer than " + max + ")");
    }
    if (length > SLOT) {
      throw new IllegalArgumentException(
          "id: " + length + " bytes (expected: at most " + SLOT + ")");
    }
    int entry = freeCount > 0 ? free[--freeCount] : next();
    hashes[entry] = hash;
    lengths[entry] = (byte) length;
    System.arraycopy(id, from, ids, entry * SLOT, length);
    set(entry, index, run);
    insert(entry);
    size++;
  }

  /// The same call was let through again.
  void set(int entry, long index, int run) {
    indices[entry] = index;
    runs[entry] = run;
  }

  private int next() {
    if (used == hashes.length) {
      int room = 2 * used;
      hashes = Arrays.copyOf(hashes, room);
      indices = Arrays.copyOf(indices, room);
      runs = Arrays.copyOf(runs, room);
      lengths = Arrays.copyOf(lengths, room);
      ids = Arrays.copyOf(ids, room * SLOT);
      free = new int[room];
      table = new int[2 * room];
      for (int entry = 0; entry < used; entry++) {
        insert(entry);
      }
    }
    return used++;
  }

  private void insert(int entry) {
    int mask = table.length - 1;
    int place = (int) hashes[entry] & mask;
    while (table[place] != 0) {
      place = place + 1 & mask;
    }
    table[place] = entry + 1;
  }

  long index(int entry) {
    return indices[entry];
  }

  String id(int entry) {
    return new String(ids, entry * SLOT, lengths[entry], StandardCharsets.UTF_8);
  }

  /// Closes a call.
  void remove(int entry) {
    int mask = table.length - 1;
    int hole = (int) hashes[entry] & mask;
    while (table[hole] != entry + 1) {
      hole = hole + 1 & mask;
    }
    // What stands behind moves up if it could stand in the hole, so that no search ends too early.
    for (int place = hole + 1 & mask; table[place] != 0; place = place + 1 & mask) {
      int home = (int) hashes[table[place] - 1] & mask;
      if ((place - home & mask) >= (place - hole & mask)) {
        table[hole] = table[place];
        hole = place;
      }
    }
    table[hole] = 0;
    lengths[entry] = -1;
    free[freeCount++] = entry;
    size--;
  }

  /// Closes the calls of other runs than this, the earliest first.
  void removeOthers(int run, Visitor visitor) {
    for (int entry : inOrder()) {
      if (runs[entry] != run) {
        visitor.call(id(entry), indices[entry]);
        remove(entry);
      }
    }
  }

  void forEach(Visitor visitor) {
    for (int entry : inOrder()) {
      visitor.call(id(entry), indices[entry]);
    }
  }

  private int[] inOrder() {
    return IntStream.range(0, used)
        .filter(entry -> lengths[entry] >= 0)
        .boxed()
        .sorted(Comparator.comparingLong(entry -> indices[entry]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  void clear() {
    Arrays.fill(table, 0);
    used = 0;
    freeCount = 0;
    size = 0;
  }
}
