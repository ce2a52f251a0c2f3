package io.outrider.audit;

import io.outrider.audit.AuditUnavailable.Reason;
import io.outrider.audit.record.Outcome;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The bounded queue between those who append and the writer, and the one place that says no.
/// Thread-safe, without locks: those who append are event loops.
///
/// Whoever sets a reason to refuse empties the queue afterwards; whoever adds looks for a reason
/// once more afterwards. So every record is taken by the writer or refused, and none is left
/// behind.
final class Intake {
  /// How long records that hold nobody up may gather before the writer looks. A writer that wakes
  /// two hundred times a second costs nothing one could measure; one that wakes for every record
  /// costs a system call on the event loop each time, and a core that the proxy could use.
  static final Duration GATHER = Duration.ofMillis(5);

  /// Records that wake the writer however long it has gathered: half of what a busy proxy makes in
  /// that time.
  private static final int MAX_BACKLOG = 256;

  /// What the writer is doing.
  private enum Writer {
    WORKING,
    /// Parked for a moment, so that records gather; woken by urgent ones.
    GATHERING,
    /// Parked until there is something to do.
    IDLE
  }

  private final int maxQueued;
  private final long maxQueuedBytes;
  private final long stallNanos;
  private final LongSupplier nanos;
  private final ConcurrentLinkedQueue<Pending> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger depth = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger urgent = new AtomicInteger();
  private final int backlog;
  private final AtomicLong refused = new AtomicLong();
  private volatile @Nullable AuditUnavailable ended;
  private volatile @Nullable AuditUnavailable noRoom;
  private volatile boolean closing;

  /// When the disk was last asked for something it has not answered yet; 0 when it has.
  private volatile long diskBusySince;

  private volatile @Nullable Thread writer;
  private volatile Writer state = Writer.WORKING;

  Intake(int maxQueued, long maxQueuedBytes, Duration stallLimit, LongSupplier nanos) {
    this.maxQueued = maxQueued;
    this.backlog = Math.min(MAX_BACKLOG, maxQueued / 4 + 1);
    this.maxQueuedBytes = maxQueuedBytes;
    this.stallNanos = stallLimit.toNanos();
    this.nanos = nanos;
  }

  /// Queues `pending`, or says why not.
  ///
  /// @return null if it was queued; then somebody will acknowledge it
  @Nullable AuditUnavailable offer(Pending pending) {
    AuditUnavailable reason = reason();
    if (reason != null) {
      refused.getAndIncrement();
      return reason;
    }
    int weight = pending.weight();
    int queued = depth.incrementAndGet();
    long queuedBytes = bytes.addAndGet(weight);
    // An outcome belongs to a call that was let through already; refusing it would only leave a
    // hole in the record. There can
    // be no more of them than there were intents.
    int share = pending.record() instanceof Outcome ? 2 : 1;
    if (queued > maxQueued * share || (queuedBytes > maxQueuedBytes * share && queued > 1)) {
      leave(weight);
      refused.getAndIncrement();
      wake();
      return new AuditUnavailable(
          Reason.OVERLOADED,
          "audit queue is full: "
              + Math.min(queued - 1, maxQueued)
              + " records, "
              + (queuedBytes - weight)
              + " bytes; repeat later");
    }
    if (pending.urgent()) {
      urgent.getAndIncrement();
    }
    queue.add(pending);
    AuditUnavailable end = ended;
    if (end != null) {
      drain(end);
    } else if (isPressing(pending.urgent() ? 1 : 0, queued, queuedBytes) || state == Writer.IDLE) {
      wake();
    }
    return null;
  }

  /// Whether what waits should not wait any longer.
  private boolean isPressing(int urgentRecords, int queued, long queuedBytes) {
    return urgentRecords > 0 || queued >= backlog || queuedBytes >= maxQueuedBytes / 4;
  }

  private @Nullable AuditUnavailable reason() {
    AuditUnavailable end = ended;
    if (end != null) {
      return end;
    }
    if (closing) {
      return new AuditUnavailable(Reason.CLOSED, "the audit log is closing");
    }
    return trouble();
  }

  private @Nullable AuditUnavailable stall() {
    long since = diskBusySince;
    if (since == 0) {
      return null;
    }
    long waited = nanos.getAsLong() - since;
    return waited <= stallNanos
        ? null
        : new AuditUnavailable(
            Reason.STALLED,
            "the audit log's disk has not answered for "
                + waited / 1_000_000
                + " ms; repeat later");
  }

  /// Next record for the writer; null if there is none.
  @Nullable Pending poll() {
    Pending pending = queue.poll();
    if (pending != null) {
      if (pending.urgent()) {
        urgent.getAndDecrement();
      }
      leave(pending.weight());
    }
    return pending;
  }

  private void leave(int weight) {
    depth.getAndDecrement();
    bytes.getAndAdd(-weight);
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  int depth() {
    return Math.max(depth.get(), 0);
  }

  /// Appends refused since the start.
  long refused() {
    return refused.get();
  }

  void countRefused(int more) {
    refused.getAndAdd(more);
  }

  boolean closing() {
    return closing;
  }

  void beginClosing() {
    closing = true;
    wake();
  }

  /// Refuses everything from now on.
  void end(AuditUnavailable reason) {
    if (ended == null) {
      ended = reason;
    }
    drain(reason);
  }

  @Nullable AuditUnavailable ended() {
    return ended;
  }

  /// Refuses everything while there is no room; null ends that.
  void noRoom(@Nullable AuditUnavailable reason) {
    noRoom = reason;
    if (reason != null) {
      drain(reason);
    }
  }

  @Nullable AuditUnavailable noRoom() {
    return noRoom;
  }

  /// What keeps records out for the moment; null if nothing does.
  @Nullable AuditUnavailable trouble() {
    AuditUnavailable room = noRoom;
    return room != null ? room : stall();
  }

  void diskBusy() {
    long now = nanos.getAsLong();
    diskBusySince = now == 0 ? 1 : now;
  }

  void diskIdle() {
    diskBusySince = 0;
  }

  /// Refuses what waits behind a disk that does not answer. Records already on their way to the
  /// disk are not touched.
  void drainIfStalled() {
    AuditUnavailable reason = stall();
    if (reason != null) {
      drain(reason);
    }
  }

  private void drain(AuditUnavailable reason) {
    for (Pending p = poll(); p != null; p = poll()) {
      refused.getAndIncrement();
      p.fail(reason);
    }
  }

  void writer(Thread thread) {
    writer = thread;
  }

  /// Called by the writer: waits for a record, for closing, or for the time to pass.
  void await(long timeoutNanos) {
    state = Writer.IDLE;
    if (queue.isEmpty() && !closing) {
      LockSupport.parkNanos(this, timeoutNanos);
    }
    state = Writer.WORKING;
  }

  /// Called by the writer after a batch: waits a moment, so that records that hold nobody up come
  /// in company. Ends at once for an urgent record, a backlog, or closing.
  void gather(Duration time) {
    // Said before the look: whoever adds looks at it afterwards, so one of the two sees the other.
    state = Writer.GATHERING;
    if (!isPressing(urgent.get(), depth.get(), bytes.get()) && !closing && ended == null) {
      LockSupport.parkNanos(this, time.toNanos());
    }
    state = Writer.WORKING;
  }

  void wake() {
    if (state != Writer.WORKING) {
      Thread thread = writer;
      if (thread != null) {
        state = Writer.WORKING;
        LockSupport.unpark(thread);
      }
    }
  }
}
