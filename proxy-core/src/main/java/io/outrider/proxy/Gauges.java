package io.outrider.proxy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.outrider.limit.Limiter;
import io.outrider.session.SessionStore;

/// What is counted by looking rather than by happening.
final class Gauges {

  private Gauges() {}

  static void register(MeterRegistry registry, Limiter limiter, SessionStore sessions) {
    Gauge.builder("outrider.limit.held", limiter, l -> l.snapshot().inFlight())
        .description("Places held by calls under way")
        .register(registry);
    Gauge.builder("outrider.limit.waiting", limiter, l -> l.snapshot().waiting())
        .description("Calls waiting for a place")
        .register(registry);
    Gauge.builder("outrider.sessions", sessions, SessionStore::size)
        .description("Open legacy sessions")
        .register(registry);
  }
}
