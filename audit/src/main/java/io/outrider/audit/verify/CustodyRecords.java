package io.outrider.audit.verify;

import io.outrider.audit.format.Custody;
import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What people did to a log: holds, erasures, prunings.
public final class CustodyRecords {
  private static final Logger log = LoggerFactory.getLogger(CustodyRecords.class);

  private CustodyRecords() {}

  /// All of a log's. Where the folder has a list of them, each line is compared with the record it
  /// speaks of. Where it has none, or one that says what the log does not, all records are read:
  /// the log decides.
  public static Custody read(LogSource source) throws IOException, FormatException {
    Optional<byte[]> list = source.read(CustodyEvent.FILE);
    Optional<Custody> listed = list.isEmpty() ? Optional.empty() : listed(source, list.get());
    return listed.isPresent() ? listed.get() : search(source);
  }

  /// What the list says; empty if the log says otherwise.
  private static Optional<Custody> listed(LogSource source, byte[] list)
      throws IOException, FormatException {
    List<CustodyEvent> events;
    try {
      events = CustodyEvent.parse(list);
    } catch (FormatException e) {
      log.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("the audit log's list of holds is damaged; all its records are read instead");
      return Optional.empty();
    }
    for (CustodyEvent event : events) {
      Optional<Leaf> leaf = leaf(source, event.index());
      if (leaf.isPresent() && !CustodyEvent.of(leaf.get()).equals(Optional.of(event))) {
        log.atWarn()
            .addKeyValue("record", event.index())
            .log("the audit log's list of holds differs from a record; all are read instead");
        return Optional.empty();
      }
    }
    return Optional.of(Custody.of(events));
  }

  private static Custody search(LogSource source) throws IOException, FormatException {
    List<CustodyEvent> events = new ArrayList<>();
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
