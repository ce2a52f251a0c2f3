package io.outrider.policy.value;

/// One immutable Rego value. All implementations are safe to share between threads.
///
/// The order is OPA's: null, booleans, numbers, strings, arrays, objects, sets; [#compareTo] and
/// `equals` agree, so `1` and `1.0` are one set member and one object key. `toString` gives Rego
/// text; JSON text comes from [RegoJson].
public sealed interface RegoValue extends Comparable<RegoValue>
    permits RegoNull, RegoBoolean, RegoNumber, RegoString, RegoArray, RegoObject, RegoSet {

  /// The kind of value; the declaration order of [RegoType] is the sort order of kinds.
  RegoType type();

  /// Whether a body succeeds on this value: everything but `false` does, `null` and `0` included.
  default boolean isTruthy() {
    return this != RegoBoolean.FALSE;
  }

  /// The name that `type_name` reports.
  default String typeName() {
    return type().regoName();
  }
}
