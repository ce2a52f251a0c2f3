package io.outrider.limit;

import org.jspecify.annotations.Nullable;

/// The waiting calls in order of arrival, and on each cell the number of those that need it.
/// Guarded by the limiter's lock.
final class WaitQueue {

  private @Nullable Waiter first;
  private @Nullable Waiter last;
  private int size;

  int size() {
    return size;
  }

  @Nullable Waiter first() {
    return first;
  }

  void add(Waiter waiter) {
    waiter.previous = last;
    if (last == null) {
      first = waiter;
    } else {
      last.next = waiter;
    }
    last = waiter;
    size++;
    count(waiter.ticket, 1);
    waiter.blockedOn.blocked++;
  }

  void remove(Waiter waiter) {
    if (waiter.previous == null) {
      first = waiter.next;
    } else {
      waiter.previous.next = waiter.next;
    }
    if (waiter.next == null) {
      last = waiter.previous;
    } else {
      waiter.next.previous = waiter.previous;
    }
    waiter.previous = null;
    waiter.next = null;
    size--;
    count(waiter.ticket, -1);
    waiter.blockedOn.blocked--;
  }

  void blockOn(Waiter waiter, Cell obstacle) {
    waiter.blockedOn.blocked--;
    waiter.blockedOn = obstacle;
    obstacle.blocked++;
  }

  /// The waiter that gives way to one more call of `principal` when the queue is full: the newest
  /// of the principal with most calls waiting, if that one would still have as many as the
  /// newcomer's then has. Null when nobody has that much more; then it is the newcomer who goes.
  @Nullable Waiter toGiveWayTo(Cell principal) {
    Waiter chosen = null;
    int most = principal.waiting + 1;
    for (Waiter waiter = last; waiter != null; waiter = waiter.previous) {
      Cell owner = waiter.ticket.principal;
      if (owner != principal && owner.waiting > most) {
        most = owner.waiting;
        chosen = waiter;
      }
    }
    return chosen;
  }

  private static void count(Ticket ticket, int by) {
    ticket.upstream.waiting += by;
    ticket.principal.waiting += by;
    if (ticket.tool != null) {
      ticket.tool.waiting += by;
    }
    for (Ticket.PolicyClaim claim : ticket.policy) {
      claim.cell().waiting += by;
    }
  }
}
