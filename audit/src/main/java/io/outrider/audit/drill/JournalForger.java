package io.outrider.audit.drill;

import io.outrider.audit.format.Batch;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SegmentHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What can be done to the journal, which protects records until they are in the tree.
final class JournalForger {
  private static final String NEEDS = "a journal with records under the checkpoint";

  private JournalForger() {}

  static List<Tampering> all() {
    return List.of(
        new Tampering("journal-bit", false, NEEDS, JournalForger::bit),
        new Tampering("journal-reworded", false, NEEDS, JournalForger::reworded));
  }

  /// A record in the journal that is in the tree, too.
  ///
  /// @param at where its line begins in the segment
  private record Place(
      String path, int batch, Batch.Header header, long index, int at, int length) {}

  private static Optional<Tampered> bit(Specimen log, RandomGenerator random)
      throws FormatException {
    List<Place> places = places(log);
    if (places.isEmpty()) {
      return Optional.empty();
    }
    Place place = places.get(random.nextInt(places.size()));
    byte[] segment = log.log().file(place.path()).clone();
    Outsider.flip(segment, place.at() * Byte.SIZE + random.nextInt(place.length() * Byte.SIZE));
    return Tampered.of(
        "flip one bit of record " + place.index() + " in the journal",
        log,
        log.log().with(place.path(), segment));
  }

  private static Optional<Tampered> reworded(Specimen log, RandomGenerator random)
      throws FormatException {
    List<Place> places = places(log);
    if (places.isEmpty()) {
      return Optional.empty();
    }
    Place place = places.get(random.nextInt(places.size()));
    byte[] segment = log.log().file(place.path()).clone();
    String line =
        Lines.reworded(new String(segment, place.at(), place.length(), StandardCharsets.UTF_8));
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, segment, place.at(), place.length());
    Batch.Header header = place.header();
    Batch.seal(
        ByteBuffer.wrap(segment, place.batch(), header.size()).slice(),
        true,
        header.length(),
        header.number(),
        header.firstIndex(),
        header.synced(),
        header.count());
    return Tampered.of(
        "reword record " + place.index() + " in the journal, with fitting checksums",
        log,
        log.log().with(place.path(), segment));
  }

  private static List<Place> places(Specimen log) throws FormatException {
    List<Place> places = new ArrayList<>();
    long last = -1;
    for (String path : log.log().paths(Specimen.JOURNAL)) {
      if (SegmentHeader.ordinal(path.substring(Specimen.JOURNAL.length())) < 0) {
        continue; // a file that waits for another turn
      }
      ByteBuffer segment = ByteBuffer.wrap(log.log().file(path));
      int at = SegmentHeader.SIZE;
      while (at + Batch.HEADER <= segment.capacity()) {
        Optional<Batch.Header> header = Batch.header(segment, at);
        if (header.isEmpty()
            || last >= 0 && header.get().number() != last + 1
            || header.get().size() > segment.capacity() - at) {
          break;
        }
        last = header.get().number();
        if (header.get().records()) {
          records(log, path, at, header.get(), segment, places);
        }
        at += header.get().size();
      }
    }
    return places;
  }

  private static void records(
      Specimen log,
      String path,
      int batch,
      Batch.Header header,
      ByteBuffer segment,
      List<Place> places)
      throws FormatException {
    ByteBuffer body = segment.slice(batch + Batch.HEADER, header.length());
    long index = header.firstIndex();
    for (Batch.Cursor at = new Batch.Cursor(header, body); at.next(); index++) {
      if (index < log.size()) {
        places.add(
            new Place(path, batch, header, index, batch + Batch.HEADER + at.offset(), at.leaf()));
      }
    }
  }
}
