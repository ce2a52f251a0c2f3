package io.outrider.audit.store;

import io.outrider.audit.format.Batch;
import io.outrider.audit.format.LeafEncoder;
import io.outrider.audit.format.SegmentHeader;
import io.outrider.audit.proof.RightEdge;
import io.outrider.audit.record.AuditRecord;
import io.outrider.audit.record.Intent;
import io.outrider.audit.record.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The writing end of the journal: gathers records into a batch, writes the batch, syncs it. Used
/// by one thread.
///
/// `add` any number of records, then [#write], then [#sync]; or [#rollback] if the write found no
/// room. After any other exception the journal must not be used again: what is on disk is then only
/// known to recovery.
final class Journal {
  /// A batch this large takes about a millisecond to flush; larger ones would only add latency.
  private static final int MAX_BATCH = 4 << 20;

  /// Most bytes of openings kept for one record.
  private static final int MAX_ANNEX = 1 << 20;

  /// Bytes an open call takes in the list at the head of a segment.
  private static final int OPEN_CALL_BYTES = 80;

  /// Room behind the body of a batch: its padding, and the blank.
  private static final int TAIL = Long.BYTES + Batch.HEADER;

  private final Segments segments;
  private final ByteBuffer batch;
  private final LeafEncoder encoder;
  private final RightEdge edge;
  private final RightEdge edgeBefore = new RightEdge();
  private final Map<String, Long> open;
  private final List<Undo> undo = new ArrayList<>();
  private final int maxOpen;

  private volatile Segments.@Nullable Segment segment;
  private volatile boolean fresh;
  private volatile long first;
  private long offset;
  private long lastBatch;
  private long syncedBatch;
  private int count;

  /// What `callId` was mapped to before the current batch; null for nothing.
  private record Undo(String callId, @Nullable Long before) {}

  /// Where recovery found the journal to end.
  ///
  /// @param first index of the first record the segment may hold
  record Position(Segments.@Nullable Segment segment, long first, long offset, long lastBatch) {}

  Journal(Segments segments, Position position, RightEdge edge, Map<String, Long> open, long boot) {
    this.segments = segments;
    this.segment = position.segment();
    this.first = position.first();
    this.offset = position.offset();
    this.lastBatch = position.lastBatch();
    this.syncedBatch = position.lastBatch();
    this.edge = edge;
    this.open = new HashMap<>(open);
    int capacity = Math.min(MAX_BATCH, segments.segmentBytes() / 2 - SegmentHeader.SIZE);
    this.batch = ByteBuffer.allocateDirect(capacity);
    int largestLeaf = Batch.HEADER + Batch.entrySize(LeafEncoder.MAX_LEAF, 0) + TAIL;
    this.encoder = new LeafEncoder(boot, Math.min(MAX_ANNEX, capacity - largestLeaf));
    this.maxOpen = segments.segmentBytes() / 4 / OPEN_CALL_BYTES;
    clear();
  }

  /// Index the next record will have.
  long nextIndex() {
    return edge.size();
  }

  /// Segment in use; 0 before the first. May be asked by any thread.
  long ordinal() {
    Segments.Segment current = segment;
    return current == null ? 0 : current.ordinal();
  }

  /// Index of the first record that the segment in use may hold. May be asked by any thread.
  long first() {
    return first;
  }

  /// Asks that the next batch begins a fresh segment, so that the one in use is written no more.
  /// Any thread may ask.
  void startFresh() {
    fresh = true;
  }

  LogStore.Added add(AuditRecord record, long monotonicNanos) {
    long index = edge.size();
    if (record instanceof Intent && open.size() >= maxOpen) {
      return LogStore.Added.TOO_MANY_OPEN;
    }
    encoder.encode(record, index, monotonicNanos, intentIndex(record));
    // Room for the padding is kept by the limit that `clear` sets.
    if (!Batch.put(
        batch, encoder.leaf(), encoder.leafLength(), encoder.annex(), encoder.annexLength())) {
      return LogStore.Added.FULL;
    }
    edge.append(encoder.leaf(), 0, encoder.leafLength());
    switch (record) {
      case Intent intent ->
          remember(intent.call().callId(), open.put(intent.call().callId(), index));
      case Outcome outcome -> remember(outcome.callId(), open.remove(outcome.callId()));
      default -> {}
    }
    count++;
    return LogStore.Added.IN;
  }

