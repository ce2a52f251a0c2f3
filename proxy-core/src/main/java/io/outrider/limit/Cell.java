package io.outrider.limit;

import org.jspecify.annotations.Nullable;

/// The count for one key. Guarded by the limiter's lock.
final class Cell {

  /// How much one more observation moves the estimate of the hold time: an eighth, so that about
  /// the last dozen calls decide.
  private static final int SMOOTHING = 8;

  final LimitKind kind;
  final String key;

  /// The tools of this upstream; null for every other kind.
  final @Nullable CellTable tools;

  int inFlight;

  /// Waiters that will need a place here.
  int waiting;

  /// Waiters that wait because there is no place here.
  int blocked;

  private long holdNanos;

  /// The sum of the start times of the calls under way, in microseconds since the limiter began:
  /// gives their mean age, and so an estimate while none has ended yet.
  private long startMicros;

  /// When the bucket will be full again (the "theoretical arrival time" of GCRA).
  private long fullAt;

  private boolean counted;

  Cell(LimitKind kind, String key, @Nullable CellTable tools) {
    this.kind = kind;
    this.key = key;
    this.tools = tools;
  }

  void enter(long sinceStartNanos) {
    inFlight++;
    startMicros += sinceStartNanos / 1000;
  }

  void leave(long sinceStartNanos) {
    inFlight--;
    startMicros -= sinceStartNanos / 1000;
  }

  void observe(long nanos) {
    holdNanos = holdNanos == 0 ? nanos : holdNanos + (nanos - holdNanos) / SMOOTHING;
  }

  /// How long a place here is held, as far as can be told: what finished calls took or, when those
  /// under way are already older than that, their age.
  long expectedHoldNanos(long nowSinceStart) {
    long age =
        inFlight == 0 ? 0 : Math.max(0, nowSinceStart / 1000 - startMicros / inFlight) * 1000;
    return Math.max(holdNanos, age);
  }

  /// How long until the bucket has a token; 0 when it has one now.
  long nanosToToken(Rate rate, long now) {
    if (!counted || fullAt - now <= 0) {
      return 0;
    }
    long empty = rate.period().toNanos() - rate.tokenNanos();
    return Math.max(0, fullAt - now - empty);
  }

  void takeToken(Rate rate, long now) {
    long from = counted && fullAt - now > 0 ? fullAt : now;
    counted = true;
    fullAt = from + rate.tokenNanos();
  }

  void giveBackToken(Rate rate) {
    fullAt -= rate.tokenNanos();
  }

  /// Whether forgetting this cell would lose nothing that limits anybody.
  boolean idle(long now) {
    return inFlight == 0 && waiting == 0 && (!counted || fullAt - now <= 0);
  }
}
