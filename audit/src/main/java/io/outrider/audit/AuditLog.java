package io.outrider.audit;

import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.record.AuditRecord;
import io.outrider.audit.store.LogStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The audit log of one Outrider process. Thread-safe; one process per folder.
///
/// A record passes four moments. *Queued*: it is in memory and dies with the process. *Written*: it
/// is in the page cache and dies with the machine. *Synced*: `fdatasync` has returned and only the
/// disk itself can lose it; under [Durability#GROUP] this is when the listener hears of it.
/// *Checkpointed*: a signed checkpoint covers it (about a second later), and from then on a change
/// to it, or its absence, can be shown to others.
///
/// The first I/O error is final: a flush that failed once may report success when repeated, with
/// the data gone. From then on every append is refused until a restart, which recovers.
public final class AuditLog implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

  /// How often someone looks whether the disk still answers; a quarter of what a person would call
  /// slow.
  static final Duration WATCH_INTERVAL = Duration.ofMillis(50);

  private final LogStore store;
  private final Intake intake;
  private final PublishLoop publisher;
  private final SpareLoop spares;
  private final boolean waitForSync;
  private final Thread writerThread;
  private final Thread publisherThread;
  private final Thread sparesThread;
  private final Thread watchThread;
  private boolean closed;

  private AuditLog(AuditOptions options, LogStore store, LongSupplier nanos) throws IOException {
    this.store = store;
    this.waitForSync = options.durability() == Durability.GROUP;
    this.intake =
        new Intake(options.maxQueued(), options.maxQueuedBytes(), options.stallLimit(), nanos);
    this.publisher =
        new PublishLoop(
            store,
            intake,
            options.checkpointInterval(),
            options.clock(),
            (event, listener) -> appendDurably(event, Runnable::run, listener),
            options.retention() == null
                ? null
                : new Retention(
                    store, options.retention(), options.unsent(), options.clock(), nanos),
            this::latch);
    this.spares = new SpareLoop(store, intake, this::latch);
    CommitLoop writer =
        new CommitLoop(
            store,
            intake,
            new Chores(options.clock(), nanos, options.heartbeatInterval()),
            options,
            nanos,
            this::segmentTaken,
            this::latch);
    writer.start();
    this.writerThread = thread("writer", writer);
    this.publisherThread = thread("publisher", publisher);
    this.sparesThread = thread("spares", spares);
    this.watchThread = thread("watch", this::watch);
    intake.writer(writerThread);
    publisher.thread(publisherThread);
    spares.thread(sparesThread);
    writerThread.start();
    publisherThread.start();
    sparesThread.start();
    watchThread.start();
  }

  /// Opens or creates the log: checks the folder's rights, takes the lock, makes the signing key on
  /// first use, repairs a torn tail, closes calls a crash left open as `indeterminate`, and records
  /// the start.
  ///
  /// @throws AuditException if the log cannot be opened, or if going on would hide damage
  public static AuditLog open(AuditOptions options) throws AuditException {
    return recover(options).start(options.startFields(), new byte[0]);
  }

  /// The first and longer part of [#open]: all but the record of the start. For a caller that can
  /// do something else meanwhile, and learns only then what the record should say.
  ///
  /// @throws AuditException if the log cannot be opened, or if going on would hide damage
  public static Recovered recover(AuditOptions options) throws AuditException {
    LongSupplier nanos = System::nanoTime;
    try {
      return new Recovered(options, LogStore.open(options.store(nanos)), nanos);
    } catch (IOException e) {
      throw failed(options, e);
    }
  }

  private static AuditException failed(AuditOptions options, IOException e) {
    return new AuditException("audit log in " + options.directory() + ": " + e.getMessage(), e);
  }

  /// A log that is locked, repaired and ready, and has recorded nothing of its own yet. Either
  /// [#start] or [#close] ends it. For one thread.
  public static final class Recovered implements AutoCloseable {
    private final AuditOptions options;
    private final LogStore store;
    private final LongSupplier nanos;

    private Recovered(AuditOptions options, LogStore store, LongSupplier nanos) {
      this.options = options;
      this.store = store;
      this.nanos = nanos;
    }

    /// Records the start and begins to take records.
    ///
    /// @param fields what the record of the start says besides what the log knows itself
    /// @param policy content of the policies that `fields` name, kept before the record is written;
    ///   as `docs/audit-format.md` lays it out; empty for none
    /// @throws AuditException if that cannot be written; the log is closed then
    public AuditLog start(Map<String, String> fields, byte[] policy) throws AuditException {
      try {
        store.settle();
        if (policy.length > 0) {
          store.keepPolicy(policy);
        }
        return new AuditLog(options.withStartFields(fields), store, nanos);
      } catch (IOException e) {
        close();
        throw failed(options, e);
      }
    }

    /// Gives the lock back.
    @Override
    public void close() {
      closeQuietly(store);
    }
  }

  private static Thread thread(String name, Runnable task) {
    // Platform threads: they hold file channels, which an interrupt would close, and nobody else
    // knows them.
    return Thread.ofPlatform().name("outrider-audit-" + name).daemon(true).unstarted(task);
  }

  /// Hands over one record. Never blocks and never throws for a reason of the log's own.
  ///
  /// @param ackOn where `listener` is told; all acknowledgements of one group commit for one
  ///   executor come in one task
  /// @param listener told exactly once
  public void append(AuditRecord record, Executor ackOn, AppendListener listener) {
    append(record, ackOn, listener, waitForSync, waitForSync);
  }

  /// Hands over one record that holds nobody up, such as how a call ended. Under [Durability#GROUP]
  /// it goes to the disk with the next record that does, or a few milliseconds later on its own,
  /// and so costs no flush while there is traffic. Otherwise as [#append].
  public void appendLater(AuditRecord record, Executor ackOn, AppendListener listener) {
    append(record, ackOn, listener, waitForSync, false);
  }

  /// Hands over one record whose listener is told when it is on disk, in [Durability#ASYNC] too.
  /// Otherwise as [#append].
  public void appendDurably(AuditRecord record, Executor ackOn, AppendListener listener) {
    append(record, ackOn, listener, true, true);
  }

  private void append(
      AuditRecord record,
      Executor ackOn,
      AppendListener listener,
      boolean awaited,
      boolean urgent) {
    AuditUnavailable refusal = intake.offer(new Pending(record, ackOn, listener, awaited, urgent));
    if (refusal != null) {
      Pending.run(ackOn, () -> Pending.tell(listener, refusal));
    } else if (!awaited) {
      Pending.run(ackOn, () -> Pending.tell(listener, new Receipt(Receipt.UNASSIGNED)));
    }
  }

  /// Keeps the content of policies, durably; to be called before records name them.
  ///
  /// @throws IOException if they could not be kept
  public void keepPolicy(byte[] content) throws IOException {
    store.keepPolicy(content);
  }

  /// How the log is now.
  public Health health() {
    Health.State state = Health.State.OK;
    String reason = null;
    AuditUnavailable ended = intake.ended();
    AuditUnavailable trouble = intake.trouble();
    if (ended != null) {
      state = Health.State.FAILED;
      reason = ended.detail();
    } else if (trouble != null) {
      state = Health.State.DEGRADED;
      reason = trouble.detail();
    } else if (spares.missing() != null) {
      state = Health.State.DEGRADED;
      reason = spares.missing();
    }
    return new Health(
        state,
        reason,
        store.syncedSize(),
        store.publishedSize(),
        publisher.publishedAt(),
        intake.depth(),
        intake.refused());
  }

  /// Keeps what witnesses cosigned, and publishes their signatures while the checkpoint is still
  /// the newest. Returns at once.
  ///
  /// @param note a checkpoint of this log; another is ignored
  public void cosigned(SignedNote note) {
    publisher.cosigned(note);
  }

  /// The key with which anyone can check this log.
  public VerifierKey publicKey() {
    return store.publicKey();
  }

  /// Refuses new appends, writes what is queued, records the stop and signs a last checkpoint.
  /// Blocks until done.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    intake.beginClosing();
    join(writerThread);
    spares.beginClosing();
    join(sparesThread);
    publisher.beginClosing();
    join(publisherThread);
    LockSupport.unpark(watchThread);
    join(watchThread);
    closeQuietly(store);
  }

  private void segmentTaken() {
    spares.wake();
    publisher.wake();
  }

  private void latch(AuditUnavailable reason) {
    intake.end(reason);
    intake.wake();
    publisher.wake();
    spares.wake();
  }

  private void watch() {
    while (intake.ended() == null) {
      LockSupport.parkNanos(this, WATCH_INTERVAL.toNanos());
      intake.drainIfStalled();
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(LogStore store) {
    try {
      store.close();
    } catch (IOException e) {
      log.atWarn().setCause(e).log("audit log did not close cleanly");
    }
  }
}
