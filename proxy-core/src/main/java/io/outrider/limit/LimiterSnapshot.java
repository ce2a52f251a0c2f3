package io.outrider.limit;

import java.util.Map;

/// What a limiter has in hand at one moment, and what it did since it began; for gauges and
/// counters.
///
/// @param inFlight tickets not yet ended
/// @param waiting calls in the queue
/// @param inFlightByUpstream tickets not yet ended, by upstream
/// @param waitingFor calls in the queue by the kind of limit they wait for; absent is none
/// @param granted calls admitted since the start, at once or after waiting
/// @param completed tickets ended by [Ticket#completed]
/// @param dropped tickets ended by [Ticket#dropped], or given back because nobody took them
/// @param abandoned calls called off before they were admitted
/// @param refused calls refused since the start by the kind of limit; absent is none
/// @param keys names the limiter keeps count of
public record LimiterSnapshot(
    int inFlight,
    int waiting,
    Map<String, Integer> inFlightByUpstream,
    Map<LimitKind, Integer> waitingFor,
    long granted,
    long completed,
    long dropped,
    long abandoned,
    Map<LimitKind, Long> refused,
    int keys) {

  public LimiterSnapshot {
    inFlightByUpstream = Map.copyOf(inFlightByUpstream);
    waitingFor = Map.copyOf(waitingFor);
    refused = Map.copyOf(refused);
  }
}
