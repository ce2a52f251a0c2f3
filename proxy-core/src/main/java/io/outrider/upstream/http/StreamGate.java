package io.outrider.upstream.http;

import io.outrider.limit.Cancellable;
import io.outrider.limit.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// Keeps the order a client relies on: what it sends after it asked for the stream of its session
/// leaves after the server has answered that. The proxy uses several connections, and a message
/// that overtakes the GET finds a server without a stream to ask on: SDK servers drop the ask, and
/// the call never ends.
///
/// ```
/// Open --opening--> Holding --head, refusal, failure or time--> Open
/// ```
///
/// Thread-safe.
final class StreamGate {

  /// Several round trips to a far server. One that sends the head of its stream only with the first
  /// event costs each session this much, once for each stream.
  static final Duration PATIENCE = Duration.ofMillis(500);

  private record Held(Executor loop, Runnable task) {}

  private final Object lock = new Object();
  private final ArrayDeque<Held> held = new ArrayDeque<>();

  /// Streams that are asked for and not answered yet.
  private volatile int opening;

  /// A stream is being asked for: holds what comes, for a while.
  ///
  /// @return to be run when the server answered; running it again does nothing
  Runnable opening(Timer timer) {
    synchronized (lock) {
      opening++;
    }
    Opening asked = new Opening();
    asked.patience = timer.schedule(asked::end, PATIENCE.toNanos());
    return asked::answered;
  }

  /// Runs `task`: at once when no stream is being asked for, else later on `loop`, in the order of
  /// the calls.
  void pass(Executor loop, Runnable task) {
    if (opening > 0) {
      synchronized (lock) {
        if (opening > 0) {
          held.add(new Held(loop, task));
          return;
        }
      }
    }
    task.run();
  }

  private final class Opening {
    private volatile Cancellable patience = () -> false;
    private boolean over;

    void answered() {
      patience.cancel();
      end();
    }

    void end() {
      List<Held> ready;
      synchronized (lock) {
        if (over) {
          return;
        }
        over = true;
        opening--;
        if (opening > 0) {
          return;
        }
        ready = new ArrayList<>(held);
        held.clear();
      }
      ready.forEach(StreamGate::letGo);
    }
  }

  private static void letGo(Held held) {
    try {
      held.loop().execute(held.task());
    } catch (RejectedExecutionException loopHasShutDown) {
      // So has everything the message was for.
    }
  }
}
