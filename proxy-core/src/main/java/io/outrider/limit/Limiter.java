package io.outrider.limit;

import io.outrider.limit.Admission.Abandoned;
import io.outrider.limit.Admission.Granted;
import io.outrider.limit.Admission.Over;
import io.outrider.limit.Ticket.PolicyClaim;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Admits calls so that no upstream, tool or principal has more under way than its cap, and no
/// principal starts more per time than its rate. Thread-safe; one is shared by all event loops.
///
/// A call is admitted when *every* limit it counts towards has room, and takes its place in all of
/// them at one moment. Until then it waits in one bounded queue and holds nothing. When a place
/// becomes free the longest-waiting call that can now go, goes: a call that waits for a busy tool
/// stands in nobody else's way. When the queue is full, the principal with most calls waiting gives
/// up its newest one to a principal with fewer, so that one flood does not use up all places.
///
/// One lock guards everything. It is held for some 50 ns and never while code of others runs; the
/// figures that chose it over striping are in `LimiterSpeedTest`.
public final class Limiter {

  private static final PolicyClaim[] NO_CLAIMS = {};
  private static final Cancellable ANSWERED = () -> false;
  private static final long SECOND = 1_000_000_000L;

  /// An estimate beyond a minute says no more than "much later".
  private static final long MAX_RETRY_SECONDS = 60;

  private final Object lock = new Object();
  private final LongSupplier nanoTime;
  private final Timer timer;
  private final long startNanos;
  private final CellTable upstreams = new CellTable(LimitKind.UPSTREAM, "");
  private final CellTable principals = new CellTable(LimitKind.PRINCIPAL, "");
  private final CellTable policies = new CellTable(LimitKind.POLICY, "");
  private final WaitQueue queue = new WaitQueue();
  private final EnumMap<LimitKind, Long> refused = new EnumMap<>(LimitKind.class);
  private LimitConfig config;
  private int inFlight;
  private long granted;
  private long completed;
  private long dropped;
  private long abandoned;

  /// @param nanoTime a monotonic clock, as [System#nanoTime]
  /// @param timer runs the deadlines of waiting calls
  public Limiter(LimitConfig config, LongSupplier nanoTime, Timer timer) {
    this.config = config;
    this.nanoTime = nanoTime;
    this.timer = timer;
    this.startNanos = nanoTime.getAsLong();
  }

  /// Asks for a place for one call. `then` is called exactly once: on this thread before this
  /// returns when the answer is known at once, else later on `loop`. If `then` throws, or `loop` no
  /// longer runs anything, a place that was granted is given back.
  ///
  /// @return calls the request off while it waits; when that succeeds, `then` gets
  ///   [Admission.Abandoned] and never a ticket, even if one was already on its way
  public Cancellable acquire(LimitKeys keys, Executor loop, Consumer<? super Admission> then) {
    Admission now;
    Waiter waiter = null;
    Waiter displaced = null;
    long wait = 0;
    synchronized (lock) {
      long time = nanoTime.getAsLong();
      Ticket ticket = claim(keys, time);
      if (ticket == null) {
        now = refuse(LimitKind.KEYS, "limiter", config.maxKeys(), SECOND, 0);
      } else {
        now = atOnce(ticket, time);
        if (now == null) {
          displaced = makeWay(ticket, time);
          waiter = enqueue(ticket, loop, then, time);
          wait = config.queueWait().toNanos();
        }
      }
    }
    if (displaced != null) {
      dispatch(displaced);
    }
    if (waiter != null) {
      setDeadline(waiter, wait);
      return waiter;
    }
    answer(then, Objects.requireNonNull(now));
    return ANSWERED;
  }

  /// Puts other limits in force. What is under way or waiting stays counted: a raised cap admits
  /// waiting calls at once, a lowered one holds new calls back until enough have ended. Calls
  /// already waiting keep their deadlines.
  public void reconfigure(LimitConfig changed) {
    Waiter ready;
    synchronized (lock) {
      config = changed;
      ready = admitWaiting(null, nanoTime.getAsLong());
    }
    dispatchAll(ready);
  }

