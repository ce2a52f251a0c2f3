package io.outrider.sinks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A sink in memory that does what a test tells it.
final class Receiver implements Sink {
  final List<String> lines = new ArrayList<>();
  final List<Delivery> deliveries = new ArrayList<>();
  final Deque<Exception> failures = new ArrayDeque<>();
  Predicate<Item> refuses = item -> false;
  @Nullable Error dies;
  boolean closed;

  @Override
  public void deliver(Delivery delivery) throws IOException, Refused {
    Exception failure = failures.poll();
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      default -> throw new AssertionError(failure);
    }
    if (delivery.items().stream().anyMatch(refuses)) {
      throw new Refused("no thanks");
    }
    deliveries.add(delivery);
    delivery.items().forEach(item -> lines.add(new String(item.json(), StandardCharsets.UTF_8)));
    Error now = dies;
    if (now != null) {
      throw now;
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
