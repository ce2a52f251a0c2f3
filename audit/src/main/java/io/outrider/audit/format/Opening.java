package io.outrider.audit.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A value that a leaf has committed to, with the salt that proves it.
///
/// @param field where the commitment stands in the leaf: `in.digest`, `in.text`, `res.digest`,
///   `res.text`, or `x.<n>`
public record Opening(String field, byte[] salt, byte[] value) {

  /// The commitment this opens.
  public byte[] commitment() {
    return Commitment.of(salt, field, value);
  }

  /// Reads all openings of one record.
  ///
  /// @throws FormatException if the bytes are not a sequence of openings
  public static List<Opening> parse(byte[] annex) throws FormatException {
    List<Opening> openings = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(annex);
    while (in.hasRemaining()) {
      byte[] field = take(in, in.get() & 0xff);
      byte[] salt = take(in, Commitment.SALT_BYTES);
      if (in.remaining() < Integer.BYTES) {
        throw new FormatException("annex: ends inside an opening");
      }
      openings.add(
          new Opening(new String(field, StandardCharsets.UTF_8), salt, take(in, in.getInt())));
    }
    return openings;
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