  /// What the limiter has in hand now.
  public LimiterSnapshot snapshot() {
    synchronized (lock) {
      Map<String, Integer> byUpstream = new HashMap<>();
      for (Cell cell : upstreams.all()) {
        byUpstream.put(cell.key, cell.inFlight);
      }
      EnumMap<LimitKind, Integer> waitingFor = new EnumMap<>(LimitKind.class);
      for (Waiter w = queue.first(); w != null; w = w.next) {
        waitingFor.merge(w.blockedOn.kind, 1, Integer::sum);
      }
      return new LimiterSnapshot(
          inFlight,
          queue.size(),
          byUpstream,
          waitingFor,
          granted,
          completed,
          dropped,
          abandoned,
          refused,
          upstreams.size() + principals.size() + policies.size());
    }
  }

  /// Hands an answer to the one who asked; a ticket they failed to take in is given back.
  static void answer(Consumer<? super Admission> then, Admission answer) {
    boolean taken = false;
    try {
      then.accept(answer);
      taken = true;
    } finally {
      if (!taken && answer instanceof Granted(Ticket ticket, long _)) {
        ticket.dropped();
      }
    }
  }

  void end(Ticket ticket, boolean ranItsCourse) {
    Waiter ready = null;
    synchronized (lock) {
      if (ticket.held) {
        ready = release(ticket, nanoTime.getAsLong(), ranItsCourse);
      }
    }
    dispatchAll(ready);
  }

  /// Takes the waiter's answer for delivery; null when it was delivered before.
  @Nullable Admission take(Waiter waiter) {
    synchronized (lock) {
      if (waiter.delivered) {
        return null;
      }
      waiter.delivered = true;
      return waiter.answer;
    }
  }

  boolean abandon(Waiter waiter) {
    Waiter ready = null;
    boolean wasWaiting;
    synchronized (lock) {
      long time = nanoTime.getAsLong();
      wasWaiting = waiter.answer == null;
      if (wasWaiting) {
        withdraw(waiter);
      } else if (!waiter.delivered && waiter.answer instanceof Granted(Ticket ticket, long _)) {
        ready = release(ticket, time, false);
        giveBackTokens(ticket);
      } else {
        return false;
      }
      abandoned++;
      waiter.answer = new Abandoned(time - waiter.sinceNanos);
    }
    if (wasWaiting) {
      dispatch(waiter);
    }
    dispatchAll(ready);
    return true;
  }

  // The steps below run with the lock held.

  private @Nullable Ticket claim(LimitKeys keys, long time) {
    int max = config.maxKeys();
    Cell upstream = upstreams.get(keys.upstream(), max, time);
    Cell principal = principals.get(keys.principal(), max, time);
    if (upstream == null || principal == null) {
      return null;
    }
    Cell tool = null;
    if (keys.tool() != null && upstream.tools != null) {
      tool = upstream.tools.get(keys.tool(), max, time);
      if (tool == null) {
        return null;
      }
    }
    List<PolicyLimit> limits = keys.policy();
    PolicyClaim[] claims = limits.isEmpty() ? NO_CLAIMS : new PolicyClaim[limits.size()];
    for (int i = 0; i < claims.length; i++) {
      Cell cell = policies.get(limits.get(i).key(), max, time);
      if (cell == null) {
        return null;
      }
      claims[i] = new PolicyClaim(limits.get(i), cell);
    }
    return new Ticket(this, upstream, tool, principal, claims);
  }

  /// The answer that can be given without waiting; null when the call is to wait.
  private @Nullable Admission atOnce(Ticket ticket, long time) {
    Over overRate = overRate(ticket, time);
    if (overRate != null) {
      return overRate;
    }
    Cell obstacle = obstacle(ticket);
    if (obstacle == null) {
      takeTokens(ticket, time);
      return grant(ticket, time, 0);
    }
    if (!config.mayWait()) {
      return noPlace(ticket, obstacle, time, 0);
    }
    return queue.size() < config.queue() || queue.toGiveWayTo(ticket.principal) != null
        ? null
        : queueFull(ticket, obstacle, time, 0);
  }

  /// Displaces a waiter when the queue is full; returns it answered.
  private @Nullable Waiter makeWay(Ticket ticket, long time) {
    Waiter displaced = queue.size() < config.queue() ? null : queue.toGiveWayTo(ticket.principal);
    if (displaced != null) {
      withdraw(displaced);
      displaced.answer =
          queueFull(displaced.ticket, displaced.blockedOn, time, time - displaced.sinceNanos);
    }
    return displaced;
  }

  private Waiter enqueue(
      Ticket ticket, Executor loop, Consumer<? super Admission> then, long time) {
    takeTokens(ticket, time);
    Cell obstacle = Objects.requireNonNull(obstacle(ticket), "a call that waits has an obstacle");
    Waiter waiter = new Waiter(this, ticket, loop, then, time, obstacle);
    queue.add(waiter);
    return waiter;
  }

