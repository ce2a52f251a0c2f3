package io.outrider.audit;

import io.outrider.audit.AuditUnavailable.Reason;
import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.store.LogStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The publisher: turns synced records into tiles and signs a checkpoint once an interval, or when
/// some segments of the journal are full, and looks into the inbox for what people ask of the log.
final class PublishLoop implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

  /// How often the operator's log hears of a checkpoint; enough to pin the past to a minute, too
  /// little to drown anything.
  private static final long TELL_NANOS = Duration.ofMinutes(1).toNanos();

  private final LogStore store;
  private final Intake intake;
  private final Custodian custodian;
  private final @Nullable Retention retention;
  private final long intervalNanos;
  private final InstantSource clock;
  private final Consumer<AuditUnavailable> latch;
  private final AtomicReference<@Nullable SignedNote> cosigned = new AtomicReference<>();
  private volatile boolean closing;
  private volatile @Nullable Instant publishedAt;
  private long lastTold = System.nanoTime() - TELL_NANOS;
  private @Nullable Thread thread;

  PublishLoop(
      LogStore store,
      Intake intake,
      Duration interval,
      InstantSource clock,
      Custodian.Scribe scribe,
      @Nullable Retention retention,
      Consumer<AuditUnavailable> latch) {
    this.store = store;
    this.custodian = new Custodian(store, clock, scribe, this::wake);
    this.retention = retention;
    this.intake = intake;
    this.intervalNanos = interval.toNanos();
    this.clock = clock;
    this.latch = latch;
    this.publishedAt = clock.instant();
  }

  void thread(Thread own) {
    thread = own;
  }

  @Override
  public void run() {
    try {
      long next = System.nanoTime() + intervalNanos;
      while (!closing && intake.ended() == null) {
        long wait = next - System.nanoTime();
        takeCosigned();
        if (wait > 0 && custodian.isCalled()) {
          custodian.look();
        } else if (wait > 0 && !store.isBehind()) {
          LockSupport.parkNanos(this, wait);
        } else {
          if (retention != null) {
            retention.look();
          }
          custodian.look();
          publish();
          next = System.nanoTime() + intervalNanos;
        }
      }
      AuditUnavailable ended = intake.ended();
      if (ended == null || ended.reason() == Reason.CLOSED) {
        custodian.look();
        publish();
      }
    } catch (IOException | RuntimeException | Error e) {
      log.atError()
          .setCause(e)
          .log("audit log cannot publish; every call is refused until a restart");
      latch.accept(
          new AuditUnavailable(
              Reason.FAILED,
              "the audit log cannot publish ("
                  + e
                  + "); restart to recover once the cause is removed"));
    }
  }

  private void publish() throws IOException {
    store.checkInPlace();
    if (store.publish()) {
      publishedAt = clock.instant();
      tellTheOperator();
    }
  }

  /// A checkpoint in the operator's own log, wherever that goes, is a copy that an intruder on this
  /// machine cannot take back.
  private void tellTheOperator() {
    Checkpoint checkpoint = store.published();
    long now = System.nanoTime();
    if (checkpoint != null && (closing || now - lastTold >= TELL_NANOS)) {
      lastTold = now;
      log.atInfo()
          .addKeyValue("origin", checkpoint.origin())
          .addKeyValue("size", checkpoint.size())
          .addKeyValue("root", Base64.getEncoder().encodeToString(checkpoint.root()))
          .log("audit checkpoint");
    }
  }

  /// Witnesses cosigned a checkpoint of this log.
  void cosigned(SignedNote note) {
    cosigned.set(note);
    wake();
  }

  private void takeCosigned() throws IOException {
    SignedNote note = cosigned.getAndSet(null);
    if (note != null) {
      store.cosigned(note);
    }
  }

  void wake() {
    Thread own = thread;
    if (own != null) {
      LockSupport.unpark(own);
    }
  }

  void beginClosing() {
    closing = true;
    wake();
  }

  @Nullable Instant publishedAt() {
    return publishedAt;
  }
}
