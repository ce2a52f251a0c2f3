package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoValue;
import org.jspecify.annotations.Nullable;

/// One built-in function. Implementations are stateless and safe to share between threads; what a
/// call needs to remember lives in its [BuiltinContext].
public interface Builtin {
  /// What it is called, takes and gives.
  Signature signature();

  /// The name policies call it by, such as `object.get`; operators have the names OPA gives them
  /// (`plus`, `eq`).
  default String name() {
    return signature().name();
  }

  /// The number of arguments.
  default int arity() {
    return signature().arity();
  }

  /// The result, or null when the call is undefined. Throws [BuiltinException] for an error in the
  /// arguments.
  @Nullable RegoValue call(BuiltinContext cx, RegoValue[] args);

  /// [#call] with one argument, without the array.
  default @Nullable RegoValue call(BuiltinContext cx, RegoValue a) {
    return call(cx, new RegoValue[] {a});
  }

  /// [#call] with two arguments, without the array.
  default @Nullable RegoValue call(BuiltinContext cx, RegoValue a, RegoValue b) {
    return call(cx, new RegoValue[] {a, b});
  }

  /// Whether two calls with equal arguments may differ (time, randomness), so that a decision must
  /// not be cached.
  default boolean isNondeterministic() {
    return signature().nondeterministic();
  }

  /// Whether the function is a relation: its result is an array of all its results, each to be
  /// unified in turn. Only `walk` is one.
  default boolean isRelation() {
    return signature().relation();
  }
}
