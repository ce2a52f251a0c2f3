package io.outrider.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Counters and timers of calls. Labels come from closed sets (configured upstreams, known methods,
/// outcome slugs), never from what a client sent. Thread-safe.
public final class CallMetrics {

  private final MeterRegistry registry;
  private final Map<Key, Meters> meters = new ConcurrentHashMap<>();
  private final Map<String, Counter> dropped = new ConcurrentHashMap<>();
  private final Map<String, Counter> findings = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();

  private record Key(String upstream, String method, String outcome) {}

  private record Meters(Timer total, Timer upstream) {}

  public CallMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /// A call was forwarded.
  public void started(String upstream) {
    running.computeIfAbsent(upstream, this::gauge).incrementAndGet();
  }

  /// A forwarded call ended.
  ///
  /// @param upstreamNanos spent at the upstream
  /// @param totalNanos from the last byte of the request to the answer
  public void ended(
      String upstream, String method, String outcome, long upstreamNanos, long totalNanos) {
    running.computeIfAbsent(upstream, this::gauge).decrementAndGet();
    Meters m = meters(upstream, method, outcome);
    m.total.record(totalNanos, TimeUnit.NANOSECONDS);
    m.upstream.record(upstreamNanos, TimeUnit.NANOSECONDS);
  }

  /// A message was turned away.
  public void refused(String upstream, String method, String outcome, long totalNanos) {
    meters(upstream, method, outcome).total.record(totalNanos, TimeUnit.NANOSECONDS);
  }

  /// A message of a server was not delivered.
  public void droppedServerMessage(String upstream) {
    dropped
        .computeIfAbsent(
            upstream,
            u ->
                Counter.builder("outrider.server.messages.dropped")
                    .description("Messages of servers that were not delivered")
                    .tag("upstream", u)
                    .register(registry))
        .increment();
  }

  /// Redaction found something.
  ///
  /// @param rule the id of a rule that is loaded
  /// @param action what was done about it
  public void found(String rule, String action) {
    findings
        .computeIfAbsent(
            rule + ' ' + action,
            _ ->
                Counter.builder("outrider.redactions")
                    .description("Values that redaction found, by rule and what was done")
                    .tag("rule", rule)
                    .tag("action", action)
                    .register(registry))
        .increment();
  }

  private Meters meters(String upstream, String method, String outcome) {
    return meters.computeIfAbsent(
        new Key(upstream, method, outcome),
        key ->
            new Meters(
                timer(
                    "outrider.calls", "Calls from the last byte of the request to the answer", key),
                timer("outrider.upstream", "Calls while at the upstream", key)));
  }

  private Timer timer(String name, String description, Key key) {
    return Timer.builder(name)
        .description(description)
        .tag("upstream", key.upstream)
        .tag("method", key.method)
        .tag("outcome", key.outcome)
        .register(registry);
  }

  private AtomicInteger gauge(String upstream) {
    AtomicInteger value = new AtomicInteger();
    registry.gauge("outrider.calls.running", Tags.of("upstream", upstream), value);
    return value;
  }
}
