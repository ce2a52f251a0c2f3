package io.outrider.app.console;

import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import io.outrider.audit.verify.VerifyOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks the whole log on a thread of its own, one check at a time, and keeps the last result.
final class Verifying implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Verifying.class);

  private final LogSource source;
  private final @Nullable VerifierKey key;
  private final InstantSource clock;

  /// The checkpoint of the last check that found nothing: the log must begin with it ever after.
  private Optional<byte[]> saved = Optional.empty();

  private @Nullable Thread running;
  private volatile long checked;
  private volatile @Nullable Result last;
  private volatile boolean closed;

  Verifying(LogSource source, @Nullable VerifierKey key, InstantSource clock) {
    this.source = source;
    this.key = key;
    this.clock = clock;
  }

  /// A check that came to an end.
  ///
  /// @param verification null if it broke off
  /// @param error why it broke off
  record Result(
      @Nullable Verification verification, @Nullable String error, Instant at, Duration took) {}

  /// @param running whether a check is under way
  /// @param checked records it has gone through
  record State(boolean running, long checked, Optional<Result> last) {}

  synchronized State state() {
    return new State(running != null, checked, Optional.ofNullable(last));
  }

  /// Begins a check, unless one is under way.
  synchronized void start() {
    if (running != null || closed) {
      return;
    }
    checked = 0;
    running = Thread.ofPlatform().daemon().name("outrider-console-verify").start(this::run);
  }

  private void run() {
    Instant begun = clock.instant();
    Verification verification = null;
    String error = null;
    try {
      Optional<byte[]> note = source.read("checkpoint");
      verification = AuditVerifier.check(source, options());
      if (verification.verdict() == Verdict.OK) {
        saved = note;
      }
    } catch (CancellationException e) {
      error = "broken off";
    } catch (IOException e) {
      error = "cannot be read: " + e.getMessage();
    } catch (RuntimeException | Error e) {
      log.atError().setCause(e).log("checking the audit log failed");
      error = "unexpected: " + e;
    }
    Instant now = clock.instant();
    synchronized (this) {
      last = new Result(verification, error, now, Duration.between(begun, now));
      running = null;
    }
  }

  private VerifyOptions options() {
    // One thread: the others have calls to carry.
    VerifyOptions options =
        VerifyOptions.DEFAULT.withClock(clock).withProgress(this::progress).withThreads(1);
    if (key != null) {
      options = options.withKey(key);
    }
    return saved.isEmpty()
        ? options
        : options.withSaved("checkpoint of the last check", saved.get());
  }

  private void progress(long records, long total) {
    checked = records;
    if (closed) {
      throw new CancellationException();
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
