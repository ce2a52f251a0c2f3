package io.outrider.audit.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What one group commit wrote to the journal: a header, then its records. The unit of truth after
/// a crash: a batch is whole or it never happened. Big-endian.
///
/// ```
/// u32 magic "OBAT" (records) or "OCAR" (open calls)
/// u32 length of the body, without padding
/// u64 number of the batch, from 1, dense
/// u64 index of the first record; for open calls, of the next
/// u64 number of the last batch known to be synced when this one was written
/// u32 count
/// u32 CRC-32C of the body
/// u32 CRC-32C of the 40 bytes before
/// u32 zero
/// body, zero-padded to a multiple of 8
/// ```
///
/// Behind it, written together with it, are as many zeros as a header has, or as there is room for:
/// whatever the file held before is not taken for a batch.
public final class Batch {
  private Batch() {}

  public static final int HEADER = 48;
  public static final int RECORDS = 0x4f424154;
  public static final int OPEN_CALLS = 0x4f434152;

  /// Largest body a reader accepts; a writer stays far below.
  public static final int MAX_BODY = 16 << 20;

  private static final int CRC_OFFSET = 40;

  /// The header of a batch.
  ///
  /// @param synced the last batch that was known to be on disk; a reader that finds a later batch
  ///   whole and this one damaged knows that acknowledged records were harmed
  public record Header(
      boolean records,
      int length,
      long number,
      long firstIndex,
      long synced,
      int count,
      int bodyCrc) {

    /// Bytes of the whole batch with padding.
    public int size() {
      return HEADER + padded(length);
    }
  }

  /// One leaf and the openings of its commitments.
  public record Entry(byte[] leaf, byte[] annex) {}

  /// A call that was let through and has no outcome yet.
  public record OpenCall(long index, String callId) {}

  /// The length with padding.
  public static int padded(int length) {
    return (length + 7) & ~7;
  }

  /// Writes the header for the body that lies behind it, at the start of `batch`.
  public static void seal(
      ByteBuffer batch,
      boolean records,
      int bodyLength,
      long number,
      long firstIndex,
      long synced,
      int count) {
    CRC32C crc = new CRC32C();
    crc.update(batch.slice(HEADER, bodyLength));
    batch
        .putInt(0, records ? RECORDS : OPEN_CALLS)
        .putInt(4, bodyLength)
        .putLong(8, number)
        .putLong(16, firstIndex)
        .putLong(24, synced)
        .putInt(32, count)
        .putInt(36, (int) crc.getValue());
    crc.reset();
    crc.update(batch.slice(0, CRC_OFFSET));
    batch.putInt(CRC_OFFSET, (int) crc.getValue()).putInt(CRC_OFFSET + 4, 0);
  }

  /// Reads a header, or nothing if the 48 bytes at `offset` are not a sound one.
  public static Optional<Header> header(ByteBuffer in, int offset) {
    int magic = in.getInt(offset);
    if (magic != RECORDS && magic != OPEN_CALLS) {
      return Optional.empty();
    }
    CRC32C crc = new CRC32C();
    crc.update(in.slice(offset, CRC_OFFSET));
    if ((int) crc.getValue() != in.getInt(offset + CRC_OFFSET)) {
      return Optional.empty();
    }
    Header header =
        new Header(
            magic == RECORDS,
            in.getInt(offset + 4),
            in.getLong(offset + 8),
            in.getLong(offset + 16),
            in.getLong(offset + 24),
            in.getInt(offset + 32),
            in.getInt(offset + 36));
    boolean sound = header.length >= 0 && header.length <= MAX_BODY && header.count >= 0;
    return sound ? Optional.of(header) : Optional.empty();
  }

  /// Whether the journal ends at `offset` for sure: there are zeros where a header would be, or no
  /// room for one.
  public static boolean isBlank(ByteBuffer in, int offset) {
    if (in.capacity() - offset < HEADER) {
      return true;
    }
    for (int at = offset; at < offset + HEADER; at += Long.BYTES) {
      if (in.getLong(at) != 0) {
        return false;
      }
    }
    return true;
  }

