package io.outrider.app.serve;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A part of the start that runs beside another. Not for what goes on later.
final class Background<T> {
  private final String name;
  private final FutureTask<T> task;

  private Background(String name, FutureTask<T> task) {
    this.name = name;
    this.task = task;
  }

  /// Begins at once, on a thread of its own.
  static <T> Background<T> start(String name, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofPlatform().daemon().name("outrider-" + name).start(task);
    return new Background<>(name, task);
  }

  /// Waits for what came of it.
  ///
  /// @throws Unusable as the work did
  T result() throws Unusable {
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Unusable unusable) {
        throw unusable;
      }
      throw new IllegalStateException(name + " failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unusable(List.of("interrupted during " + name));
    }
  }
}
