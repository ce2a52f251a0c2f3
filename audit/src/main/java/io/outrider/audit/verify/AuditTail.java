package io.outrider.audit.verify;

import io.outrider.audit.format.Batch;
import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.TilePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads records in order from any place to the end, and further as the log grows, while another
/// process writes it. Begins where the log begins, if older records were dropped. Checks nothing
/// but that the order is dense; [AuditVerifier] does the rest. Not thread-safe.
public final class AuditTail {
  private final LogSource source;
  private final LogFiles files;
  private JournalView journal;
  private long next;
  private boolean begun;

  /// @param from the first record wanted
  public AuditTail(LogSource source, long from) {
    if (from < 0) {
      throw new IllegalArgumentException("from: " + from + " (expected: >= 0)");
    }
    this.source = source;
    this.files = new LogFiles(source);
    this.journal = new JournalView(source);
    this.next = from;
  }

  /// The last `count` records and what follows them.
  public static AuditTail last(LogSource source, int count) throws IOException, FormatException {
    long end = published(source);
    JournalView journal = new JournalView(source);
    for (Optional<JournalView.Records> batch = journal.next();
        batch.isPresent();
        batch = journal.next()) {
      end = Math.max(end, batch.get().firstIndex() + batch.get().entries().size());
    }
    return new AuditTail(source, Math.max(0, end - count));
  }

  /// Index of the record that will come next.
  public long position() {
    return next;
  }

  /// Some of the records that are there now and were not returned before; empty if there are none
  /// yet.
  ///
  /// @throws FormatException if what is there is not a log
  public List<LogEntry> poll() throws IOException, FormatException {
    long size = published(source);
    return next < size ? bundle(size) : journal();
  }

  /// Size of the published checkpoint, unchecked; 0 if there is none.
  static long published(LogSource source) throws IOException, FormatException {
    Optional<byte[]> note = source.read(LogFiles.CHECKPOINT);
    return note.isEmpty() ? 0 : Checkpoint.parse(SignedNote.parse(note.get()).text()).size();
  }

  private List<LogEntry> bundle(long size) throws IOException, FormatException {
    if (!begun) {
      begun = true;
      next = Math.max(next, files.begin(next / TilePath.WIDTH, size) * TilePath.WIDTH);
    }
    long index = next / TilePath.WIDTH;
    List<byte[]> leaves = files.bundle(index, TilePath.width(0, index, size));
    List<LogEntry> entries = new ArrayList<>();
    for (int i = (int) (next % TilePath.WIDTH); i < leaves.size(); i++) {
      entries.add(new LogEntry(next++, Leaf.parse(leaves.get(i)), true));
    }
    if (entries.isEmpty()) {
      throw new FormatException("bundle " + index + ": ends before record " + next);
    }
    return entries;
  }

  private List<LogEntry> journal() throws IOException, FormatException {
    List<LogEntry> entries = new ArrayList<>();
    while (entries.isEmpty()) {
      Optional<JournalView.Records> batch = journal.next();
      if (batch.isEmpty()) {
        return entries;
      }
      long index = batch.get().firstIndex();
      if (index > next) {
        // The journal dropped records while we read; by now they are in bundles. Begin again from
        // there.
        journal = new JournalView(source);
        return next < published(source) ? poll() : entries;
      }
      for (Batch.Entry entry : batch.get().entries()) {
        if (index++ == next) {
          entries.add(new LogEntry(next++, Leaf.parse(entry.leaf()), false));
        }
      }
    }
    return entries;
  }
}
