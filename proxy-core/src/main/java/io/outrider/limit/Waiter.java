package io.outrider.limit;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A call that waits, then the bearer of its answer. It holds no place while it waits. All fields
/// are guarded by the limiter's lock.
///
/// States: waiting (`answer` is null) -> answered -> delivered.
final class Waiter implements Runnable, Cancellable {

  private final Limiter limiter;
  final Ticket ticket;
  final Executor loop;
  final Consumer<? super Admission> then;
  final long sinceNanos;

  /// The cell that has no place for this call.
  Cell blockedOn;

  @Nullable Cancellable deadline;
  @Nullable Admission answer;
  boolean delivered;

  @Nullable Waiter previous;
  @Nullable Waiter next;

  Waiter(
      Limiter limiter,
      Ticket ticket,
      Executor loop,
      Consumer<? super Admission> then,
      long sinceNanos,
      Cell blockedOn) {
    this.limiter = limiter;
    this.ticket = ticket;
    this.loop = loop;
    this.then = then;
    this.sinceNanos = sinceNanos;
    this.blockedOn = blockedOn;
  }

  @Override
  public boolean cancel() {
    return limiter.abandon(this);
  }

  /// Delivers the answer. Runs on the waiter's own loop.
  @Override
  public void run() {
    Admission due = limiter.take(this);
    if (due != null) {
      Limiter.answer(then, due);
    }
  }
}
