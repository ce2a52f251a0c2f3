package io.outrider.limit;

import org.jspecify.annotations.Nullable;

/// One call's place among those under way, from the moment it was granted until it is ended.
///
/// Ending it is idempotent and thread-safe: the first of [#completed] and [#dropped] counts, and
/// neither ever throws, so that each may stand in any clean-up path.
public final class Ticket {

  private final Limiter limiter;
  final Cell upstream;
  final @Nullable Cell tool;
  final Cell principal;
  final PolicyClaim[] policy;

  /// When the call began to hold its places. The limiter's lock guards this and `held`.
  long sinceNanos;

  boolean held;

  Ticket(
      Limiter limiter, Cell upstream, @Nullable Cell tool, Cell principal, PolicyClaim[] policy) {
    this.limiter = limiter;
    this.upstream = upstream;
    this.tool = tool;
    this.principal = principal;
    this.policy = policy;
  }

  /// Ends the ticket of a call that ran its course; how long it took tells the limiter how long
  /// others may expect to wait.
  public void completed() {
    limiter.end(this, true);
  }

  /// Ends the ticket of a call that broke off: client gone, upstream lost, never sent. How long it
  /// took says nothing about the next one.
  public void dropped() {
    limiter.end(this, false);
  }

  /// Whether a place of `cell` would become free when this ends.
  boolean covers(@Nullable Cell cell) {
    if (cell == upstream || cell == principal || (cell != null && cell == tool)) {
      return true;
    }
    for (PolicyClaim claim : policy) {
      if (cell == claim.cell()) {
        return true;
      }
    }
    return false;
  }

  /// One policy limit and the cell that counts towards it.
  record PolicyClaim(PolicyLimit limit, Cell cell) {}
}
