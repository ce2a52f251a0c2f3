package io.outrider.audit.store;

import io.outrider.audit.format.Custody;
import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.EntryBundle;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.TilePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `state/custody`: the custody events of the log in a list of its own. If it is lost, or differs
/// from the records, it is made anew from them. Used by the publishing side.
final class CustodyFile {
  private static final Logger log = LoggerFactory.getLogger(CustodyFile.class);

  private final Folder folder;
  private @Nullable Custody custody;

  CustodyFile(Folder folder) {
    this.folder = folder;
  }

  private Path file() {
    return folder.at(CustodyEvent.FILE);
  }

  /// Begins the list of a new log.
  void create() throws IOException {
    folder.replace(file(), new byte[0]);
  }

  /// What is known.
  ///
  /// @param size records under the published checkpoint, which a lost list is made from
  Custody read(long size) throws IOException {
    Custody known = custody;
    if (known == null) {
      List<CustodyEvent> events = listed(size);
      if (events == null) {
        events = search(size);
        folder.replace(file(), CustodyEvent.list(events));
      }
      known = Custody.of(events);
      custody = known;
    }
    return known;
  }

  /// The list; null if there is none, or none that can be read.
  private @Nullable List<CustodyEvent> listed(long size) throws IOException {
    Optional<byte[]> list = folder.read(file());
    if (list.isEmpty()) {
      return null;
    }
    try {
      List<CustodyEvent> events = CustodyEvent.parse(list.get());
      for (CustodyEvent event : events) {
        if (event.index() < size && !isRecorded(event, size)) {
          throw new FormatException("differs from record " + event.index());
        }
      }
      return events;
    } catch (FormatException e) {
      log.atWarn()
          .addKeyValue("file", file())
          .addKeyValue("reason", e.getMessage())
          .log("the audit log's list of holds is damaged and is made anew from the records");
      return null;
    }
  }

  /// Adds an event, durably; fine if it is there.
  void add(CustodyEvent event, long size) throws IOException {
    Custody known = read(size);
    if (known.events().stream().noneMatch(e -> e.index() == event.index())) {
      known.add(event);
    }
    folder.replace(file(), CustodyEvent.list(known.events()));
  }

  /// Whether the record a line speaks of says the same, or is pruned.
  private boolean isRecorded(CustodyEvent event, long size) throws IOException, FormatException {
    long bundle = event.index() / TilePath.WIDTH;
    Optional<byte[]> leaves =
        folder.read(folder.at(TilePath.entries(bundle, TilePath.width(0, bundle, size))));
    if (leaves.isEmpty()) {
      return true;
    }
    byte[] leaf = EntryBundle.parse(leaves.get()).get((int) (event.index() % TilePath.WIDTH));
    return CustodyEvent.of(Leaf.parse(leaf)).equals(Optional.of(event));
  }

  private List<CustodyEvent> search(long size) throws IOException {
    List<CustodyEvent> events = new ArrayList<>();
    for (long bundle = 0; bundle * TilePath.WIDTH < size; bundle++) {
      int width = TilePath.width(0, bundle, size);
      Optional<byte[]> leaves = folder.read(folder.at(TilePath.entries(bundle, width)));
      if (leaves.isEmpty()) {
        continue; // pruned; what was said there is of no consequence any more
      }
      try {
        for (byte[] leaf : EntryBundle.parse(leaves.get())) {
          if (mayBeCustody(leaf)) {
            CustodyEvent.of(Leaf.parse(leaf)).ifPresent(events::add);
          }
        }
      } catch (FormatException e) {
        throw new DamagedLogException(TilePath.entries(bundle, width) + ": " + e.getMessage(), e);
      }
    }
    return events;
  }

  /// A look before the parser has one: events begin with `{"boot":"<16 digits>","ev":`.
  private static boolean mayBeCustody(byte[] leaf) {
    int at = 27;
    return leaf.length > at + 5
        && new String(leaf, at, 5, StandardCharsets.ISO_8859_1).equals("\"ev\":");
  }
}
