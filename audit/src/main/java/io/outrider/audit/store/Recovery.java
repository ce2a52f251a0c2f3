package io.outrider.audit.store;

import io.outrider.audit.format.Batch;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.InboxNote;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.LeafEncoder;
import io.outrider.audit.format.LeafHead;
import io.outrider.audit.format.SegmentHeader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Walks the journal after a start and finds where it ends, telling a torn tail, which a crash may
/// leave, from damage, which it may not.
///
/// A batch is whole or it never happened. The first place where no whole batch stands is the end,
/// unless a batch further on says that the missing one had been synced: then acknowledged records
/// were harmed, and the log refuses to open.
final class Recovery {
  /// Bytes compared with zeros at a time.
  private static final int ZEROS = 1 << 16;

  private final Folder folder;
  private final byte[] logId;
  private final Map<String, Long> open = new LinkedHashMap<>();
  private final List<SegmentRange> segments = new ArrayList<>();
  private final List<Torn> torn = new ArrayList<>();
  private long nextIndex = -1;
  private long lastBatch = -1;
  private byte @Nullable [] lastLeaf;

  /// The leaf that is looked at.
  private final byte[] leaf = new byte[LeafEncoder.MAX_LEAF];

  private long endOrdinal;
  private long endOffset;
  private final List<LeftOver> leftOver = new ArrayList<>();
  private final Set<String> waiting;
  private final Map<String, Leaf> recorded = new HashMap<>();
  private boolean ended;

  /// What a segment held before it became one of this place. Parts of batches that a dying machine
  /// wrote out of order may be among it, so after a crash it goes: a later crash must not find them
  /// and take them for its own.
  private record LeftOver(long ordinal, int offset, int bytes) {}

  /// A segment with records: from `first` to before `end`.
  record SegmentRange(long ordinal, long first, long end) {}

  /// A part of a segment that held no whole batch.
  record Torn(long ordinal, long offset, int bytes) {}

  /// What was found.
  ///
  /// @param nextIndex index the next record will have
  /// @param endOrdinal segment to go on in; 0 if there is none
  /// @param spare first segment behind it that exists, without batches; 0 if there is none
  /// @param lastLeaf the last record; null if there is none
  /// @param open calls without an outcome
  /// @param recorded where notes of the inbox are recorded already
  record Found(
      long nextIndex,
      long lastBatch,
      long endOrdinal,
      long endOffset,
      long spare,
      byte @Nullable [] lastLeaf,
      Map<String, Long> open,
      List<SegmentRange> segments,
      List<Torn> torn,
      Map<String, Leaf> recorded) {

    /// Whether the last process closed the log in order, or there was none.
    boolean endedInOrder() throws DamagedLogException {
      if (lastLeaf == null) {
        return nextIndex == 0;
      }
      try {
        return torn.isEmpty() && Leaf.parse(lastLeaf).text("ev").equals(Optional.of("stop"));
      } catch (FormatException e) {
        throw new DamagedLogException("record " + (nextIndex - 1) + ": " + e.getMessage(), e);
      }
    }
  }

  /// @param waiting ids of the notes in the inbox; the journal is searched for them
  Recovery(Folder folder, byte[] logId, Collection<String> waiting) {
    this.folder = folder;
    this.logId = logId.clone();
    this.waiting = Set.copyOf(waiting);
  }

  /// Reads the journal, sets torn parts aside and zeroes them.
  ///
  /// @throws DamagedLogException if acknowledged records were harmed
  Found run() throws IOException {
    List<Long> ordinals = ordinals();
    long spare = 0;
    for (long ordinal : ordinals) {
      // Outside the heap and given back at once: a segment is more than all else an idle process
      // has.
      try (Arena memory = Arena.ofConfined()) {
        scan(ordinal, folder.content(folder.segment(ordinal), memory));
      }
      if (spare == 0 && endOrdinal != ordinal) {
        spare = ordinal;
      }
    }
    for (Torn part : torn) {
      setAside(part);
    }
    Found found =
        new Found(
            Math.max(nextIndex, 0),
            Math.max(lastBatch, 0),
            endOrdinal,
            endOffset,
            spare,
            lastLeaf,
            open,
            List.copyOf(segments),
            List.copyOf(torn),
            Map.copyOf(recorded));
    if (!found.endedInOrder()) {
      for (LeftOver part : leftOver) {
        blank(part.ordinal(), part.offset(), part.bytes());
      }
    }
    return found;
  }

  private List<Long> ordinals() throws IOException {
    List<Long> ordinals = new ArrayList<>();
    for (String name : folder.files().list(folder.journal())) {
      if (Folder.isTemporary(name)) {
        folder.delete(folder.journal().resolve(name));
      } else if (SegmentHeader.ordinal(name) > 0) {
        ordinals.add(SegmentHeader.ordinal(name));
      }
    }
    for (int i = 1; i < ordinals.size(); i++) {
      if (ordinals.get(i) != ordinals.get(i - 1) + 1) {
        throw new DamagedLogException(
            "journal: "
                + SegmentHeader.fileName(ordinals.get(i - 1) + 1)
                + " is missing between its neighbours");
      }
    }
    return ordinals;
  }

