package io.outrider.audit.verify;

import io.outrider.audit.format.TilePath;
import io.outrider.audit.proof.TreeHasher;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// What came out of checking one bundle by itself; the verifier puts these together in their order.
///
/// Filled by one thread, and not changed once it was handed over.
final class CheckedBundle {
  /// Some for each record. Whoever spoils a bundle must not take the memory of who checks it.
  private static final int MAX_PROBLEMS = 1_024;

  private final long index;
  private final int width;
  private final long first;
  private final byte[] hashes;
  private final LeafFacts leaves;
  private final List<Problem> problems = new ArrayList<>(0);
  private byte[] root = new byte[0];
  private final BitSet erased = new BitSet();
  private boolean missing;
  private boolean withoutHashes;

  CheckedBundle(long index, int width, long seed) {
    this(index, width, seed, index * TilePath.WIDTH);
  }

  private CheckedBundle(long index, int width, long seed, long first) {
    this.index = index;
    this.width = width;
    this.first = first;
    this.hashes = new byte[width * TreeHasher.BYTES];
    this.leaves = new LeafFacts(width, seed);
  }

  /// For a record that is in no bundle yet.
  static CheckedBundle single(long record, long seed) {
    return new CheckedBundle(record / TilePath.WIDTH, 1, seed, record);
  }

  long index() {
    return index;
  }

  /// How many of its records the tree has.
  int width() {
    return width;
  }

  boolean isFull() {
    return width == TilePath.WIDTH;
  }

  /// Index of its first record.
  long first() {
    return first;
  }

  /// The hashes of its records, one after the other.
  byte[] hashes() {
    return hashes;
  }

  /// The root over all its records; of a full bundle only.
  byte[] root() {
    return root;
  }

  void root(byte[] computed) {
    root = computed;
  }

  /// What its records say, as many as can be read.
  LeafFacts leaves() {
    return leaves;
  }

  /// Whether there is no such file.
  boolean isMissing() {
    return missing;
  }

  void missing() {
    missing = true;
  }

  /// Whether its tile is not there either.
  boolean isWithoutHashes() {
    return withoutHashes;
  }

  void withoutHashes() {
    withoutHashes = true;
  }

  /// The values of a record were erased.
  void erased(int slot) {
    erased.set(slot);
  }

  /// Slots of records of which a value was erased.
  BitSet erased() {
    return erased;
  }

  List<Problem> problems() {
    return problems;
  }

  void problem(Verdict severity, long at, String what) {
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(new Problem(severity, at, what));
    }
  }
}
