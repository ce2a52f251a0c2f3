package io.outrider.audit;

import io.outrider.audit.AuditUnavailable.Reason;
import io.outrider.audit.record.AuditRecord;
import io.outrider.audit.record.Event;
import io.outrider.audit.store.LogStore;
import io.outrider.audit.store.NoRoomException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The writer: takes what is queued, writes it as one batch, syncs, acknowledges, begins again.
/// What arrives during a sync is the next batch, so batches grow with the load and no caller ever
/// waits for company; only records that hold nobody up do, for a moment.
final class CommitLoop implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

  /// More would only make the first of them wait.
  private static final int MAX_RECORDS = 2_048;

  /// In [Durability#ASYNC], how long written records may wait for a sync.
  private static final long ASYNC_SYNC_NANOS = Duration.ofMillis(100).toNanos();

  private final LogStore store;
  private final Intake intake;
  private final Chores chores;
  private final boolean waitForSync;
  private final Map<String, String> startFields;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Runnable segmentTaken;
  private final Consumer<AuditUnavailable> latch;
  private final Acks acks = new Acks();
  private final List<AuditRecord> batch = new ArrayList<>();
  private @Nullable Pending held;
  private boolean dirty;
  private long lastSync;

  /// @param segmentTaken told when the spare segment is in use
  /// @param latch told of the error that ended the log
  CommitLoop(
      LogStore store,
      Intake intake,
      Chores chores,
      AuditOptions options,
      LongSupplier nanos,
      Runnable segmentTaken,
      Consumer<AuditUnavailable> latch) {
    this.store = store;
    this.intake = intake;
    this.chores = chores;
    this.waitForSync = options.durability() == Durability.GROUP;
    this.startFields = options.startFields();
    this.clock = options.clock();
    this.nanos = nanos;
    this.segmentTaken = segmentTaken;
    this.latch = latch;
    this.lastSync = nanos.getAsLong();
  }

  /// Records the start, durably, before anyone may append.
  void start() throws IOException {
    TreeMap<String, String> facts = new TreeMap<>(startFields);
    facts.put("durability", waitForSync ? "group" : "async");
    store.add(new Event(Event.Kind.START, clock.instant(), facts));
    store.write();
    store.sync();
  }

  @Override
  public void run() {
    try {
      while (!(intake.closing() && intake.isEmpty() && held == null) && intake.ended() == null) {
        if (!gather()) {
          idle();
        } else {
          commit();
          if (held == null) {
            intake.gather(Intake.GATHER);
          }
        }
      }
      AuditUnavailable ended = intake.ended();
      if (ended == null) {
        stop();
        intake.end(new AuditUnavailable(Reason.CLOSED, "the audit log is closed"));
      } else if (held != null) {
        refuse(held, ended);
      }
    } catch (IOException | RuntimeException | Error e) {
      AuditUnavailable reason =
          new AuditUnavailable(
              Reason.FAILED,
              "the audit log cannot write ("
                  + e
                  + "); restart to recover once the cause is removed");
      log.atError().setCause(e).log("audit log failed; every call is refused until a restart");
      latch.accept(reason);
      acks.failed(reason);
      if (held != null) {
        refuse(held, reason);
      }
    }
  }

  /// Fills a batch with whatever waits.
  ///
  /// @return whether there is anything in it
  private boolean gather() throws IOException {
    Optional<Event> chore = chores.due(intake.refused());
    if (chore.isPresent() && intake.noRoom() == null) {
      addOwn(chore.get());
    }
    for (Pending next = take(); next != null; next = take()) {
      long index = store.nextIndex();
      LogStore.Added added;
      try {
        added = store.add(next.record());
      } catch (RuntimeException e) {
        // The record never became bytes, so the batch is as it was; the caller must not go on
        // without a record.
        log.atError().setCause(e).log("an audit record could not be encoded");
        refuse(next, new AuditUnavailable(Reason.FAILED, "this record could not be encoded: " + e));
        continue;
      }
      switch (added) {
        case IN -> {
          batch.add(next.record());
          if (next.awaited()) {
            acks.add(next, index);
          }
        }
        case FULL -> {
          held = next;
          return true;
        }
        case TOO_MANY_OPEN ->
            refuse(
                next,
                new AuditUnavailable(
                    Reason.OVERLOADED, "too many calls have no outcome yet; repeat later"));
      }
      if (batch.size() >= MAX_RECORDS) {
        break;
      }
    }
    return !batch.isEmpty();
  }

  private @Nullable Pending take() {
    Pending first = held;
    held = null;
    return first != null ? first : intake.poll();
  }

  private void refuse(Pending pending, AuditUnavailable reason) {
    intake.countRefused(1);
    pending.fail(reason);
  }

  private void addOwn(Event event) {
    store.add(event);
    batch.add(event);
  }

  private void commit() throws IOException {
    intake.diskBusy();
    try {
      store.write();
      if (!acks.isEmpty() || waitForSync || nanos.getAsLong() - lastSync >= ASYNC_SYNC_NANOS) {
        sync();
      } else {
        dirty = true;
      }
    } catch (NoRoomException e) {
      noRoom(e);
      return;
    } finally {
      intake.diskIdle();
    }
    batch.forEach(chores::count);
    batch.clear();
    acks.durable();
    if (store.spareNeeded()) {
      segmentTaken.run();
    }
  }

  private void noRoom(NoRoomException e) {
    AuditUnavailable reason =
        new AuditUnavailable(
            Reason.STALLED,
            "the audit log has no room (" + e.getMessage() + "); free space on its disk");
    log.atError().setCause(e).log("audit log has no room; calls are refused until there is");
    store.rollback();
    intake.countRefused(batch.size());
    batch.clear();
    intake.noRoom(reason);
    acks.failed(reason);
    if (held != null) {
      refuse(held, reason);
      held = null;
    }
    segmentTaken.run();
  }

  private void sync() throws IOException {
    store.sync();
    lastSync = nanos.getAsLong();
    dirty = false;
  }

  private void idle() throws IOException {
    if (dirty) {
      long wait = lastSync + ASYNC_SYNC_NANOS - nanos.getAsLong();
      if (wait <= 0 || intake.closing()) {
        intake.diskBusy();
        sync();
        intake.diskIdle();
      } else {
        intake.await(wait);
      }
    } else {
      intake.await(chores.idleNanos(intake.refused()));
    }
  }

  private void stop() throws IOException {
    store.add(new Event(Event.Kind.STOP, clock.instant(), chores.counters(intake.refused())));
    try {
      store.write();
    } catch (NoRoomException e) {
      // The next start will find no stop and say so; there is nothing better to do without room.
      log.atWarn().setCause(e).log("audit log closed without room for its stop record");
      store.rollback();
    }
    store.sync();
  }
}
