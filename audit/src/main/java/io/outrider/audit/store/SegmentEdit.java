package io.outrider.audit.store;

import io.outrider.audit.format.Batch;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.LeafHead;
import io.outrider.audit.format.Opening;
import io.outrider.audit.format.SegmentHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// A new version of a journal segment that nobody writes to any more: without certain values, or
/// without its oldest batches, and in any case without what a file's earlier life left behind the
/// last batch. Whoever stands behind the last batch still does; batches that stay keep their
/// number.
final class SegmentEdit {
  private final byte[] before;
  private final ByteBuffer in;
  private final List<Place> batches = new ArrayList<>();
  private final List<Opening> erased = new ArrayList<>();
  private int end = SegmentHeader.SIZE;
  private boolean kept = true;

  private record Place(int at, Batch.Header header) {}

  /// @param segment the whole file
  SegmentEdit(byte[] segment) {
    this.before = segment;
    this.in = ByteBuffer.wrap(segment.clone());
    for (Optional<Batch.Header> next = at(end); next.isPresent(); next = at(end)) {
      batches.add(new Place(end, next.get()));
      end += next.get().size();
    }
    Arrays.fill(in.array(), end, in.capacity(), (byte) 0);
  }

  private Optional<Batch.Header> at(int offset) {
    if (in.capacity() - offset < Batch.HEADER) {
      return Optional.empty();
    }
    long last = batches.isEmpty() ? -1 : batches.getLast().header.number();
    return Batch.header(in, offset)
        .filter(h -> h.size() <= in.capacity() - offset)
        .filter(h -> Batch.bodyFits(h, in.slice(offset + Batch.HEADER, h.length())))
        .filter(h -> last < 0 || h.number() == last + 1);
  }

  /// Erases values of one record, if it is here.
  void erase(long index, Predicate<String> which) throws FormatException {
    for (Place place : batches) {
      Batch.Header header = place.header;
      if (header.records()
          && header.firstIndex() <= index
          && index < header.firstIndex() + header.count()) {
        ByteBuffer body = in.slice(place.at + Batch.HEADER, header.length());
        Batch.Cursor cursor = new Batch.Cursor(header, body.duplicate());
        for (long i = header.firstIndex(); i <= index; i++) {
          cursor.next();
        }
        erased.addAll(
            Opening.erase(
                body.duplicate()
                    .position(cursor.offset() + cursor.leaf())
                    .limit(cursor.offset() + cursor.leaf() + cursor.annex()),
                which));
        Batch.seal(
            in.slice(place.at, header.size()),
            true,
            header.length(),
            header.number(),
            header.firstIndex(),
            header.synced(),
            header.count());
      }
    }
  }

  /// Takes out the batches whose records all lie before `floor`. The list of open calls that a
  /// segment begins with is made anew for what is left.
  void dropBefore(long floor) throws FormatException {
    Map<String, Long> open = new LinkedHashMap<>();
    int dropped = 0;
    for (Place place : batches) {
      Batch.Header header = place.header;
      ByteBuffer body = in.slice(place.at + Batch.HEADER, header.length());
      if (!header.records()) {
        for (Batch.OpenCall call : Batch.openCalls(header, body)) {
          open.put(call.callId(), call.index());
        }
      } else if (header.firstIndex() + header.count() <= floor) {
        follow(header, body, open);
      } else {
        break;
      }
      dropped++;
    }
    kept = dropped < batches.size();
    if (dropped > 1) {
      keep(batches.subList(dropped, batches.size()), open);
    }
  }

  private static void follow(Batch.Header header, ByteBuffer body, Map<String, Long> open)
      throws FormatException {
    long index = header.firstIndex();
    for (Batch.Entry entry : Batch.entries(header, body)) {
      Optional<LeafHead> head = LeafHead.of(entry.leaf());
      if (head.isPresent() && head.get().opens()) {
        open.put(head.get().callId(), index);
      } else if (head.isPresent()) {
        open.remove(head.get().callId());
      }
      index++;
    }
  }

  private void keep(List<Place> rest, Map<String, Long> open) {
    Batch.Header last = batches.getLast().header;
    long first =
        rest.isEmpty() ? last.firstIndex() + last.count() : rest.getFirst().header.firstIndex();
    long number = rest.isEmpty() ? last.number() : rest.getFirst().header.number() - 1;
    int size =
        open.entrySet().stream()
            .mapToInt(e -> Batch.openCallSize(new Batch.OpenCall(e.getValue(), e.getKey())))
            .sum();
    ByteBuffer list = ByteBuffer.allocate(Batch.HEADER + Batch.padded(size));
    list.position(Batch.HEADER);
    open.forEach((call, index) -> Batch.put(list, new Batch.OpenCall(index, call)));
    Batch.seal(list, false, size, number, first, batches.getFirst().header.synced(), open.size());
    ByteArrayOutputStream out = new ByteArrayOutputStream(end);
    out.write(in.array(), 0, SegmentHeader.SIZE);
    out.writeBytes(list.array());
    for (Place place : rest) {
      out.write(in.array(), place.at, place.header.size());
    }
    Arrays.fill(in.array(), (byte) 0);
    in.put(0, out.toByteArray());
  }

  /// Whether a batch with records is left.
  boolean hasKept() {
    return kept;
  }

  /// What was erased.
  List<Opening> erased() {
    return erased;
  }

  /// The new version; empty if it is the old one.
  Optional<byte[]> changed() {
    return Arrays.equals(before, in.array()) ? Optional.empty() : Optional.of(in.array());
  }
}
