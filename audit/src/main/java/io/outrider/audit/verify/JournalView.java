package io.outrider.audit.verify;

import io.outrider.audit.format.Batch;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The journal as seen from outside, possibly while another process writes it. Stops where no whole
/// batch stands, and may be asked again later. Not thread-safe.
final class JournalView {
  private final LogSource source;

  /// The segment it stands in, and where in it; -1 while there is none.
  private long ordinal = -1;

  private long offset = SegmentHeader.SIZE;
  private long lastBatch = -1;
  private boolean jumped;
  private long end = -1;

  JournalView(LogSource source) {
    this.source = source;
  }

  /// Records that were written together.
  record Records(long firstIndex, List<Batch.Entry> entries) {}

  /// The next batch of records, if a whole one is there.
  ///
  /// @throws FormatException if a sound batch holds nonsense
  Optional<Records> next() throws IOException, FormatException {
    if (ordinal < 0 && !findFirst()) {
      return Optional.empty();
    }
    while (true) {
      Batch.Header header = header();
      byte[] body = header == null ? null : body(header);
      if (header == null || body == null) {
        if (!nextSegment()) {
          return Optional.empty();
        }
        continue;
      }
      offset += header.size();
      lastBatch = header.number();
      end = header.firstIndex() + (header.records() ? header.count() : 0);
      if (header.records()) {
        return Optional.of(
            new Records(header.firstIndex(), Batch.entries(header, ByteBuffer.wrap(body))));
      }
    }
  }

  private Batch.@Nullable Header header() throws IOException {
    byte[] in = source.read(path(ordinal), offset, Batch.HEADER).orElse(new byte[0]);
    if (in.length < Batch.HEADER) {
      return null;
    }
    return Batch.header(ByteBuffer.wrap(in), 0)
        .filter(h -> lastBatch < 0 || h.number() == lastBatch + 1)
        .orElse(null);
  }

  private byte @Nullable [] body(Batch.Header header) throws IOException {
    byte[] body =
        source.read(path(ordinal), offset + Batch.HEADER, header.length()).orElse(new byte[0]);
    return body.length == header.length() && Batch.bodyFits(header, ByteBuffer.wrap(body))
        ? body
        : null;
  }

  /// Whether there is a journal at all; a copy of the public files has none.
  boolean exists() {
    return ordinal >= 0;
  }

  /// The segment behind whose last batch it stands.
  long ordinal() {
    return ordinal;
  }

  /// Where in that segment.
  long offset() {
    return offset;
  }

  /// Number of the last batch that was found; -1 if none was.
  long lastBatch() {
    return lastBatch;
  }

  /// Whether whoever begins anew finds more: the log is being written, or a segment was made anew
  /// under this view.
  boolean goesOn() throws IOException, FormatException {
    JournalView fresh = new JournalView(source);
    while (fresh.next().isPresent()) {
      // to the end
    }
    return fresh.lastBatch > lastBatch;
  }

  /// Index behind the last record that was found; 0 if none was.
  long end() {
    return Math.max(end, 0);
  }

  /// Whether the segment this view stood in was dropped since the last call, so that records may
  /// have been passed over; they are all in full bundles.
  boolean jumped() {
    boolean now = jumped;
    jumped = false;
    return now;
  }

  private boolean findFirst() throws IOException {
    for (String name : source.list(LogFiles.JOURNAL)) {
      if (SegmentHeader.ordinal(name) > 0) {
        ordinal = SegmentHeader.ordinal(name);
        return true;
      }
    }
    return false;
  }

  /// Moves on only if the next segment begins with the batch that must come next; a spare segment
  /// has none.
  private boolean nextSegment() throws IOException {
    if (source.read(path(ordinal), 0, 1).isEmpty()) {
      jumped = true;
      lastBatch = -1;
      offset = SegmentHeader.SIZE;
      return findFirst();
    }
    long here = offset;
    ordinal++;
    offset = SegmentHeader.SIZE;
    if (header() != null) {
      return true;
    }
    ordinal--;
    offset = here;
    return false;
  }

  static String path(long ordinal) {
    return LogFiles.JOURNAL + "/" + SegmentHeader.fileName(ordinal);
  }
}
