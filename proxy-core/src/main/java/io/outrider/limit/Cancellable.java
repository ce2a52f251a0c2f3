package io.outrider.limit;

/// Something under way that can still be called off. Thread-safe and idempotent.
@FunctionalInterface
public interface Cancellable {

  /// Calls it off. Returns true when this call did so, and false when it was already done, already
  /// called off, or too late.
  boolean cancel();
}