  /// The first cell without room, the most particular one first; null when the call can go.
  private @Nullable Cell obstacle(Ticket ticket) {
    for (PolicyClaim claim : ticket.policy) {
      if (claim.cell().inFlight >= claim.limit().concurrency()) {
        return claim.cell();
      }
    }
    Cell tool = ticket.tool;
    if (tool != null && tool.inFlight >= config.perTool()) {
      return tool;
    }
    if (ticket.principal.inFlight >= config.perPrincipal()) {
      return ticket.principal;
    }
    return ticket.upstream.inFlight >= config.perUpstream() ? ticket.upstream : null;
  }

  private Granted grant(Ticket ticket, long time, long waited) {
    long since = time - startNanos;
    ticket.held = true;
    ticket.sinceNanos = since;
    ticket.upstream.enter(since);
    ticket.principal.enter(since);
    if (ticket.tool != null) {
      ticket.tool.enter(since);
    }
    for (PolicyClaim claim : ticket.policy) {
      claim.cell().enter(since);
    }
    inFlight++;
    granted++;
    return new Granted(ticket, waited);
  }

  /// Ends a held ticket; returns the waiters this lets in, chained by `next`.
  private @Nullable Waiter release(Ticket ticket, long time, boolean ranItsCourse) {
    ticket.held = false;
    inFlight--;
    long since = ticket.sinceNanos;
    long took = ranItsCourse ? Math.max(1, time - startNanos - since) : 0;
    leave(ticket.upstream, since, took);
    leave(ticket.principal, since, took);
    if (ticket.tool != null) {
      leave(ticket.tool, since, took);
    }
    for (PolicyClaim claim : ticket.policy) {
      leave(claim.cell(), since, took);
    }
    if (ranItsCourse) {
      completed++;
    } else {
      dropped++;
    }
    return admitWaiting(ticket, time);
  }

  private static void leave(Cell cell, long since, long took) {
    cell.leave(since);
    if (took > 0) {
      cell.observe(took);
    }
  }

  /// Admits, in order of arrival, every waiter that can go now. Every waiter is registered with a
  /// cell that has no room for it, so only those blocked on a cell of the ended ticket need a look;
  /// with no ticket given, all of them.
  private @Nullable Waiter admitWaiting(@Nullable Ticket ended, long time) {
    Waiter firstReady = null;
    Waiter lastReady = null;
    Waiter next;
    for (Waiter w = queue.first(); w != null && (ended == null || mayHelp(ended)); w = next) {
      next = w.next;
      if (ended != null && !ended.covers(w.blockedOn)) {
        continue;
      }
      Cell obstacle = obstacle(w.ticket);
      if (obstacle != null) {
        queue.blockOn(w, obstacle);
        continue;
      }
      queue.remove(w);
      w.answer = grant(w.ticket, time, time - w.sinceNanos);
      if (lastReady == null) {
        firstReady = w;
      } else {
        lastReady.next = w;
      }
      lastReady = w;
    }
    return firstReady;
  }

  /// Whether a waiter may still be admitted to a place that this ticket left.
  private boolean mayHelp(Ticket ended) {
    if (hasRoomForBlocked(ended.upstream)
        || hasRoomForBlocked(ended.principal)
        || (ended.tool != null && hasRoomForBlocked(ended.tool))) {
      return true;
    }
    for (PolicyClaim claim : ended.policy) {
      if (hasRoomForBlocked(claim.cell())) {
        return true;
      }
    }
    return false;
  }

  private boolean hasRoomForBlocked(Cell cell) {
    return cell.blocked > 0 && cell.inFlight < config.cap(cell.kind);
  }

  /// Takes a waiter out of the queue without a place.
  private void withdraw(Waiter waiter) {
    queue.remove(waiter);
    giveBackTokens(waiter.ticket);
  }

  private @Nullable Over overRate(Ticket ticket, long time) {
    for (PolicyClaim claim : ticket.policy) {
      Rate rate = claim.limit().rate();
      long nanos = rate == null ? 0 : claim.cell().nanosToToken(rate, time);
      if (rate != null && nanos > 0) {
        return refuse(LimitKind.POLICY_RATE, claim.cell().key, rate.count(), nanos, 0);
      }
    }
    Rate rate = config.principalRate();
    long nanos = rate == null ? 0 : ticket.principal.nanosToToken(rate, time);
    return rate == null || nanos == 0
        ? null
        : refuse(LimitKind.PRINCIPAL_RATE, ticket.principal.key, rate.count(), nanos, 0);
  }

