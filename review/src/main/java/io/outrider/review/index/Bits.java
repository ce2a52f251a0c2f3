package io.outrider.review.index;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;

/// A set of positions in one block of the log. Kept as a list of 16-bit positions while that is
/// shorter than one bit for each. Not thread-safe.
final class Bits {
  /// Records in a block. Small enough that the block at the end of a growing log is cheap to write
  /// again, large enough that few blocks make a log.
  static final int BLOCK = 1 << 14;

  private static final int WORDS = BLOCK / Long.SIZE;
  private static final int BITMAP_BYTES = BLOCK / Byte.SIZE;

  private final long[] words = new long[WORDS];

  Bits copy() {
    Bits copy = new Bits();
    System.arraycopy(words, 0, copy.words, 0, WORDS);
    return copy;
  }

  void set(int position) {
    words[position >>> 6] |= 1L << position;
  }

  boolean get(int position) {
    return (words[position >>> 6] & (1L << position)) != 0;
  }

  void setRange(int from, int untilExclusive) {
    for (int i = from; i < untilExclusive; i++) {
      set(i);
    }
  }

  void and(Bits other) {
    for (int i = 0; i < WORDS; i++) {
      words[i] &= other.words[i];
    }
  }

  void andNot(Bits other) {
    for (int i = 0; i < WORDS; i++) {
      words[i] &= ~other.words[i];
    }
  }

  int count() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  /// How many positions of an encoded set are in this one.
  int countCommon(byte[] encoded) throws DamagedIndexException {
    if (encoded.length >= BITMAP_BYTES || encoded.length % 2 != 0) {
      Bits other = new Bits();
      other.add(encoded);
      other.and(this);
      return other.count();
    }
    int count = 0;
    for (int i = 0; i < encoded.length; i += 2) {
      int position = ((encoded[i] & 0xff) << 8) | (encoded[i + 1] & 0xff);
      if (position < BLOCK && get(position)) {
        count++;
      }
    }
    return count;
  }

  boolean isEmpty() {
    for (long word : words) {
      if (word != 0) {
        return false;
      }
    }
    return true;
  }

  /// The first position from `from` on, -1 if there is none.
  int next(int from) {
    if (from >= BLOCK) {
      return -1;
    }
    int word = from >>> 6;
    long rest = words[word] & (-1L << from);
    while (rest == 0) {
      if (++word == WORDS) {
        return -1;
      }
      rest = words[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(rest);
  }

  /// The last position up to `from`, -1 if there is none.
  int previous(int from) {
    if (from < 0) {
      return -1;
    }
    int word = from >>> 6;
    long rest = words[word] & (-1L >>> (63 - (from & 63)));
    while (rest == 0) {
      if (--word < 0) {
        return -1;
      }
      rest = words[word];
    }
    return (word << 6) + 63 - Long.numberOfLeadingZeros(rest);
  }

  void forEach(IntConsumer consumer) {
    for (int i = next(0); i >= 0; i = next(i + 1)) {
      consumer.accept(i);
    }
  }

  byte[] encode() {
    int count = count();
    if (2 * count >= BITMAP_BYTES) {
      ByteBuffer out = ByteBuffer.allocate(BITMAP_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      out.asLongBuffer().put(words);
      return out.array();
    }
    ByteBuffer out = ByteBuffer.allocate(2 * count);
    forEach(position -> out.putShort((short) position));
    return out.array();
  }

  /// Adds what was encoded.
  ///
  /// @throws DamagedIndexException if it is not a set of positions
  void add(byte[] encoded) throws DamagedIndexException {
    if (encoded.length == BITMAP_BYTES) {
      ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < WORDS; i++) {
        words[i] |= in.getLong();
      }
      return;
    }
    if (encoded.length > BITMAP_BYTES || encoded.length % 2 != 0) {
      throw new DamagedIndexException("a set of " + encoded.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(encoded);
    while (in.hasRemaining()) {
      int position = in.getShort() & 0xffff;
      if (position >= BLOCK) {
        throw new DamagedIndexException("a position of " + position);
      }
      set(position);
    }
  }
}
