package io.outrider.enforce;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Looks at every running exchange now and then, on its own loop: one timer for a loop instead of
/// two for a call. An exchange ends at most one tick after its time.
final class Deadlines {

  private final LongSupplier nanoTime;
  private final long tickNanos;
  private final Map<EventLoop, Set<Exchange>> running = new ConcurrentHashMap<>();

  Deadlines(LongSupplier nanoTime, long tickNanos) {
    this.nanoTime = nanoTime;
    this.tickNanos = tickNanos;
  }

  /// On the exchange's loop.
  void add(EventLoop loop, Exchange exchange) {
    running.computeIfAbsent(loop, this::startTicking).add(exchange);
  }

  void remove(EventLoop loop, Exchange exchange) {
    Set<Exchange> set = running.get(loop);
    if (set != null) {
      set.remove(exchange);
    }
  }

  int size() {
    return running.values().stream().mapToInt(Set::size).sum();
  }

  private Set<Exchange> startTicking(EventLoop loop) {
    Set<Exchange> set = ConcurrentHashMap.newKeySet();
    var unused =
        loop.scheduleWithFixedDelay(
            () -> {
              long now = nanoTime.getAsLong();
              set.forEach(exchange -> exchange.onTick(now));
            },
            tickNanos,
            tickNanos,
            TimeUnit.NANOSECONDS);
    return set;
  }
}
