package io.outrider.app.cli;

import io.outrider.audit.format.Custody;
import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.InboxNote;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.record.Event;
import io.outrider.audit.verify.CustodyRecords;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.SafeText;
import java.io.IOException;
import java.util.Optional;

/// What was dropped from the beginning of a log, in the words of the records that say so.
final class PrunedRecords {
  private final LogSource source;
  private final Custody custody;

  private PrunedRecords(LogSource source, Custody custody) {
    this.source = source;
    this.custody = custody;
  }

  static PrunedRecords of(LogSource source) throws IOException, FormatException {
    return new PrunedRecords(source, CustodyRecords.read(source));
  }

  /// Records before this one were dropped; 0 if none were.
  long minimum() {
    return custody.minimum();
  }

  /// When, by whom and by which record a record was dropped; empty if it was not.
  Optional<String> what(long index) throws IOException, FormatException {
    for (CustodyEvent event : custody.events()) {
      if (event.kind() == Event.Kind.PRUNE
          && event.wasDone()
          && event.number(CustodyEvent.MINIMUM).orElse(0) > index) {
        return Optional.of(
            "records before "
                + event.number(CustodyEvent.MINIMUM).orElse(0)
                + " were pruned on "
                + time(source, event)
                + " by record "
                + event.index()
                + " (\""
                + SafeText.of(event.facts().getOrDefault(CustodyEvent.REASON, ""), 200)
                + "\", by "
                + SafeText.of(event.facts().getOrDefault(CustodyEvent.BY, ""), 80)
                + "); their hashes are there, they are not");
      }
    }
    return Optional.empty();
  }

  /// When the writer recorded an event; where that record was dropped, when it was asked for.
  static String time(LogSource source, CustodyEvent event) throws IOException, FormatException {
    Optional<Leaf> leaf = CustodyRecords.leaf(source, event.index());
    return SafeText.of(
        leaf.flatMap(record -> record.text("t"))
            .orElse(event.facts().getOrDefault(InboxNote.NOTED, "(unknown)")),
        30);
  }
}
