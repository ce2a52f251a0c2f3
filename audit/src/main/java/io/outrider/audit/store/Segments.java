package io.outrider.audit.store;

import io.outrider.audit.format.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// Makes journal segments: full of zeros and durable before anyone writes a record, so that a later
/// `fdatasync` has only data to flush and no metadata (measured: 1.5 times faster for small
/// batches, 9 times for large ones).
///
/// One segment is kept ready. Thread-safe: the writer takes, the integrator prepares.
final class Segments {
  private static final int CHUNK = 1 << 20;

  private final Folder folder;
  private final byte[] logId;
  private final int segmentBytes;
  private long nextOrdinal;
  private volatile boolean ready;

  /// @param nextOrdinal the first segment without batches
  /// @param ready whether that segment exists
  Segments(Folder folder, byte[] logId, int segmentBytes, long nextOrdinal, boolean ready) {
    this.folder = folder;
    this.logId = logId.clone();
    this.segmentBytes = segmentBytes;
    this.nextOrdinal = nextOrdinal;
    this.ready = ready;
  }

  int segmentBytes() {
    return segmentBytes;
  }

  /// Whether the next segment exists.
  boolean ready() {
    return ready;
  }

  /// Prepares the next segment if none is ready.
  synchronized void prepare() throws IOException {
    if (ready) {
      return;
    }
    Path segment = folder.segment(nextOrdinal);
    Path temporary = segment.resolveSibling(segment.getFileName() + ".tmp");
    FileOps files = folder.files();
    files.createDirectories(folder.journal());
    files.delete(temporary);
    try {
      try (FileOps.Handle handle = files.open(temporary, FileOps.Mode.CREATE)) {
        ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(CHUNK, segmentBytes));
        for (long at = 0; at < segmentBytes; at += zeros.capacity()) {
          zeros.clear().limit((int) Math.min(zeros.capacity(), segmentBytes - at));
          handle.write(zeros, at);
        }
        handle.write(ByteBuffer.wrap(new SegmentHeader(nextOrdinal, logId).bytes()), 0);
        handle.force();
      }
      files.rename(temporary, segment);
      files.forceDirectory(folder.journal());
    } catch (IOException e) {
      // No record is in it yet, so nothing is lost; but a disk that is full should get its bytes
      // back.
      try {
        files.delete(temporary);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    ready = true;
  }

  /// Hands out the next segment, preparing it now if nobody did before.
  synchronized Segment take() throws NoRoomException {
    try {
      prepare();
      FileOps.Handle handle = folder.files().open(folder.segment(nextOrdinal), FileOps.Mode.WRITE);
      ready = false;
      return new Segment(nextOrdinal++, handle);
    } catch (IOException e) {
      throw new NoRoomException("no journal segment " + nextOrdinal + ": " + e.getMessage(), e);
    }
  }

  /// A segment open for writing.
  record Segment(long ordinal, FileOps.Handle handle) {}
}