  /// Whether the body, from `in`'s position to its limit, is the one `header` was written for.
  public static boolean bodyFits(Header header, ByteBuffer body) {
    CRC32C crc = new CRC32C();
    crc.update(body.duplicate());
    return (int) crc.getValue() == header.bodyCrc;
  }

  /// Appends one record to a body: `u16 leaf length, u16 zero, u32 annex length, leaf, annex`.
  ///
  /// @return false, and nothing is written, if it does not fit
  public static boolean put(
      ByteBuffer body, byte[] leaf, int leafLength, byte[] annex, int annexLength) {
    if (body.remaining() < entrySize(leafLength, annexLength)) {
      return false;
    }
    body.putShort((short) leafLength)
        .putShort((short) 0)
        .putInt(annexLength)
        .put(leaf, 0, leafLength)
        .put(annex, 0, annexLength);
    return true;
  }

  /// Bytes of one record in a body.
  public static int entrySize(int leafLength, int annexLength) {
    return 8 + leafLength + annexLength;
  }

  /// Goes through the records of a body without copying them.
  public static final class Cursor {
    private final Header header;
    private final ByteBuffer body;
    private int taken;
    private int offset;
    private int leaf;
    private int annex;

    /// @param body from its position to its limit
    public Cursor(Header header, ByteBuffer body) {
      this.header = header;
      this.body = body;
    }

    /// Moves to the next record.
    ///
    /// @return false if there was none left
    public boolean next() throws FormatException {
      if (taken == header.count) {
        if (body.hasRemaining()) {
          throw new FormatException("batch " + header.number + ": bytes after the last record");
        }
        return false;
      }
      if (body.remaining() < 8) {
        throw new FormatException("batch " + header.number + ": ends inside record " + taken);
      }
      leaf = body.getShort() & 0xffff;
      body.getShort();
      annex = body.getInt();
      if (annex < 0 || annex > body.remaining() - leaf) {
        throw new FormatException(
            "batch " + header.number + ": record " + taken + " is longer than the batch");
      }
      offset = body.position();
      body.position(offset + leaf + annex);
      taken++;
      return true;
    }

    /// Where the leaf begins; the annex follows it.
    public int offset() {
      return offset;
    }

    /// Length of the leaf.
    public int leaf() {
      return leaf;
    }

    /// Length of the annex.
    public int annex() {
      return annex;
    }
  }

  /// Reads the records of a body.
  public static List<Entry> entries(Header header, ByteBuffer body) throws FormatException {
    List<Entry> entries = new ArrayList<>(Math.min(header.count, 4_096));
    for (Cursor at = new Cursor(header, body); at.next(); ) {
      byte[] leaf = new byte[at.leaf()];
      byte[] annex = new byte[at.annex()];
      body.get(at.offset(), leaf).get(at.offset() + leaf.length, annex);
      entries.add(new Entry(leaf, annex));
    }
    return entries;
  }

  /// Bytes of one open call in a body.
  public static int openCallSize(OpenCall call) {
    return 9 + call.callId().length();
  }

  /// Appends one open call to a body: `u64 index, u8 length, call id`.
  public static void put(ByteBuffer body, OpenCall call) {
    body.putLong(call.index()).put((byte) call.callId().length());
    for (int i = 0; i < call.callId().length(); i++) {
      body.put((byte) call.callId().charAt(i));
    }
  }

  /// Reads the open calls of a body.
  public static List<OpenCall> openCalls(Header header, ByteBuffer body) throws FormatException {
    List<OpenCall> calls = new ArrayList<>(Math.min(header.count, 4_096));
    for (int i = 0; i < header.count; i++) {
      if (body.remaining() < 9 || body.remaining() - 9 < (body.get(body.position() + 8) & 0xff)) {
        throw new FormatException("batch " + header.number + ": ends inside open call " + i);
      }
      long index = body.getLong();
      byte[] id = new byte[body.get() & 0xff];
      body.get(id);
      calls.add(new OpenCall(index, new String(id, StandardCharsets.US_ASCII)));
    }
    return calls;
  }
}
