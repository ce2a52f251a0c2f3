package io.outrider.limit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/// A clock, a timer and an event loop that move only when told to. Thread-safe, so that a chaos
/// test may share it.
final class FakeTime implements LongSupplier, Timer {

  private final List<Task> tasks = new ArrayList<>();
  private long now = 5_000_000_000L;

  @Override
  public synchronized long getAsLong() {
    return now;
  }

  @Override
  public synchronized Cancellable schedule(Runnable task, long delayNanos) {
    Task scheduled = new Task(now + delayNanos, task);
    tasks.add(scheduled);
    return () -> {
      synchronized (this) {
        return tasks.remove(scheduled);
      }
    };
  }

  synchronized int pending() {
    return tasks.size();
  }

  /// Moves time on, and runs what falls due in order.
  void advance(java.time.Duration by) {
    long until;
    synchronized (this) {
      until = now + by.toNanos();
    }
    for (Task due = poll(until); due != null; due = poll(until)) {
      due.task().run();
    }
    synchronized (this) {
      now = Math.max(now, until);
    }
  }

  private synchronized @org.jspecify.annotations.Nullable Task poll(long until) {
    Task due =
        tasks.stream()
            .filter(t -> t.at() <= until)
            .min(Comparator.comparingLong(Task::at))
            .orElse(null);
    if (due != null) {
      tasks.remove(due);
      now = Math.max(now, due.at());
    }
    return due;
  }

  private record Task(long at, Runnable task) {}

  /// An event loop that runs what it was given when asked.
  static final class Loop implements Executor {

    private final ArrayDeque<Runnable> work = new ArrayDeque<>();

    @Override
    public void execute(Runnable command) {
      work.add(command);
    }

    void run() {
      for (Runnable next = work.poll(); next != null; next = work.poll()) {
        next.run();
      }
    }
  }
}
