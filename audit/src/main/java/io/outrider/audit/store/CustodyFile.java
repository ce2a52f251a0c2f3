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

/// `state/custody`: the custody events of the log in a list of its own. If it is lost, it is made
/// anew from the records. Used by the publishing side.
final class CustodyFile {
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
      Optional<byte[]> list = folder.read(file());
      try {
        known = Custody.of(list.isPresent() ? CustodyEvent.parse(list.get()) : search(size));
      } catch (FormatException e) {
        throw new DamagedLogException(file() + ": " + e.getMessage(), e);
      }
      custody = known;
    }
    return known;
  }

  /// Adds an event, durably; fine if it is there.
  void add(CustodyEvent event, long size) throws IOException {
    Custody known = read(size);
    if (known.events().stream().noneMatch(e -> e.index() == event.index())) {
      known.add(event);
    }
    folder.replace(file(), CustodyEvent.list(known.events()));
  }

  private List<CustodyEvent> search(long size) throws IOException, FormatException {
    List<CustodyEvent> events = new ArrayList<>();
    for (long bundle = 0; bundle * TilePath.WIDTH < size; bundle++) {
      int width = TilePath.width(0, bundle, size);
      Optional<byte[]> leaves = folder.read(folder.at(TilePath.entries(bundle, width)));
      if (leaves.isEmpty()) {
        continue; // pruned; what was said there is of no consequence any more
      }
      for (byte[] leaf : EntryBundle.parse(leaves.get())) {
        if (mayBeCustody(leaf)) {
          CustodyEvent.of(Leaf.parse(leaf)).ifPresent(events::add);
        }
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
