package io.outrider.audit.store;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.Custody;
import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.EntryBundle;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.InboxNote;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.PolicyContent;
import io.outrider.audit.format.SegmentHeader;
import io.outrider.audit.format.Sha256;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.SignerKey;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.record.AuditRecord;
import io.outrider.audit.record.Event;
import io.outrider.audit.record.Outcome;
import io.outrider.audit.record.Payload;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log on disk, without threads of its own.
///
/// Three threads may work on it at once: one *writes* ([#add], [#write], [#sync], [#rollback]), one
/// *publishes* ([#publish]), and one *prepares* ([#prepareSegment], [#spareNeeded]). After any
/// exception but [NoRoomException] from the first two, all must stop: a failed flush may have lost
/// pages the kernel now believes clean, so what is on disk is known to recovery only.
public final class LogStore implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(LogStore.class);

  private final Folder folder;
  private final SignerKey key;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final long openedAt;
  private final Closeable lock;
  private final Segments segments;
  private final Journal journal;
  private final JournalReader reader;
  private final TreeFiles tree;
  private final Publisher publisher;
  private final CustodyFile custody;
  private final Eraser eraser;
  private final Deque<Recovery.SegmentRange> retained;
  private final NoteFiles notes;
  private final Folder policies;
  private final Map<String, Leaf> recorded;
  private volatile SyncedTree synced;

  /// What a log is opened with.
  ///
  /// @param origin null: keep the one it has, or make one up
  /// @param nanos a monotonic clock
  public record Config(
      Path directory,
      @Nullable String origin,
      int segmentBytes,
      InstantSource clock,
      LongSupplier nanos,
      FileOps files) {}

  /// Opens or makes the log: lock, key, recovery, and one record for each thing recovery has to
  /// say.
  ///
  /// @throws LogInUseException if another process has it open
  /// @throws DamagedLogException if going on would hide damage
  public static LogStore open(Config config) throws IOException {
    FileOps files = config.files();
    files.createDirectories(config.directory());
    restrict(config);
    Folder folder = new Folder(files, config.directory());
    Closeable lock = lock(files, folder);
    try {
      LogStore store = new LogStore(config, folder, lock);
      try {
        store.publish();
        return store;
      } catch (IOException | RuntimeException e) {
        store.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /// A folder that somebody made for us, such as a mounted volume, may not be ours to change; that
  /// is worth a word, not a refusal.
  private static void restrict(Config config) {
    try {
      config.files().restrict(config.directory());
    } catch (IOException | UnsupportedOperationException e) {
      log.atWarn()
          .addKeyValue("folder", config.directory())
          .setCause(e)
          .log("audit folder cannot be restricted to its owner; others may read or change the log");
    }
  }

  private static Closeable lock(FileOps files, Folder folder) throws IOException {
    try {
      return files.lock(folder.lock());
    } catch (LogInUseException e) {
      throw new LogInUseException(
          folder.lock() + ": " + e.getMessage() + " (expected: one process per audit log)", e);
    }
  }

  private LogStore(Config config, Folder folder, Closeable lock) throws IOException {
    this.folder = folder;
    this.lock = lock;
    this.clock = config.clock();
    this.nanos = config.nanos();
    this.openedAt = nanos.getAsLong();
    this.key = Keys.load(folder, config.origin());
    byte[] logId =
        Arrays.copyOf(
            Sha256.of(key.verifier().toString().getBytes(StandardCharsets.UTF_8)),
            SegmentHeader.LOG_ID_BYTES);
    this.policies = new Folder(config.files(), config.directory());
    this.custody = new CustodyFile(folder);
    this.eraser = new Eraser(folder);
    this.notes = new NoteFiles(config.files(), config.directory());
    Recovery.Found found = new Recovery(folder, logId, notes.ids()).run();
    this.recorded = found.recorded();
    this.publisher = new Publisher(folder, key);
    publisher.load();
    this.tree = new TreeFiles(folder);
    this.retained = new ArrayDeque<>(found.segments());
    this.reader = catchUp(found);
    long lastOrdinal = Math.max(found.endOrdinal(), found.spare() - 1);
    this.segments =
        new Segments(
            folder,
            logId,
            config.segmentBytes(),
            lastOrdinal + 1,
            found.spare() != 0,
            isClean(found));
    this.journal =
        new Journal(
            segments,
            new Journal.Position(
                resume(found),
                found.segments().isEmpty() ? 0 : found.segments().getLast().first(),
                found.endOffset(),
                found.lastBatch()),
            tree.edge(),
            found.open(),
            new SecureRandom().nextLong());
    this.synced = journal.tree();
    if (!notes.ids().isEmpty()) {
      // A note may ask for something to be erased that a crash kept the last process from erasing.
      segments.scrub();
    }
    try {
      sayWhatWasFound(found);
    } catch (IOException | RuntimeException e) {
      journal.close();
      reader.close();
      throw e;
    }
  }

  /// Makes this folder the one in which the log is written, for good and not for a command only.
  public void settle() throws IOException {
    if (new Place(folder).claim()) {
      log.atWarn()
          .log(
              "the audit log's folder is a copy, or was put back: it is written here from now on;"
                  + " make sure that it is not written elsewhere, too");
    }
  }

  private boolean isClean(Recovery.Found found) throws IOException {
    if (found.endOrdinal() == 0) {
      return false;
    }
    Path segment = folder.segment(found.endOrdinal());
    ByteBuffer head = ByteBuffer.allocate(SegmentHeader.SIZE);
    try (FileOps.Handle file = folder.files().open(segment, FileOps.Mode.READ)) {
      file.read(head, 0);
      return !SegmentHeader.parse(head.flip()).reused();
    } catch (FormatException e) {
      throw new DamagedLogException(segment + ": " + e.getMessage(), e);
    }
  }

  private Segments.@Nullable Segment resume(Recovery.Found found) throws IOException {
    if (found.endOrdinal() == 0) {
      return null;
    }
    return new Segments.Segment(
        found.endOrdinal(),
        folder.files().open(folder.segment(found.endOrdinal()), FileOps.Mode.WRITE));
  }

  /// Brings the tree up to the end of the journal and checks that what was signed before is a
  /// beginning of it.
  private JournalReader catchUp(Recovery.Found found) throws IOException {
    Checkpoint signed = publisher.signed();
    long size = signed == null ? 0 : signed.size();
    if (size > found.nextIndex()) {
      throw new DamagedLogException(
          "journal: "
              + found.nextIndex()
              + " records (expected: at least "
              + size
              + ", which were signed; the folder was rolled back, or the journal lost its end)");
    }
    long start = size / TilePath.WIDTH * TilePath.WIDTH;
    if (!retained.isEmpty() && retained.getFirst().first() > start) {
      throw new DamagedLogException(
          "journal: begins at record "
              + retained.getFirst().first()
              + " (expected: "
              + start
              + " or before)");
    }
    tree.restore(start);
    JournalReader from =
        new JournalReader(folder, retained.isEmpty() ? 1 : retained.getFirst().ordinal());
    integrate(from, size);
    if (signed != null && !Arrays.equals(tree.root(), signed.root())) {
      throw new DamagedLogException(
          "tree of size "
              + size
              + ": its root is not the one that was signed; records or tiles were changed");
    }
    integrate(from, found.nextIndex());
    return from;
  }

  private void sayWhatWasFound(Recovery.Found found) throws IOException {
    if (found.nextIndex() == 0) {
      custody.create();
      addNow(
          event(
              Event.Kind.GENESIS,
              Map.of(
                  "format",
                  "1",
                  "origin",
                  key.verifier().name(),
                  "vkey",
                  key.verifier().toString())));
    }
    if (!found.endedInOrder()) {
      addNow(event(Event.Kind.RECOVERY, recoveryFacts(found)));
    }
    // Even a process that stopped in order may have left calls behind that it gave up waiting for.
    for (Map.Entry<String, Long> call : found.open().entrySet()) {
      addNow(indeterminate(call.getKey(), call.getValue()));
    }
    write();
    sync();
  }

  private static Map<String, String> recoveryFacts(Recovery.Found found) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("records", Long.toString(found.nextIndex()));
    facts.put("open_calls", Integer.toString(found.open().size()));
    facts.put(
        "truncated_bytes",
        Long.toString(found.torn().stream().mapToLong(Recovery.Torn::bytes).sum()));
    if (!found.torn().isEmpty()) {
      Recovery.Torn first = found.torn().getFirst();
      facts.put("truncated_at", SegmentHeader.fileName(first.ordinal()) + ":" + first.offset());
      facts.put("quarantine", first.ordinal() + "-" + first.offset() + ".bin");
    }
    return facts;
  }

  private Outcome indeterminate(String callId, long intent) {
    return new Outcome(
        callId,
        clock.instant(),
        OptionalLong.of(intent),
        Outcome.INDETERMINATE,
        0,
        0,
        false,
        OptionalInt.empty(),
        Payload.NONE,
        List.of(),
        "the process ended before the call did");
  }

  private Event event(Event.Kind kind, Map<String, String> facts) {
    return new Event(kind, clock.instant(), facts);
  }

  private void addNow(AuditRecord record) throws IOException {
    if (journal.add(record, nanos.getAsLong() - openedAt) == Added.FULL) {
      write();
      journal.add(record, nanos.getAsLong() - openedAt);
    }
  }

  /// The public half of the signing key.
  public VerifierKey publicKey() {
    return key.verifier();
  }

  /// What became of a record that was added to the batch.
  public enum Added {
    IN,
    /// The batch is full: write it, then add again.
    FULL,
    /// Too many calls were let through and have no outcome yet. The record was not taken.
    TOO_MANY_OPEN
  }

  /// Adds a record to the batch; its index is what [#nextIndex] said before.
  public Added add(AuditRecord record) {
    return journal.add(record, nanos.getAsLong() - openedAt);
  }

  public long nextIndex() {
    return journal.nextIndex();
  }

  /// Writes the batch to the journal.
  ///
  /// @throws NoRoomException if nothing was written for want of space; the batch is still there,
  ///   for another try or for [#rollback]
  public void write() throws IOException {
    journal.write();
  }

  /// Makes all that was written durable, and lets the publishing side see it.
  public void sync() throws IOException {
    journal.sync();
    synced = journal.tree();
  }

  /// Forgets the records added since the last write.
  public void rollback() {
    journal.rollback();
  }

  /// Keeps the content of policies, durably, so that records may name them. Any thread may call it.
  public void keepPolicy(byte[] content) throws IOException {
    String digest = PolicyContent.digest(content);
    if (content.length > PolicyContent.MAX_BYTES) {
      log.atWarn()
          .addKeyValue("digest", digest)
          .addKeyValue("bytes", content.length)
          .addKeyValue("most", PolicyContent.MAX_BYTES)
          .log("the policies are too large to be kept in the audit log; verify will miss them");
      return;
    }
    synchronized (policies) {
      Path file = policies.at(PolicyContent.path(digest).orElseThrow());
      if (!Arrays.equals(policies.read(file).orElse(null), content)) {
        policies.replace(file, content);
      }
    }
  }

  /// The inbox. Used by the publishing side.
  public NoteFiles notes() {
    return notes;
  }

  /// The record of a note that was still in the inbox when the log was opened: the last process
  /// died between the two.
  public Optional<Leaf> recorded(InboxNote note) {
    return Optional.ofNullable(recorded.get(note.id()));
  }

  /// What people did to the log so far. Used by the publishing side.
  public Custody custody() throws IOException {
    return custody.read(publishedSize());
  }

  /// Remembers a custody event whose record is durable and whose work is done.
  public void remember(CustodyEvent event) throws IOException {
    custody.add(event, publishedSize());
  }

  /// Records before this one are in full bundles under a checkpoint.
  public long fullSize() {
    return publishedSize() / TilePath.WIDTH * TilePath.WIDTH;
  }

  /// Whether all records of a full bundle are older than `time`; false if it is not there.
  public boolean isOlder(long bundle, Instant time) throws IOException {
    Path file = folder.at(TilePath.entries(bundle, TilePath.WIDTH));
    Optional<byte[]> content = folder.read(file);
    try {
      return content.isPresent() && EntryBundle.isOlder(content.get(), time);
    } catch (FormatException e) {
      throw new DamagedLogException(file + ": " + e.getMessage(), e);
    }
  }

  /// To be called before the record of an erasure is written: that record, and all that follow, go
  /// into a segment that holds none of the records before `end`, neither now nor from an earlier
  /// life of its file; another erasure may have begun it. Until [#endErasing] no segment has
  /// another turn.
  public void beginErasing(long end) throws IOException {
    // In this order: a segment that is taken from now on is clean, and begins later.
    segments.scrub();
    if (!segments.isClean() || journal.first() < end) {
      journal.startFresh();
    }
  }

  /// Lets segments have another turn again.
  public void endErasing() {
    segments.reuse();
  }

  /// Erases values of a record, wherever this folder has them. May be repeated after a crash. Call
  /// once the record that says so is durable.
  ///
  /// @param which the fields whose values go
  public void erase(long index, Predicate<String> which) throws IOException {
    segments.scrub();
    eraser.erase(index, which, journal.ordinal());
    tree.erase(index, which);
    reader.reopen();
  }

  /// Drops records before `minimum`, a multiple of 256: bundles, values, and what the journal has.
  /// May be repeated after a crash. Call once a checkpoint covers the record that says so.
  ///
  /// @param from where the last call ended, or where the log began before
  /// @param most bundles to drop at most
  /// @return where this call ended; at `minimum` all is done
  public Dropped drop(long from, long minimum, int most) throws IOException {
    long first = from / TilePath.WIDTH;
    long end = Math.min(minimum / TilePath.WIDTH, first + most);
    long freed = eraser.dropBundles(first, end);
    if (end == minimum / TilePath.WIDTH) {
      eraser.dropBatches(Math.min(minimum, fullSize()), journal.ordinal());
      reader.reopen();
    }
    return new Dropped(end * TilePath.WIDTH, freed);
  }

  /// How far dropping came.
  ///
  /// @param next where to go on
  public record Dropped(long next, long bytes) {}

  /// Records that are on disk.
  public long syncedSize() {
    return synced.size();
  }

  /// Last checkpoint's size; 0 before the first.
  public long publishedSize() {
    Checkpoint signed = publisher.signed();
    return signed == null ? 0 : signed.size();
  }

  /// Whether so much of the journal is full and not published that it should be published soon:
  /// then its files can serve again, and the next start has little to catch up with. Asked by the
  /// publishing side.
  public boolean isBehind() {
    return journal.ordinal() - reader.ordinal() >= Segments.MAX_KEPT && synced.size() > tree.size();
  }

  /// Brings the tree up to what is synced, and signs and publishes a checkpoint if there is
  /// anything new.
  ///
  /// The leaves are hashed again, from the bytes as they read back from the journal; only if that
  /// gives the root the writer computed from memory is anything signed.
  ///
  /// @return whether a checkpoint was published
  public boolean publish() throws IOException {
    SyncedTree target = synced;
    long before = publishedSize();
    integrate(reader, target.size());
    byte[] root = tree.root();
    if (!Arrays.equals(root, target.root())) {
      throw new DamagedLogException(
          "tree of size "
              + target.size()
              + ": the journal does not read back as it was written; nothing was signed");
    }
    boolean published = folder.files().exists(folder.checkpoint());
    if (target.size() == before && published) {
      return false;
    }
    tree.flush();
    publisher.publish(target.size(), root, clock.instant());
    tree.dropPartials(before);
    dropSegments(target.size() / TilePath.WIDTH * TilePath.WIDTH);
    return true;
  }

  private void integrate(JournalReader from, long target) throws IOException {
    while (tree.size() < target) {
      long first =
          from.next((index, bytes, offset, leaf, annex) -> {
            if (index == tree.size()) {
              tree.add(bytes, offset, leaf, annex);
            }
          });
      if (retained.isEmpty() || retained.getLast().ordinal() < from.ordinal()) {
        retained.add(new Recovery.SegmentRange(from.ordinal(), first, first));
      }
      Recovery.SegmentRange last = retained.getLast();
      if (last.ordinal() == from.ordinal() && last.end() < tree.size()) {
        retained.removeLast();
        retained.add(new Recovery.SegmentRange(last.ordinal(), last.first(), tree.size()));
      }
    }
  }

  /// Removes segments whose records are all in full bundles under a published checkpoint.
  private void dropSegments(long before) throws IOException {
    List<Long> published = new ArrayList<>();
    while (retained.size() > 1
        && retained.getFirst().end() <= before
        && retained.getFirst().ordinal() < reader.ordinal()) {
      long ordinal = retained.removeFirst().ordinal();
      requireSegment(ordinal);
      published.add(ordinal);
    }
    if (!published.isEmpty()) {
      segments.retire(published);
    }
  }

  /// Looks whether the files that are needed still have their names: the segment being written, and
  /// those not published yet. Somebody who deletes them stops nothing and loses everything, unless
  /// somebody looks. Called by the publishing side.
  ///
  /// @throws DamagedLogException if one is gone
  public void checkInPlace() throws DamagedLogException {
    long last = journal.ordinal();
    for (long i = retained.isEmpty() ? last : retained.getFirst().ordinal(); i <= last; i++) {
      if (i > 0) {
        requireSegment(i);
      }
    }
    if (publishedSize() > 0 && !folder.files().exists(folder.signed())) {
      throw new DamagedLogException(folder.signed() + ": deleted while the log was open");
    }
  }

  private void requireSegment(long ordinal) throws DamagedLogException {
    if (!folder.files().exists(folder.segment(ordinal))) {
      throw new DamagedLogException(
          folder.segment(ordinal)
              + ": deleted while it was needed (expected: nobody touches the audit folder)");
    }
  }

  /// Keeps a checkpoint that witnesses cosigned. Called by the publishing side.
  public void cosigned(SignedNote note) throws IOException {
    try {
      SignedNote.open(note.bytes(), key.verifier());
      publisher.cosigned(note, clock.instant());
    } catch (FormatException e) {
      log.atWarn().setCause(e).log("a cosigned checkpoint is not one of this log");
    }
  }

  /// The note that was published last; null before the first.
  public @Nullable Checkpoint published() {
    return publisher.signed();
  }

  /// Whether the writing side has taken the segment that was kept ready.
  public boolean spareNeeded() {
    return !segments.ready();
  }

  /// Makes the next journal segment ahead of need.
  public void prepareSegment() throws IOException {
    segments.prepare();
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      reader.close();
      journal.close();
      segments.close();
      publisher.close();
    }
  }
}