  private void takeTokens(Ticket ticket, long time) {
    if (config.principalRate() != null) {
      ticket.principal.takeToken(config.principalRate(), time);
    }
    for (PolicyClaim claim : ticket.policy) {
      if (claim.limit().rate() != null) {
        claim.cell().takeToken(claim.limit().rate(), time);
      }
    }
  }

  /// A rate counts calls that were let through: one that gave up waiting did not use its token.
  private void giveBackTokens(Ticket ticket) {
    if (config.principalRate() != null) {
      ticket.principal.giveBackToken(config.principalRate());
    }
    for (PolicyClaim claim : ticket.policy) {
      if (claim.limit().rate() != null) {
        claim.cell().giveBackToken(claim.limit().rate());
      }
    }
  }

  private Over queueFull(Ticket ticket, Cell obstacle, long time, long waited) {
    long expected = expectedWait(obstacle, cap(ticket, obstacle), time);
    return refuse(LimitKind.QUEUE, obstacle.key, config.queue(), expected, waited);
  }

  private Over noPlace(Ticket ticket, Cell obstacle, long time, long waited) {
    int cap = cap(ticket, obstacle);
    return refuse(obstacle.kind, obstacle.key, cap, expectedWait(obstacle, cap, time), waited);
  }

  private int cap(Ticket ticket, Cell cell) {
    for (PolicyClaim claim : ticket.policy) {
      if (claim.cell() == cell) {
        return claim.limit().concurrency();
      }
    }
    return config.cap(cell.kind);
  }

  /// How long until a place of this cell would come to one who asked now.
  private long expectedWait(Cell cell, int cap, long time) {
    long hold = cell.expectedHoldNanos(time - startNanos);
    double rounds = (cell.blocked + 1.0) / Math.min(cap, Math.max(1, cell.inFlight));
    return (long) Math.min(hold * rounds, (double) MAX_RETRY_SECONDS * SECOND);
  }

  private Over refuse(LimitKind kind, String key, long limit, long retryNanos, long waited) {
    refused.merge(kind, 1L, Long::sum);
    long seconds = Math.max(1, (retryNanos + SECOND - 1) / SECOND);
    return new Over(kind, key, limit, Duration.ofSeconds(seconds), waited);
  }

  // The steps below run without the lock.

  /// A call without a deadline might wait for ever: when the timer takes nothing, the wait is over.
  private void setDeadline(Waiter waiter, long wait) {
    Cancellable deadline;
    try {
      deadline = timer.schedule(() -> expire(waiter), wait);
    } catch (RuntimeException timerHasShutDown) {
      expire(waiter);
      return;
    }
    synchronized (lock) {
      if (waiter.answer == null) {
        waiter.deadline = deadline;
        return;
      }
    }
    deadline.cancel();
  }

  private void expire(Waiter waiter) {
    synchronized (lock) {
      if (waiter.answer != null) {
        return;
      }
      long time = nanoTime.getAsLong();
      withdraw(waiter);
      waiter.answer = noPlace(waiter.ticket, waiter.blockedOn, time, time - waiter.sinceNanos);
    }
    dispatch(waiter);
  }

  private void dispatchAll(@Nullable Waiter first) {
    Waiter next;
    for (Waiter w = first; w != null; w = next) {
      next = w.next;
      w.next = null;
      dispatch(w);
    }
  }

  /// Sends an answered waiter to its loop. A loop that takes nothing any more has shut down: what
  /// was granted is given back, and goes to others in turn.
  private void dispatch(Waiter answered) {
    ArrayDeque<Waiter> more = null;
    for (Waiter w = answered; w != null; w = more == null ? null : more.poll()) {
      if (w.deadline != null) {
        w.deadline.cancel();
      }
      try {
        w.loop.execute(w);
      } catch (RuntimeException loopHasShutDown) {
        more = more == null ? new ArrayDeque<>() : more;
        for (Waiter r = undelivered(w); r != null; ) {
          Waiter next = r.next;
          r.next = null;
          more.add(r);
          r = next;
        }
      }
    }
  }

  private @Nullable Waiter undelivered(Waiter waiter) {
    synchronized (lock) {
      waiter.delivered = true;
      return waiter.answer instanceof Granted(Ticket ticket, long _) && ticket.held
          ? release(ticket, nanoTime.getAsLong(), false)
          : null;
    }
  }
}