  private void scan(long ordinal, ByteBuffer in) throws IOException {
    String name = SegmentHeader.fileName(ordinal);
    SegmentHeader header;
    try {
      header = SegmentHeader.parse(in.duplicate());
      if (header.ordinal() != ordinal || !Arrays.equals(header.logId(), logId)) {
        throw new DamagedLogException(name + ": belongs to another place or another log");
      }
    } catch (FormatException e) {
      throw new DamagedLogException(name + ": " + e.getMessage(), e);
    }
    int at = SegmentHeader.SIZE;
    if (!ended) {
      long first = nextIndex;
      boolean any = false;
      for (Optional<Batch.Header> next = batchAt(in, at);
          next.isPresent();
          next = batchAt(in, at)) {
        Batch.Header batch = next.get();
        take(name, at, batch, in.slice(at + Batch.HEADER, batch.length()));
        first = any ? first : batch.firstIndex();
        any = true;
        at += batch.size();
        lastBatch = batch.number();
      }
      if (any) {
        endOrdinal = ordinal;
        endOffset = at;
        segments.add(new SegmentRange(ordinal, first, nextIndex));
      }
      // A segment without a batch is the spare one; a full one may be followed by another.
      ended = !any;
    }
    rest(header, name, in, at);
  }

  /// The sound batch at `at`, if it is the one that must come next.
  private Optional<Batch.Header> batchAt(ByteBuffer in, int at) {
    if (in.capacity() - at < Batch.HEADER) {
      return Optional.empty();
    }
    return Batch.header(in, at)
        .filter(h -> h.size() <= in.capacity() - at)
        .filter(h -> Batch.bodyFits(h, in.slice(at + Batch.HEADER, h.length())))
        .filter(h -> lastBatch < 0 || h.number() == lastBatch + 1);
  }

  private void take(String name, int offset, Batch.Header header, ByteBuffer body)
      throws IOException {
    try {
      if (nextIndex >= 0 && header.firstIndex() != nextIndex) {
        throw new DamagedLogException(
            name
                + " at "
                + offset
                + ": records from "
                + header.firstIndex()
                + " (expected: from "
                + nextIndex
                + ")");
      }
      if (header.records()) {
        if (nextIndex < 0) {
          throw new DamagedLogException(name + ": begins without the list of open calls");
        }
        int length = 0;
        for (Batch.Cursor at = new Batch.Cursor(header, body); at.next(); nextIndex++) {
          length = at.leaf();
          body.get(at.offset(), leaf, 0, length);
          follow(length);
        }
        lastLeaf = length > 0 ? Arrays.copyOf(leaf, length) : lastLeaf;
      } else {
        open.clear();
        for (Batch.OpenCall call : Batch.openCalls(header, body)) {
          open.put(call.callId(), call.index());
        }
        nextIndex = header.firstIndex();
      }
    } catch (FormatException e) {
      throw new DamagedLogException(name + " at " + offset + ": " + e.getMessage(), e);
    }
  }

  private void follow(int length) throws FormatException {
    Optional<LeafHead> head = LeafHead.of(leaf, length);
    if (head.isPresent()) {
      if (head.get().opens()) {
        open.put(head.get().callId(), nextIndex);
      } else {
        open.remove(head.get().callId());
      }
    } else if (!waiting.isEmpty()) {
      Leaf event = Leaf.parse(Arrays.copyOf(leaf, length));
      event
          .text("f." + InboxNote.NOTE)
          .filter(waiting::contains)
          .ifPresent(note -> recorded.put(note, event));
    }
  }

  /// Looks at what follows the last batch of a segment: nothing, a torn tail, or proof of damage.
  private void rest(SegmentHeader segment, String name, ByteBuffer in, int from)
      throws IOException {
    int last = lastWritten(in, from);
    if (last < from) {
      return;
    }
    for (int at = from; at + Batch.HEADER <= in.capacity(); at += Long.BYTES) {
      Optional<Batch.Header> later = Batch.header(in, at);
      if (later.isPresent() && later.get().synced() > Math.max(lastBatch, 0)) {
        throw new DamagedLogException(
            name
                + " at "
                + from
                + ": batch "
                + (lastBatch + 1)
                + " is damaged, but batch "
                + later.get().number()
                + " behind it says it had been synced: acknowledged records from index "
                + Math.max(nextIndex, 0)
                + " on were changed or lost");
      }
    }
    if (segment.reused() && Batch.isBlank(in, from)) {
      leftOver.add(new LeftOver(segment.ordinal(), from, last + 1 - from));
      return;
    }
    torn.add(new Torn(segment.ordinal(), from, last + 1 - from));
    ended = true;
  }

  /// The place of the last byte that is not zero; less than `from` if there is none behind it.
  private static int lastWritten(ByteBuffer in, int from) {
    ByteBuffer zeros = ByteBuffer.allocate(ZEROS);
    int end = in.capacity();
    for (int size = Math.min(ZEROS, end - from); size > 0; size = Math.min(ZEROS, end - from)) {
      if (in.slice(end - size, size).mismatch(zeros.slice(0, size)) >= 0) {
        break; // by blocks up to here: a spare segment is nothing but zeros
      }
      end -= size;
    }
    int last = end - 1;
    while (last >= from && in.get(last) == 0) {
      last--;
    }
    return last;
  }

  private void setAside(Torn part) throws IOException {
    Path segment = folder.segment(part.ordinal());
    try (FileOps.Handle handle = folder.files().open(segment, FileOps.Mode.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(part.bytes());
      handle.read(bytes, part.offset());
      folder.replace(folder.quarantine(part.ordinal(), part.offset()), bytes.array());
    }
    blank(part.ordinal(), part.offset(), part.bytes());
  }

  private void blank(long ordinal, long offset, int bytes) throws IOException {
    Path segment = folder.segment(ordinal);
    try (FileOps.Handle handle = folder.files().open(segment, FileOps.Mode.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocate(Math.min(ZEROS, bytes));
      for (int done = 0; done < bytes; done += zeros.capacity()) {
        handle.write(zeros.clear().limit(Math.min(zeros.capacity(), bytes - done)), offset + done);
      }
      handle.force();
    }
  }
}
