package io.outrider.enforce;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the messages of one stream in order while large ones are worked on elsewhere: a message
/// larger than the limit is judged on a worker, and those behind it wait. Used on one event loop.
final class Lane {

  private static final Logger log = LoggerFactory.getLogger(Lane.class);

  private final EventLoop loop;
  private final Executor workers;
  private final int offLoopBytes;
  private final Runnable whenIdle;
  private final ArrayDeque<Job<?>> waiting = new ArrayDeque<>();
  private boolean busy;

  /// @param whenIdle runs on the loop when the lane has caught up
  Lane(EventLoop loop, Executor workers, int offLoopBytes, Runnable whenIdle) {
    this.loop = loop;
    this.workers = workers;
    this.offLoopBytes = offLoopBytes;
    this.whenIdle = whenIdle;
  }

  /// @param size bytes of the message
  /// @param work may run on a worker; must not throw
  /// @param then runs on the loop with what `work` gave, in the order of the calls
  <T> void run(int size, Supplier<T> work, Consumer<T> then) {
    if (!busy && size <= offLoopBytes) {
      then.accept(work.get());
      return;
    }
    waiting.add(new Job<>(size, work, then));
    if (!busy) {
      busy = true;
      drain();
    }
  }

  boolean isBusy() {
    return busy;
  }

  /// Works through what waits, in a loop: thousands of small messages may stand behind a large one.
  private void drain() {
    for (Job<?> job = waiting.poll(); job != null; job = waiting.poll()) {
      if (job.size > offLoopBytes && sentAway(job)) {
        return; // goes on when it is back
      }
      guard(job::run);
    }
    busy = false;
    whenIdle.run();
  }

  private <T> boolean sentAway(Job<T> job) {
    try {
      workers.execute(() -> {
        try {
          T done = job.work.get();
          loop.execute(() -> {
            guard(() -> job.then.accept(done));
            drain();
          });
        } catch (RuntimeException e) {
          log.atError().setCause(e).log("judging a message failed");
          loop.execute(this::drain);
        }
      });
      return true;
    } catch (RejectedExecutionException workersAreGone) {
      return false; // judged on the loop rather than not at all
    }
  }

  /// A step that throws must not hold up those behind it for ever.
  private static void guard(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("handling a message failed");
    }
  }

  private record Job<T>(int size, Supplier<T> work, Consumer<T> then) {
    void run() {
      then.accept(work.get());
    }
  }
}
