package io.outrider.audit.format;

import java.util.Arrays;

/// A growing byte buffer that is used again and again; big-endian numbers. Not thread-safe.
final class Bytes {
  private byte[] array;
  private int length;

  Bytes(int capacity) {
    this.array = new byte[capacity];
  }

  byte[] array() {
    return array;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  void setLength(int newLength) {
    length = newLength;
  }

  /// Makes room for `more` bytes and returns the array to write into, from [#length].
  byte[] room(int more) {
    if (array.length - length < more) {
      array = Arrays.copyOf(array, Math.max(array.length * 2, length + more));
    }
    return array;
  }

  void put(int b) {
    room(1)[length++] = (byte) b;
  }

  void put(byte[] source, int offset, int count) {
    System.arraycopy(source, offset, room(count), length, count);
    length += count;
  }

  void put(byte[] source) {
    put(source, 0, source.length);
  }

  void putInt(int value) {
    byte[] a = room(4);
    a[length++] = (byte) (value >>> 24);
    a[length++] = (byte) (value >>> 16);
    a[length++] = (byte) (value >>> 8);
    a[length++] = (byte) value;
  }

  byte[] toArray() {
    return Arrays.copyOf(array, length);
  }
}
