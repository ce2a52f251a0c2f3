package io.outrider.audit.format;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Up to 256 leaves in a row, each behind a 16-bit big-endian length (C2SP tlog-tiles).
public final class EntryBundle {
  private EntryBundle() {}

  /// Whether all records of a bundle were written before `time`.
  ///
  /// @throws FormatException if it is not a bundle of records with times
  public static boolean isOlder(byte[] bundle, Instant time) throws FormatException {
    for (byte[] leaf : parse(bundle)) {
      String text = Leaf.parse(leaf).text("t").orElse("");
      try {
        if (!Instant.parse(text).isBefore(time)) {
          return false;
        }
      } catch (DateTimeException e) {
        throw new FormatException("leaf: time \"" + text + "\" (expected: RFC 3339)", e);
      }
    }
    return true;
  }

  /// Reads all leaves of a bundle.
  ///
  /// @throws FormatException if a length points past the end, or there are more than 256 leaves
  public static List<byte[]> parse(byte[] bundle) throws FormatException {
    List<byte[]> leaves = new ArrayList<>(TilePath.WIDTH);
    ByteBuffer in = ByteBuffer.wrap(bundle);
    while (in.hasRemaining()) {
      if (in.remaining() < Short.BYTES) {
        throw new FormatException(
            "bundle: one byte after leaf " + leaves.size() + " (expected: a length or the end)");
      }
      int length = in.getShort() & 0xffff;
      if (length > in.remaining()) {
        throw new FormatException(
            "bundle: leaf "
                + leaves.size()
                + " of "
                + length
                + " bytes (expected: at most "
                + in.remaining()
                + ")");
      }
      if (leaves.size() == TilePath.WIDTH) {
        throw new FormatException("bundle: more than " + TilePath.WIDTH + " leaves");
      }
      byte[] leaf = new byte[length];
      in.get(leaf);
      leaves.add(leaf);
    }
    return leaves;
  }
}
