package io.outrider.policy.eval;

import io.outrider.policy.value.RegoValue;
import org.jspecify.annotations.Nullable;

/// The variables of one rule while it runs, and what its solutions have given so far.
///
/// A slot is written before it is read on every path, since bodies are ordered that way; going back
/// over a choice overwrites it, so nothing has to be undone.
final class Frame {
  final @Nullable RegoValue[] slots;

  /// Where solutions go: a set builder, a list, an object under construction.
  @Nullable Object sink;

  /// The value of a complete rule or function.
  @Nullable RegoValue result;

  /// Whether the first solution with a constant value is the last word on a complete rule or
  /// function.
  boolean one;

  /// Whether a solution exists that is only possible.
  boolean unknown;

  Frame(int size) {
    slots = new RegoValue[size];
  }
}
