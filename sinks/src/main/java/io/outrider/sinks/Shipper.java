package io.outrider.sinks;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.PublishedLog;
import io.outrider.audit.verify.PublishedLog.Signed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes one log to one sink, in order, at least once. Has a thread of its own and reads what is on
/// disk under a checkpoint, so whatever the sink does, nobody waits for it.
///
/// The cursor on disk never runs ahead of the receiver: it is written after a delivery, at most
/// every [#CURSOR_PACE], and what lies between is sent again after a crash. Nothing is passed over
/// in silence: records that are gone are announced to the receiver as a gap; records it refuses
/// stop the sink, or are set aside if the operator said so.
final class Shipper {
  private static final Logger log = LoggerFactory.getLogger(Shipper.class);

  /// The cursor's two syncs go to the disk the audit log syncs to; this keeps them rare.
  static final Duration CURSOR_PACE = Duration.ofSeconds(2);

  /// What a receiver may ask for; one that asks for days is asked again all the same.
  private static final Duration LONGEST_ASKED = Duration.ofMinutes(10);

  private final Path folder;
  private final SinkSpec spec;
  private final Sink sink;
  private final LogReader reader;
  private final CursorFile cursor;
  private final StatusFile status;
  private final ExportListener listener;
  private final UnaryOperator<String> telling;
  private final LongSupplier nanos;
  private final Backoff backoff;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  private @Nullable Signed target;
  private @Nullable String origin;
  private long durable;
  private long durableAt;
  private int limit;
  private int attempted;

  // Written by the shipper's thread alone, read by whoever asks how it is.
  private volatile long position;
  private volatile @Nullable Instant waitingSince;
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();
  private volatile SinkReport.State state = SinkReport.State.RUNNING;
  private volatile @Nullable String error;

