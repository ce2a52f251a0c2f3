package io.outrider.audit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A listener that can be waited for, and that counts how often it was told.
final class Listening implements AppendListener {
  private final CompletableFuture<Object> answer = new CompletableFuture<>();
  private final AtomicInteger told = new AtomicInteger();

  @Override
  public void durable(Receipt receipt) {
    told.incrementAndGet();
    answer.complete(receipt);
  }

  @Override
  public void failed(AuditUnavailable reason) {
    told.incrementAndGet();
    answer.complete(reason);
  }

  Object answer() {
    try {
      return answer.get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the listener was not told within 20 s", e);
    }
  }

  long index() {
    return answer() instanceof Receipt(long index) ? index : -2;
  }

  AuditUnavailable refusal() {
    if (answer() instanceof AuditUnavailable reason) {
      return reason;
    }
    throw new AssertionError("acknowledged as " + answer());
  }

  int told() {
    return told.get();
  }
}
