package io.outrider.audit.format;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// The first bytes of a journal segment. Which records it holds is told by its batches, so that
/// segments can be prepared ahead.
///
/// @param ordinal number of the segment, from 1, dense
/// @param logId first 16 bytes of SHA-256 over the verifier key's text
/// @param reused whether the file was another segment before: what lies behind the last batch is
///   then left over from that one
public record SegmentHeader(long ordinal, byte[] logId, boolean reused) {

  /// Batches begin here; a page of its own keeps the header out of every later write.
  public static final int SIZE = 4_096;

  public static final int LOG_ID_BYTES = 16;

  private static final long MAGIC = 0x4f5554524a524e31L; // OUTRJRN1
  private static final int ENCODED = 40;

  /// The first 40 bytes; the rest of the header is zero.
  public byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(ENCODED).putLong(MAGIC).putLong(ordinal).put(logId);
    out.putInt(reused ? 1 : 0);
    CRC32C crc = new CRC32C();
    crc.update(out.array(), 0, ENCODED - Integer.BYTES);
    out.putInt((int) crc.getValue());
    return out.array();
  }

  /// Reads a header.
  ///
  /// @throws FormatException if it is not one, or damaged
  public static SegmentHeader parse(ByteBuffer in) throws FormatException {
    if (in.remaining() < ENCODED) {
      throw new FormatException(
          "segment: " + in.remaining() + " bytes (expected: at least " + ENCODED + ")");
    }
    byte[] all = new byte[ENCODED];
    in.get(all);
    ByteBuffer fields = ByteBuffer.wrap(all);
    if (fields.getLong() != MAGIC) {
      throw new FormatException("segment: does not start with OUTRJRN1");
    }
    SegmentHeader header =
        new SegmentHeader(
            fields.getLong(),
            Arrays.copyOfRange(all, 16, 16 + LOG_ID_BYTES),
            fields.getInt(16 + LOG_ID_BYTES) == 1);
    if (!Arrays.equals(header.bytes(), all)) {
      throw new FormatException("segment: header is damaged");
    }
    return header;
  }

  /// `journal/<ordinal, 16 digits>.seg`, without the folder.
  public static String fileName(long ordinal) {
    String digits = Long.toString(ordinal);
    return "0".repeat(16 - digits.length()) + digits + ".seg";
  }

  /// The ordinal in a file name, or -1 if it is not the name of a segment.
  public static long ordinal(String fileName) {
    return fileName.matches("[0-9]{16}\\.seg") ? Long.parseLong(fileName, 0, 16, 10) : -1;
  }
}
