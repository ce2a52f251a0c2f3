package io.outrider.audit.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// A value that a leaf has committed to, with the salt that proves it.
///
/// An opening that was erased leaves zeros in its place: a field of no length, and as many bytes of
/// value as make the size what it was. Who reads openings passes over it.
///
/// @param field where the commitment stands in the leaf: `in.digest`, `in.text`, `res.digest`,
///   `res.text`, or `x.<n>`
public record Opening(String field, byte[] salt, byte[] value) {

  /// The commitment this opens.
  public byte[] commitment() {
    return Commitment.of(salt, field, value);
  }

  /// The same, for many in a row.
  ///
  /// @param sha a SHA-256 digest, left as it was
  public byte[] commitment(MessageDigest sha) {
    return Commitment.of(sha, salt, field, value);
  }

  /// Reads all openings of one record.
  ///
  /// @throws FormatException if the bytes are not a sequence of openings
  public static List<Opening> parse(byte[] annex) throws FormatException {
    List<Opening> openings = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(annex);
    while (in.hasRemaining()) {
      Opening opening = next(in);
      if (!opening.field.isEmpty()) {
        openings.add(opening);
      } else if (!opening.isBlank()) {
        throw new FormatException("annex: an erased opening that is not all zeros");
      }
    }
    return openings;
  }

  private boolean isBlank() {
    return IntStream.range(0, salt.length).allMatch(i -> salt[i] == 0)
        && IntStream.range(0, value.length).allMatch(i -> value[i] == 0);
  }

  private static Opening next(ByteBuffer in) throws FormatException {
    byte[] field = take(in, in.get() & 0xff);
    byte[] salt = take(in, Commitment.SALT_BYTES);
    if (in.remaining() < Integer.BYTES) {
      throw new FormatException("annex: ends inside an opening");
    }
    return new Opening(new String(field, StandardCharsets.UTF_8), salt, take(in, in.getInt()));
  }

  /// Erases openings of one record in place. The size stays.
  ///
  /// @param annex the openings, from its position to its limit
  /// @param which fields to erase
  /// @return what was erased
  public static List<Opening> erase(ByteBuffer annex, Predicate<String> which)
      throws FormatException {
    List<Opening> erased = new ArrayList<>();
    ByteBuffer in = annex.duplicate();
    while (in.hasRemaining()) {
      int from = in.position();
      Opening opening = next(in);
      if (!opening.field.isEmpty() && which.test(opening.field)) {
        erased.add(opening);
        int head = 1 + Commitment.SALT_BYTES;
        for (int at = from; at < in.position(); at++) {
          annex.put(at, (byte) 0);
        }
        annex.putInt(from + head, in.position() - from - head - Integer.BYTES);
      }
    }
    return erased;
  }

  private static byte[] take(ByteBuffer in, int count) throws FormatException {
    if (count < 0 || count > in.remaining()) {
      throw new FormatException(
          "annex: a part of " + count + " bytes (expected: at most " + in.remaining() + ")");
    }
    byte[] part = new byte[count];
    in.get(part);
    return part;
  }
}
