package io.outrider.audit.verify;

import io.outrider.audit.format.Batch;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.Opening;
import io.outrider.audit.format.TilePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The values a record committed to, where they are still kept.
public final class KeptValues {
  private KeptValues() {}

  /// The values kept for a record; none if they were erased or never kept.
  ///
  /// @throws FormatException if a kept value is not the one the record committed to
  public static List<Opening> of(LogSource source, Leaf leaf) throws IOException, FormatException {
    List<Opening> kept = Opening.parse(annex(source, leaf.index()));
    for (Opening opening : kept) {
      String opened = HexFormat.of().formatHex(opening.commitment());
      if (!Commitments.committed(leaf, opening.field()).equals(Optional.of(opened))) {
        throw new FormatException(
            "record "
                + leaf.index()
                + ": the value kept for "
                + opening.field()
                + " is not the one it committed to");
      }
    }
    return kept;
  }

  /// Fields of records of which a value is kept, whether or not it is the one committed to. Records
  /// of which none is kept, or whose values cannot be read, which is told where they themselves are
  /// checked, are not among them. Each file is read once.
  static Map<Long, Set<String>> fields(LogSource source, Collection<Long> records)
      throws IOException {
    Map<Long, Set<String>> found = new TreeMap<>();
    Set<Long> inJournal = new HashSet<>();
    long bundle = -1;
    Optional<byte[]> pack = Optional.empty();
    for (long record : new TreeSet<>(records)) {
      if (record / TilePath.WIDTH != bundle) {
        bundle = record / TilePath.WIDTH;
        pack = source.read(TilePath.sealed(bundle));
      }
      if (pack.isEmpty()) {
        inJournal.add(record);
      } else {
        put(found, record, pack.get());
      }
    }
    if (!inJournal.isEmpty()) {
      fromJournal(source, inJournal, found);
    }
    return found;
  }

  private static void put(Map<Long, Set<String>> found, long record, byte[] pack) {
    try {
      put(found, record, Opening.parse(fromPack(pack, (int) (record % TilePath.WIDTH))));
    } catch (FormatException e) {
      // Told where the record itself is checked.
    }
  }

  private static void put(Map<Long, Set<String>> found, long record, List<Opening> openings) {
    if (!openings.isEmpty()) {
      found.put(record, openings.stream().map(Opening::field).collect(Collectors.toSet()));
    }
  }

  private static void fromJournal(LogSource source, Set<Long> records, Map<Long, Set<String>> found)
      throws IOException {
    JournalView journal = new JournalView(source);
    try {
      for (Optional<JournalView.Records> batch = journal.next();
          batch.isPresent();
          batch = journal.next()) {
        long index = batch.get().firstIndex();
        for (Batch.Entry entry : batch.get().entries()) {
          if (records.contains(index)) {
            put(found, index, Opening.parse(entry.annex()));
          }
          index++;
        }
      }
    } catch (FormatException e) {
      // Told where the journal is checked.
    }
  }

  private static byte[] annex(LogSource source, long index) throws IOException, FormatException {
    Optional<byte[]> pack = source.read(TilePath.sealed(index / TilePath.WIDTH));
    return pack.isPresent()
        ? fromPack(pack.get(), (int) (index % TilePath.WIDTH))
        : fromJournal(source, index);
  }

  private static byte[] fromPack(byte[] pack, int slot) throws FormatException {
    ByteBuffer in = ByteBuffer.wrap(pack);
    for (int i = 0; ; i++) {
      int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw new FormatException("kept values: the pack ends before slot " + slot);
      }
      if (i == slot) {
        byte[] annex = new byte[length];
        in.get(annex);
        return annex;
      }
      in.position(in.position() + length);
    }
  }

  private static byte[] fromJournal(LogSource source, long index)
      throws IOException, FormatException {
    JournalView journal = new JournalView(source);
    for (Optional<JournalView.Records> batch = journal.next();
        batch.isPresent();
        batch = journal.next()) {
      List<Batch.Entry> entries = batch.get().entries();
      long at = index - batch.get().firstIndex();
      if (at >= 0 && at < entries.size()) {
        return entries.get((int) at).annex();
      }
    }
    return new byte[0];
  }
}