  private void remember(String callId, @Nullable Long before) {
    undo.add(new Undo(callId, before));
  }

  private long intentIndex(AuditRecord record) {
    if (!(record instanceof Outcome outcome)) {
      return -1;
    }
    Long known = open.get(outcome.callId());
    return known != null ? known : outcome.intentIndex().orElse(-1);
  }

  /// Writes the batch. It survives the death of the process, not yet that of the machine.
  ///
  /// @throws NoRoomException if no segment could be had; nothing was written
  void write() throws IOException {
    if (count == 0) {
      return;
    }
    int body = batch.position() - Batch.HEADER;
    int size = Batch.HEADER + Batch.padded(body);
    Segments.Segment target = segment;
    if (target == null || fresh || offset + size > segments.segmentBytes()) {
      target = rotate();
    }
    finish(batch, size);
    Batch.seal(batch, true, body, lastBatch + 1, edgeBefore.size(), syncedBatch, count);
    target.handle().write(batch.slice(0, withBlank(size)), offset);
    offset += size;
    lastBatch++;
    clear();
  }

  /// Makes everything written durable.
  void sync() throws IOException {
    Segments.Segment current = segment;
    if (current != null && syncedBatch != lastBatch) {
      current.handle().force();
      syncedBatch = lastBatch;
    }
  }

  /// The tree over everything synced. Only meaningful right after [#sync].
  SyncedTree tree() {
    return new SyncedTree(edge.size(), edge.hashes());
  }

  /// Forgets the records added since the last write.
  void rollback() {
    for (Undo step : undo.reversed()) {
      restore(open, step);
    }
    edge.set(edgeBefore);
    clear();
  }

  void close() throws IOException {
    Segments.Segment current = segment;
    if (current != null) {
      current.handle().close();
    }
  }

  /// Goes on in a fresh segment, which begins with the list of calls that are open before the
  /// current batch, so that older segments can go without recovery forgetting whom they left open.
  private Segments.Segment rotate() throws IOException {
    Segments.Segment next = segments.take();
    fresh = false;
    sync();
    close();
    segment = next;
    first = edgeBefore.size();
    offset = SegmentHeader.SIZE;
    Map<String, Long> before = new HashMap<>(open);
    for (Undo step : undo.reversed()) {
      restore(before, step);
    }
    ByteBuffer list = ByteBuffer.allocate(Batch.HEADER + before.size() * OPEN_CALL_BYTES + TAIL);
    list.position(Batch.HEADER);
    before.forEach((callId, index) -> Batch.put(list, new Batch.OpenCall(index, callId)));
    int body = list.position() - Batch.HEADER;
    Batch.seal(list, false, body, lastBatch + 1, edgeBefore.size(), syncedBatch, before.size());
    int size = Batch.HEADER + Batch.padded(body);
    next.handle().write(list.slice(0, withBlank(size)), offset);
    offset += size;
    lastBatch++;
    return next;
  }

  private static void restore(Map<String, Long> map, Undo step) {
    if (step.before() == null) {
      map.remove(step.callId());
    } else {
      map.put(step.callId(), step.before());
    }
  }

  /// Puts zeros behind the body: the padding, and the blank that ends the journal.
  private static void finish(ByteBuffer batch, int size) {
    batch.limit(batch.capacity());
    while (batch.position() < size + Batch.HEADER) {
      batch.put((byte) 0);
    }
  }

  /// Bytes to write for a batch of `size`: the blank behind it goes with it, if it has room.
  private int withBlank(int size) {
    int blank = size + Batch.HEADER;
    return offset + blank <= segments.segmentBytes() ? blank : size;
  }

  private void clear() {
    batch.clear().position(Batch.HEADER).limit(batch.capacity() - TAIL);
    edgeBefore.set(edge);
    undo.clear();
    count = 0;
  }
}
