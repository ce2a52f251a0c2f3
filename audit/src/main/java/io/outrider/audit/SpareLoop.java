package io.outrider.audit;

import io.outrider.audit.AuditUnavailable.Reason;
import io.outrider.audit.store.LogStore;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a spare journal segment ready. On a thread of its own: under load the publisher is busy
/// for longer than a segment lasts, and a writer that has to fill its own segment with zeros holds
/// up every call meanwhile.
final class SpareLoop implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

  /// Between two tries on a disk that has no room.
  private static final Duration RETRY = Duration.ofMillis(200);

  private final LogStore store;
  private final Intake intake;
  private final Consumer<AuditUnavailable> latch;
  private volatile boolean closing;
  private volatile @Nullable String missing;
  private @Nullable Thread thread;

  SpareLoop(LogStore store, Intake intake, Consumer<AuditUnavailable> latch) {
    this.store = store;
    this.intake = intake;
    this.latch = latch;
  }

  void thread(Thread own) {
    thread = own;
  }

  @Override
  public void run() {
    try {
      while (!closing && intake.ended() == null) {
        if (store.spareNeeded()) {
          prepare();
        } else {
          intake.noRoom(null); // the writer may have run out at the very moment this one was made
          LockSupport.park(this);
        }
      }
    } catch (RuntimeException | Error e) {
      log.atError()
          .setCause(e)
          .log("audit log cannot prepare segments; every call is refused until a restart");
      latch.accept(
          new AuditUnavailable(
              Reason.FAILED,
              "the audit log cannot prepare segments ("
                  + e
                  + "); restart to recover once the cause is removed"));
    }
  }

  /// A missing spare is a warning, not a failure: the segment in use still has room.
  private void prepare() {
    try {
      store.prepareSegment();
      missing = null;
      intake.noRoom(null);
    } catch (IOException e) {
      if (missing == null) {
        log.atWarn()
            .setCause(e)
            .log("audit log cannot prepare its next segment; is the disk full?");
      }
      missing = "no spare journal segment: " + e.getMessage();
      LockSupport.parkNanos(this, RETRY.toNanos());
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

  /// Why there is no spare segment; null if there is one.
  @Nullable String missing() {
    return missing;
  }
}
