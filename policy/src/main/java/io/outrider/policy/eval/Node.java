package io.outrider.policy.eval;

import io.outrider.policy.value.RegoValue;
import org.jspecify.annotations.Nullable;

/// Computes the value of a term all of whose variables are bound.
abstract class Node {
  /// The value, null for undefined, or [Unknown#VALUE].
  abstract @Nullable RegoValue eval(Eval cx, Frame f);

  /// The value if it never changes, or null.
  @Nullable RegoValue constant() {
    return null;
  }
}
