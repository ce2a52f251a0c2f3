package io.outrider.audit.verify;

import java.util.Arrays;

/// A leaf that was read, and where its values stand: its strings and its numbers. Another leaf that
/// differs from it only inside of values is read the same way; only those values must be looked at.
///
/// Most records of a log are like one before, and comparing bytes is many times cheaper than
/// reading them. [LeafScanner] fills this while it reads. Not thread-safe.
final class LeafShape {
  /// What a value is to the verifier.
  static final byte OTHER = 0;

  static final byte BOOT = 1;
  static final byte CALL = 2;
  static final byte OUT = 3;
  static final byte INDEX = 4;
  static final byte MONOTONIC = 5;
  static final byte VERSION = 6;
  static final byte INTENT = 7;
  static final byte TIME = 8;

  /// The first of four commitments.
  static final byte COMMITTED = 9;

  private static final int MAX_VALUES = 128;
  private static final int MAX_LENGTH = 8_192;

  private byte[] line = new byte[0];
  private int length;
  private final int[] starts = new int[MAX_VALUES];
  private final int[] ends = new int[MAX_VALUES];
  private final byte[] roles = new byte[MAX_VALUES];
  private final boolean[] strings = new boolean[MAX_VALUES];
  private int count;
  private byte kind;
  private boolean whole;

  /// Forgets what was read, to begin with another leaf.
  void clear() {
    count = 0;
    whole = true;
  }

  /// Adds the next value of the leaf that is being read.
  ///
  /// @param start of a string, its first character; the end is behind its last
  void add(boolean string, int start, int end) {
    if (count == MAX_VALUES) {
      whole = false;
      return;
    }
    strings[count] = string;
    starts[count] = start;
    ends[count] = end;
    roles[count] = OTHER;
    count++;
  }

  /// The value added last is this to the verifier.
  void role(byte role) {
    roles[count - 1] = role;
  }

  /// The leaf was read to its end.
  ///
  /// @return whether others can be compared with it
  boolean end(byte[] bytes, int from, int to, byte readKind) {
    length = to - from;
    if (!whole || length > MAX_LENGTH) {
      return false;
    }
    line = Arrays.copyOfRange(bytes, from, to);
    kind = readKind;
    for (int value = 0; value < count; value++) {
      starts[value] -= from;
      ends[value] -= from;
    }
    return true;
  }

  byte kind() {
    return kind;
  }

  int count() {
    return count;
  }

  byte[] line() {
    return line;
  }

  int length() {
    return length;
  }

  boolean isString(int value) {
    return strings[value];
  }

  byte role(int value) {
    return roles[value];
  }

  int start(int value) {
    return starts[value];
  }

  int end(int value) {
    return ends[value];
  }
}
