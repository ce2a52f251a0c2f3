package io.outrider.redaction.json;

import java.util.Arrays;

/// The values of a JSON text in order, as rows of numbers. Positions are those of the decoded text.
public final class Tape {
  public static final byte OBJECT = 0;
  public static final byte ARRAY = 1;
  public static final byte KEY = 2;
  public static final byte STRING = 3;
  public static final byte NUMBER = 4;

  /// `true`, `false` or `null`.
  public static final byte LITERAL = 5;

  /// A string that holds JSON, which follows as its children.
  public static final byte NESTED = 6;

  byte[] kind = new byte[64];
  int[] start = new int[64];
  int[] end = new int[64];
  int[] up = new int[64];

  /// One past the last byte of the content, for containers too.
  int[] limit = new int[64];

  /// Where the content of a string or a number of the message itself begins in the message; -1 for
  /// what is in nested JSON.
  int[] raw = new int[64];

  int size;

  /// Number of entries.
  public int size() {
    return size;
  }

  public byte kind(int entry) {
    return kind[entry];
  }

  /// First byte of the content: inside the quotes of a string, at the bracket of a container.
  public int start(int entry) {
    return start[entry];
  }

  /// One past the last byte of the content; for a container, the entry after its last descendant.
  public int end(int entry) {
    return end[entry];
  }

  /// The container, or the string holding JSON, around an entry; -1 for the root.
  public int up(int entry) {
    return up[entry];
  }

  /// One past the last byte of the content; for a container, past its closing bracket.
  public int limit(int entry) {
    return kind[entry] <= ARRAY || kind[entry] == NESTED ? limit[entry] : end[entry];
  }

  /// The last entry that starts at or before a position: the string it lies in, when it lies in
  /// one.
  public int at(int position) {
    int low = 0;
    int high = size - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (start[middle] <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /// Whether an entry is the value of a member; its name is then the entry before it.
  public boolean isMember(int entry) {
    return up[entry] >= 0 && kind[up[entry]] == OBJECT && kind[entry] != KEY;
  }

  int add(byte k, int from, int to, int parent) {
    if (size == kind.length) {
      int more = 2 * size;
      kind = Arrays.copyOf(kind, more);
      start = Arrays.copyOf(start, more);
      end = Arrays.copyOf(end, more);
      up = Arrays.copyOf(up, more);
      limit = Arrays.copyOf(limit, more);
      raw = Arrays.copyOf(raw, more);
    }
    kind[size] = k;
    start[size] = from;
    end[size] = to;
    up[size] = parent;
    return size++;
  }

  /// Begins anew, with room for no more than so many entries.
  void clear(int keep) {
    size = 0;
    if (kind.length > keep) {
      kind = new byte[64];
      start = new int[64];
      end = new int[64];
      up = new int[64];
      limit = new int[64];
      raw = new int[64];
    }
  }
}
