package io.outrider.enforce;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Keeps the messages of one stream in order while large ones are worked on elsewhere: a message
/// larger than the limit is judged on a worker, and those behind it wait. Used on one event loop.
final class Lane {

  private final EventLoop loop;
  private final Executor workers;
  private final int offLoopBytes;
  private final Runnable whenIdle;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
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
    waiting.add(() -> {
      if (size <= offLoopBytes) {
        then.accept(work.get());
        next();
        return;
      }
      workers.execute(() -> {
        T done = work.get();
        loop.execute(() -> {
          then.accept(done);
          next();
        });
      });
    });
    if (!busy) {
      busy = true;
      next();
    }
  }

  boolean isBusy() {
    return busy;
  }

  private void next() {
    Runnable job = waiting.poll();
    if (job == null) {
      busy = false;
      whenIdle.run();
      return;
    }
    job.run();
  }
}
