package io.outrider.audit.store;

import io.outrider.audit.format.Batch;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SegmentHeader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads batches of records back from the journal, in order, from the files and not from anyone's
/// memory. Used by one thread.
final class JournalReader implements Closeable {
  private final Folder folder;
  private long ordinal;
  private long offset = SegmentHeader.SIZE;
  private FileOps.@Nullable Handle handle;
  private ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

  /// @param ordinal the segment to begin with
  JournalReader(Folder folder, long ordinal) {
    this.folder = folder;
    this.ordinal = ordinal;
  }

  /// Takes one record: its leaf, and its annex behind that, in an array that is used again.
  interface Sink {
    void take(long index, byte[] bytes, int offset, int leaf, int annex) throws IOException;
  }

  /// The segment the next batch will come from.
  long ordinal() {
    return ordinal;
  }

  /// Reads the next batch of records. Call only if it is known to be there.
  ///
  /// @return index of its first record
  /// @throws DamagedLogException if what is there is not it
  long next(Sink sink) throws IOException {
    while (true) {
      Optional<Batch.Header> header = header();
      if (header.isEmpty()) {
        nextSegment();
        continue;
      }
      Batch.Header found = header.get();
      ByteBuffer body = read(offset + Batch.HEADER, found.length());
      if (body.remaining() != found.length() || !Batch.bodyFits(found, body)) {
        throw new DamagedLogException(
            here() + ": batch " + found.number() + " does not read back as it was written");
      }
      offset += found.size();
      if (found.records()) {
        records(found, body, sink);
        return found.firstIndex();
      }
    }
  }

  /// Goes on reading at the same place, in a segment that was replaced.
  void reopen() throws IOException {
    close();
  }

  private void records(Batch.Header header, ByteBuffer body, Sink sink) throws IOException {
    byte[] bytes = body.array(); // the buffer of this reader, and its first byte is the array's
    try {
      Batch.Cursor cursor = new Batch.Cursor(header, body);
      for (long index = header.firstIndex(); cursor.next(); index++) {
        sink.take(index, bytes, cursor.offset(), cursor.leaf(), cursor.annex());
      }
    } catch (FormatException e) {
      throw new DamagedLogException(here() + ": " + e.getMessage(), e);
    }
  }

  private Optional<Batch.Header> header() throws IOException {
    ByteBuffer in = read(offset, Batch.HEADER);
    return in.remaining() < Batch.HEADER ? Optional.empty() : Batch.header(in, 0);
  }

  private void nextSegment() throws IOException {
    if (!folder.files().exists(folder.segment(ordinal + 1))) {
      throw new DamagedLogException(here() + ": the journal ends before records that were synced");
    }
    close();
    ordinal++;
    offset = SegmentHeader.SIZE;
  }

  private ByteBuffer read(long at, int count) throws IOException {
    FileOps.Handle file = handle;
    if (file == null) {
      file = folder.files().open(folder.segment(ordinal), FileOps.Mode.READ);
      handle = file;
    }
    if (buffer.capacity() < count) {
      buffer = ByteBuffer.allocate(Math.max(count, buffer.capacity() * 2));
    }
    buffer.clear().limit(count);
    file.read(buffer, at);
    return buffer.flip();
  }

  private String here() {
    return SegmentHeader.fileName(ordinal) + " at " + offset;
  }

  @Override
  public void close() throws IOException {
    if (handle != null) {
      handle.close();
      handle = null;
    }
  }
}
