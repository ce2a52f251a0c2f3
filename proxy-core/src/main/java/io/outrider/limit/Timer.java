package io.outrider.limit;

/// A clock that can call back. Implementations must be thread-safe, must return before the task
/// runs and may run it on any thread; a task called off in time never runs.
@FunctionalInterface
public interface Timer {

  /// Runs `task` once, `delayNanos` nanoseconds from now or a little later.
  Cancellable schedule(Runnable task, long delayNanos);
}
