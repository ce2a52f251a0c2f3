package io.outrider.audit.verify;

import io.outrider.audit.format.Custody;
import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What people did to a log: holds, erasures, prunings.
public final class CustodyRecords {
  private CustodyRecords() {}

  /// All of a log's. Where the folder has a list of them, each line is compared with the record it
  /// speaks of; else all records are read.
  ///
  /// @throws FormatException if the list says what the log does not
  public static Custody read(LogSource source) throws IOException, FormatException {
    Optional<byte[]> list = source.read(CustodyEvent.FILE);
    List<CustodyEvent> events = new ArrayList<>();
    if (list.isEmpty()) {
      AuditQuery.run(
          source,
          0,
          Filter.ALL,
          entry -> {
            CustodyEvent.of(entry.leaf()).ifPresent(events::add);
            return true;
          });
      return Custody.of(events);
    }
    for (CustodyEvent event : CustodyEvent.parse(list.get())) {
      Optional<Leaf> leaf = leaf(source, event.index());
      if (leaf.isPresent() && !CustodyEvent.of(leaf.get()).equals(Optional.of(event))) {
        throw new FormatException(
            CustodyEvent.FILE + ": differs from record " + event.index() + ", of which it speaks");
      }
      events.add(event);
    }
    return Custody.of(events);
  }

  /// One record; empty if it was dropped, or is not there yet.
  public static Optional<Leaf> leaf(LogSource source, long index)
      throws IOException, FormatException {
    List<Leaf> found = new ArrayList<>();
    AuditQuery.run(
        source,
        index,
        Filter.ALL,
        entry -> {
          if (entry.index() == index) {
            found.add(entry.leaf());
          }
          return false;
        });
    return found.stream().findFirst();
  }
}
