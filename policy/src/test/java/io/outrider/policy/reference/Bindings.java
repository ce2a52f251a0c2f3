package io.outrider.policy.reference;

import io.outrider.policy.value.RegoValue;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables that have a value, by slot. Never changed: a new binding gives a new map.
final class Bindings {
  static final Bindings NONE = new Bindings(Map.of());

  private final Map<Integer, RegoValue> values;

  private Bindings(Map<Integer, RegoValue> values) {
    this.values = values;
  }

  @Nullable RegoValue get(int slot) {
    return values.get(slot);
  }

  boolean has(int slot) {
    return values.containsKey(slot);
  }

  Bindings with(int slot, RegoValue value) {
    Map<Integer, RegoValue> more = new HashMap<>(values);
    more.put(slot, value);
    return new Bindings(more);
  }
}
