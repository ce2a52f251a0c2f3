package io.outrider.redaction.json;

import java.util.Arrays;

/// Where the bytes of a decoded text came from. The text is cut into pieces: a *run* came from as
/// many raw bytes, one by one; a *unit* (an escape) came from a different number of bytes, all of
/// which stand or fall together.
final class PositionMap {
  private int[] at = new int[64];
  private int[] raw = new int[64];

  /// Raw bytes of a unit; 0 for a run.
  private int[] unit = new int[64];

  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  void truncate(int newSize) {
    size = newSize;
  }

  /// From `position` on, bytes came one by one from `rawPosition` on.
  void run(int position, int rawPosition) {
    if (size > 0) {
      int last = size - 1;
      if (unit[last] == 0 && raw[last] + position - at[last] == rawPosition) {
        return;
      }
      if (at[last] == position) {
        raw[last] = rawPosition;
        unit[last] = 0;
        return;
      }
    }
    push(position, rawPosition, 0);
  }

  /// The bytes from `position` to the next piece came from `rawLength` bytes at `rawPosition`.
  void unit(int position, int rawPosition, int rawLength) {
    if (size > 0 && at[size - 1] == position) {
      size--;
    }
    push(position, rawPosition, rawLength);
  }

  private void push(int position, int rawPosition, int rawLength) {
    if (size == at.length) {
      at = Arrays.copyOf(at, 2 * size);
      raw = Arrays.copyOf(raw, 2 * size);
      unit = Arrays.copyOf(unit, 2 * size);
    }
    at[size] = position;
    raw[size] = rawPosition;
    unit[size] = rawLength;
    size++;
  }

  /// Index of the piece that holds `position`.
  int piece(int position) {
    int i = Arrays.binarySearch(at, 0, size, position);
    return i >= 0 ? i : -i - 2;
  }

  /// First raw byte of the piece or byte at `position`.
  int rawStart(int position) {
    int i = piece(position);
    return unit[i] != 0 ? raw[i] : raw[i] + position - at[i];
  }

  /// One past the last raw byte of the text that ends at `end`.
  int rawEnd(int end) {
    int i = piece(end - 1);
    return unit[i] != 0 ? raw[i] + unit[i] : raw[i] + end - at[i];
  }

  /// Replaces the content by the pieces of `other` from `from` on, shifted so that the first begins
  /// at 0.
  void copyTail(PositionMap other, int from, int shift) {
    size = 0;
    int first = other.piece(from);
    if (other.unit[first] != 0) {
      push(0, other.raw[first], other.unit[first]);
    } else {
      push(0, other.raw[first] + from - other.at[first], 0);
    }
    for (int i = first + 1; i < other.size; i++) {
      push(other.at[i] - shift, other.raw[i], other.unit[i]);
    }
  }

  /// Adds the pieces of `other` that lie in `[from, to)`, as the text that begins at `position`.
  /// Gives the index of the last piece used, from which a later call may start to look.
  int append(int position, PositionMap other, int from, int to, int cursor) {
    int i = cursor;
    while (i + 1 < other.size && other.at[i + 1] <= from) {
      i++;
    }
    int source = from;
    while (source < to) {
      int next = i + 1 < other.size ? Math.min(other.at[i + 1], to) : to;
      if (other.unit[i] != 0) {
        unit(position + source - from, other.raw[i], other.unit[i]);
      } else {
        run(position + source - from, other.raw[i] + source - other.at[i]);
      }
      source = next;
      if (source < to) {
        i++;
      }
    }
    return i;
  }

  /// The piece that holds `position`, looked for from `cursor` on.
  int forward(int position, int cursor) {
    int i = cursor;
    while (i + 1 < size && at[i + 1] <= position) {
      i++;
    }
    return i;
  }

  int rawStartIn(int piece, int position) {
    return unit[piece] != 0 ? raw[piece] : raw[piece] + position - at[piece];
  }

  int rawEndIn(int piece, int position) {
    return unit[piece] != 0 ? raw[piece] + unit[piece] : raw[piece] + position + 1 - at[piece];
  }

  void shrinkTo(int capacity) {
    if (at.length > capacity) {
      at = new int[capacity];
      raw = new int[capacity];
      unit = new int[capacity];
      size = 0;
    }
  }
}
