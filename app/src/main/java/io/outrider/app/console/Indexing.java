package io.outrider.app.console;

import io.outrider.audit.format.FormatException;
import io.outrider.review.index.LogIndex;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the index up with the log while somebody looks, on a thread of its own. Where nobody ever
/// looks no index is made.
final class Indexing implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Indexing.class);

  /// How fresh a live view is, and how long after the last request it stays so.
  private static final Duration PACE = Duration.ofMillis(500);

  private static final Duration INTEREST = Duration.ofSeconds(30);

  private final LogIndex index;
  private final InstantSource clock;
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("outrider-console-index").factory());
  private volatile State state = new State(false, 0, 0, null);
  private volatile Instant wanted = Instant.MIN;
  private boolean started;

  Indexing(LogIndex index, InstantSource clock) {
    this.index = index;
    this.clock = clock;
  }

  /// How far it is.
  ///
  /// @param usable whether searches answer, if only about a part of the log
  /// @param records in the index
  /// @param total in the log, as far as it is published
  /// @param error why it does not go on
  record State(boolean usable, long records, long total, @Nullable String error) {
    /// Whether what is not found may still be on its way into the index.
    boolean behind() {
      return !usable || records < total;
    }
  }

  State state() {
    return state;
  }

  /// Somebody looks.
  void wanted() {
    wanted = clock.instant();
    synchronized (this) {
      if (!started) {
        started = true;
        var _ =
            worker.scheduleWithFixedDelay(this::step, 0, PACE.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  private void step() {
    if (wanted.plus(INTEREST).isBefore(clock.instant())) {
      return;
    }
    try {
      long records = index.refresh((done, total) -> state = new State(true, done, total, null));
      state = new State(true, records, Math.max(records, state.total()), null);
    } catch (IOException | FormatException e) {
      failed(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // A scheduled task that throws is never run again.
      log.atError().setCause(e).log("indexing the audit log failed");
      failed("unexpected: " + e);
    }
  }

  private void failed(String why) {
    State now = state;
    state = new State(now.usable(), now.records(), now.total(), why);
  }

  @Override
  public void close() {
    worker.shutdownNow();
    index.close();
  }
}
