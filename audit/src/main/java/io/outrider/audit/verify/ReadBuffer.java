package io.outrider.audit.verify;

import java.util.Arrays;

/// Room for one file after the other, kept between them. Behind the content stand at least [#SLACK]
/// bytes that mean nothing, so that whoever looks at eight bytes at a time may look past the end.
/// Not thread-safe.
public final class ReadBuffer {
  static final int SLACK = 16;

  /// What one large file made the buffer grow to is not kept for small ones.
  private static final int KEPT = 4 << 20;

  private byte[] bytes = new byte[SLACK];
  private int length;

  /// Makes room for a file of `size` bytes, and forgets the one before.
  ///
  /// @return where to put it, from the beginning; longer than asked for
  public byte[] room(int size) {
    if (bytes.length < size + SLACK || bytes.length > KEPT && size < KEPT / 2) {
      bytes = new byte[size + size / 8 + SLACK];
    }
    length = size;
    return bytes;
  }

  /// Fewer bytes came than there was room made for.
  public void cut(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException(
          "length: " + newLength + " (expected: 0 to " + length + ")");
    }
    length = newLength;
  }

  void set(byte[] content) {
    System.arraycopy(content, 0, room(content.length), 0, content.length);
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /// A copy of the content.
  byte[] content() {
    return Arrays.copyOf(bytes, length);
  }
}