  /// @param folder of the log
  Shipper(
      Path folder,
      SinkSpec spec,
      Sink sink,
      ExportListener listener,
      UnaryOperator<String> telling,
      LongSupplier nanos,
      RandomGenerator random) {
    this.folder = folder;
    this.spec = spec;
    this.sink = sink;
    this.reader = new LogReader(new PublishedLog(LogSource.folder(folder)));
    this.cursor = new CursorFile(folder, spec.name(), spec.kind());
    this.status = new StatusFile(folder, spec.name(), spec.kind());
    this.listener = listener;
    this.telling = telling;
    this.nanos = nanos;
    this.backoff = new Backoff(random);
    this.limit = spec.pace().records();
    this.thread =
        Thread.ofPlatform().daemon().name("outrider-sink-" + spec.name()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  SinkReport report() {
    return new SinkReport(
        spec.name(),
        spec.kind(),
        state,
        position,
        waitingSince,
        delivered.get(),
        errors.get(),
        missed.get(),
        error);
  }

  /// Sends what is left, for at most `grace`, and ends. What is not delivered by then is sent by
  /// the next process.
  void close(Duration grace) {
    closing.countDown();
    try {
      if (!thread.join(grace)) {
        thread.interrupt();
        if (!thread.join(Duration.ofSeconds(1))) {
          log.atWarn()
              .addKeyValue("sink", spec.name())
              .addKeyValue("next", position)
              .log("sink does not end; what it has not delivered is sent after the next start");
        }
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (closing.getCount() > 0) {
        Optional<Duration> wait = step();
        if (wait.isEmpty()) {
          return;
        }
        if (closing.await(wait.get().toNanos(), TimeUnit.NANOSECONDS)) {
          break;
        }
      }
      finish();
    } catch (InterruptedException e) {
      // Closing took too long.
    } catch (Throwable t) {
      // A missing class or no memory: the thread is lost, and that must be seen.
      stop("broke: " + t);
      throw t;
    } finally {
      sink.close();
    }
  }

  /// A last round after the log was closed: goes on while it succeeds.
  private void finish() throws InterruptedException {
    target = null;
    Optional<Duration> wait = step();
    while (wait.isPresent() && wait.get().isZero()) {
      wait = step();
    }
    persist(true);
    if (state == SinkReport.State.RUNNING) {
      say(SinkReport.State.STOPPED, null);
    }
  }

  /// Does the next thing there is to do.
  ///
  /// @return how long to wait before the next step; empty if there must be none
  Optional<Duration> step() throws InterruptedException {
    try {
      Signed goal = goal();
      if (goal == null || position == goal.checkpoint().size()) {
        target = null;
        waitingSince = null;
        sink.check();
        persist(false);
        fine();
        return Optional.of(spec.pace().interval());
      }
      deliver(reader.read(goal, position, limit, spec.pace().bytes()));
      persist(false);
      fine();
      limit = Math.min(spec.pace().records(), limit * 2);
      return Optional.of(Duration.ZERO);
    } catch (DamagedCursorException e) {
      stop(text(e));
      return Optional.empty();
    } catch (Refused e) {
      return Optional.of(refused(e));
    } catch (FormatException e) {
      return Optional.of(failed("the log cannot be read: " + e.getMessage(), backoff.longest()));
    } catch (Later e) {
      Duration own = backoff.next();
      return Optional.of(
          failed(text(e), own.compareTo(e.after()) > 0 ? own : shortened(e.after())));
    } catch (IOException | RuntimeException e) {
      return Optional.of(failed(text(e), backoff.next()));
    }
  }

  private @Nullable Signed goal() throws IOException, FormatException, DamagedCursorException {
    if (target != null) {
      return target;
    }
    Optional<Signed> found = reader.checkpoint();
    if (found.isEmpty()) {
      if (origin != null) {
        throw new IOException("the log's checkpoint is gone");
      }
      return null;
    }
    String now = found.get().checkpoint().origin();
    if (origin == null) {
      durable = cursor.next(now);
      durableAt = nanos.getAsLong();
      position = durable;
      origin = now;
      log.atInfo()
          .addKeyValue("sink", spec.name())
          .addKeyValue("kind", spec.kind())
          .addKeyValue("next", position)
          .log("sending the audit log onward");
    } else if (!origin.equals(now)) {
      throw new FormatException("checkpoint: of '" + now + "' (expected: '" + origin + "')");
    }
    long size = found.get().checkpoint().size();
    if (size < position) {
      throw new FormatException(
          "its checkpoint has %d records, and %d were sent already (expected: at least as many)"
              .formatted(size, position));
    }
    target = found.get();
    return target;
  }

  private void deliver(Delivery delivery) throws IOException, Refused, InterruptedException {
    delivery.items().getFirst().time().ifPresent(first -> waitingSince = first);
    attempted = delivery.items().size();
    sink.deliver(delivery);
    if (delivery instanceof Delivery.Gap gap) {
      pass(gap.from(), gap.to(), gap.why());
    } else {
      delivered.addAndGet(delivery.items().size());
    }
    position = delivery.to();
    if (delivery.reachesCheckpoint()) {
      waitingSince = null;
    }
  }

  /// Halves what is sent until the record that is refused stands alone.
  private Duration refused(Refused e) throws InterruptedException {
    if (attempted > 1) {
      limit = attempted / 2;
      rewind();
      return Duration.ZERO;
    }
    if (spec.onRefusal() == SinkSpec.OnRefusal.WAIT) {
      return failed("record " + position + " is refused: " + text(e), backoff.longest());
    }
    try {
      setAside(e);
      return Duration.ZERO;
    } catch (FormatException | IOException | DamagedCursorException again) {
      return failed(text(again), backoff.next());
    }
  }

  private void setAside(Refused why) throws IOException, FormatException, DamagedCursorException {
    Signed goal = goal();
    if (goal == null) {
      throw new IOException("the log's checkpoint is gone");
    }
    Delivery one = reader.read(goal, position, 1, 1);
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (Item item : one.items()) {
      lines.writeBytes(item.json());
      lines.write('\n');
    }
    CursorFile.append(
        folder.resolve(CursorFile.FOLDER).resolve(spec.name() + ".refused.jsonl"),
        lines.toByteArray());
    pass(one.from(), one.to(), "refused: " + text(why));
    position = one.to();
  }

  private void pass(long from, long to, String why) {
    missed.addAndGet(to - from);
    errors.incrementAndGet();
    log.atError()
        .addKeyValue("sink", spec.name())
        .addKeyValue("from", from)
        .addKeyValue("to", to)
        .addKeyValue("reason", why)
        .log("records do not reach the sink");
    listener.missed(spec.name(), from, to, why);
  }

  private Duration failed(String why, Duration wait) {
    errors.incrementAndGet();
    rewind();
    if (state != SinkReport.State.FAILING || !why.equals(error)) {
      log.atWarn()
          .addKeyValue("sink", spec.name())
          .addKeyValue("next", position)
          .addKeyValue("reason", why)
          .log("sink fails; it is tried again");
    }
    say(SinkReport.State.FAILING, why);
    return wait;
  }

  /// What a broken connection may have swallowed is sent again.
  private void rewind() {
    long safe = sink.safe(position);
    if (safe < position) {
      position = safe;
      target = null;
    }
  }

  private void fine() {
    backoff.reset();
    if (state == SinkReport.State.FAILING) {
      log.atInfo().addKeyValue("sink", spec.name()).log("sink delivers again");
    }
    say(SinkReport.State.RUNNING, null);
  }

  private void stop(String why) {
    errors.incrementAndGet();
    log.atError().addKeyValue("sink", spec.name()).addKeyValue("reason", why).log("sink stopped");
    say(SinkReport.State.STOPPED, why);
  }

  private void say(SinkReport.State now, @Nullable String why) {
    state = now;
    error = why == null ? null : StatusFile.oneLine(why);
    try {
      status.write(now, why);
    } catch (IOException e) {
      log.atDebug().setCause(e).log("the state of a sink could not be written");
    }
  }

  /// Writes how far the receiver surely is.
  private void persist(boolean now) {
    String name = origin;
    if (name == null) {
      return;
    }
    long safe = sink.safe(position);
    long at = nanos.getAsLong();
    if (safe == durable || (!now && at - durableAt < CURSOR_PACE.toNanos())) {
      return;
    }
    durableAt = at;
    try {
      cursor.write(name, safe);
      durable = safe;
    } catch (IOException e) {
      // The sink goes on: an old cursor means sending again, not losing.
      errors.incrementAndGet();
      log.atWarn().addKeyValue("sink", spec.name()).setCause(e).log("cursor could not be written");
    }
  }

  private static Duration shortened(Duration asked) {
    return asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
  }

  /// What went wrong, which at times quotes the receiver.
  private String text(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : telling.apply(message);
  }
}
