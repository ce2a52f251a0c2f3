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
  private final int maxQueued;
  private final long maxQueuedBytes;
  private final long stallNanos;
  private final LongSupplier nanos;
  private final ConcurrentLinkedQueue<Pending> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger depth = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile @Nullable AuditUnavailable ended;
  private volatile @Nullable AuditUnavailable noRoom;
  private volatile boolean closing;

  /// When the disk was last asked for something it has not answered yet; 0 when it has.
  private volatile long diskBusySince;

  private volatile @Nullable Thread writer;
  private volatile boolean parked;

  Intake(int maxQueued, long maxQueuedBytes, Duration stallLimit, LongSupplier nanos) {
    this.maxQueued = maxQueued;
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
    queue.add(pending);
    AuditUnavailable end = ended;
    if (end != null) {
      drain(end);
    } else {
      wake();
    }
    return null;
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
    parked = true;
    if (queue.isEmpty() && !closing) {
      LockSupport.parkNanos(this, timeoutNanos);
    }
    parked = false;
  }

  void wake() {
    if (parked) {
      Thread thread = writer;
      if (thread != null) {
        parked = false;
        LockSupport.unpark(thread);
      }
    }
  }
}
