package io.outrider.review.log;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.EntryBundle;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.verify.AuditTail;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads records by their index, in any order, keeping the bundles it read last. What no checkpoint
/// covers yet comes from the journal. Not thread-safe; cheap to make.
public final class Records {
  /// Some megabytes at most: a bundle of long records has 16, a usual one 0.2.
  private static final int CACHED = 16;

  /// Records of the journal that are kept around one that was asked for.
  private static final int NEAR = 4_096;

  private final LogSource source;
  private final Recent recent;
  private final Map<Long, List<byte[]>> bundles = new LinkedHashMap<>();
  private final Map<Long, LogEntry> journal = new LinkedHashMap<>();
  private long published = -1;

  public Records(LogSource source) {
    this(source, new Recent());
  }

  /// Looks among `recent` before it goes through the journal.
  public Records(LogSource source, Recent recent) {
    this.source = source;
    this.recent = recent;
  }

  /// The checkpoint that is published, its signature unchecked; empty if there is none.
  public static Optional<Checkpoint> checkpoint(LogSource source)
      throws IOException, FormatException {
    Optional<byte[]> note = source.read("checkpoint");
    return note.isEmpty()
        ? Optional.empty()
        : Optional.of(Checkpoint.parse(SignedNote.parse(note.get()).text()));
  }

  /// The first record that is there; later than 0 if older ones were dropped.
  public static long begin(LogSource source) throws IOException, FormatException {
    if (source.read(TilePath.entries(0, TilePath.WIDTH), 0, 1).isPresent()) {
      return 0;
    }
    List<LogEntry> first = new AuditTail(source, 0).poll();
    return first.isEmpty() ? 0 : first.getFirst().index();
  }

  /// The record at `index`; empty if the log does not reach so far.
  public Optional<LogEntry> read(long index) throws IOException, FormatException {
    if (index >= published) {
      published = checkpoint(source).map(Checkpoint::size).orElse(0L);
    }
    if (index >= published) {
      return fromJournal(index);
    }
    long bundle = index / TilePath.WIDTH;
    List<byte[]> leaves = bundles.get(bundle);
    int slot = (int) (index % TilePath.WIDTH);
    if (leaves == null || slot >= leaves.size()) {
      leaves = bundle(bundle);
      bundles.put(bundle, leaves);
      if (bundles.size() > CACHED) {
        bundles.remove(bundles.keySet().iterator().next());
      }
    }
    if (slot >= leaves.size()) {
      throw new FormatException("bundle " + bundle + ": ends before record " + index);
    }
    return Optional.of(new LogEntry(index, Leaf.parse(leaves.get(slot)), true));
  }

  private List<byte[]> bundle(long bundle) throws IOException, FormatException {
    int width = TilePath.width(0, bundle, published);
    Optional<byte[]> bytes = source.read(TilePath.entries(bundle, width));
    if (bytes.isEmpty() && width < TilePath.WIDTH) {
      // The log grew meanwhile.
      bytes = source.read(TilePath.entries(bundle, TilePath.WIDTH));
    }
    if (bytes.isEmpty()) {
      published = checkpoint(source).map(Checkpoint::size).orElse(0L);
      bytes = source.read(TilePath.entries(bundle, TilePath.width(0, bundle, published)));
    }
    return EntryBundle.parse(
        bytes.orElseThrow(
            () -> new IOException(TilePath.entries(bundle, TilePath.WIDTH) + ": missing")));
  }

  private Optional<LogEntry> fromJournal(long index) throws IOException, FormatException {
    LogEntry known = recent.get(index);
    if (known == null) {
      known = journal.get(index);
    }
    if (known != null) {
      return Optional.of(known);
    }
    journal.clear();
    AuditTail tail = new AuditTail(source, Math.max(published, 0));
    for (List<LogEntry> entries = tail.poll(); !entries.isEmpty(); entries = tail.poll()) {
      for (LogEntry entry : entries) {
        if (Math.abs(entry.index() - index) <= NEAR) {
          journal.put(entry.index(), entry);
        }
      }
    }
    return Optional.ofNullable(journal.get(index));
  }
}
