package io.outrider.policy.eval;

import io.outrider.policy.compile.IrTerm.Callee;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.util.BitSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What rules see: `input`, base data, which of them a `with` has replaced, and what they have been
/// found to be so far.
final class Env {
  final @Nullable Env outer;
  final @Nullable RegoValue input;
  final RegoObject data;

  /// Nodes of the document tree that `with data...` has replaced, by id; null outside of any such
  /// `with`.
  final @Nullable BitSet hidden;

  /// Functions that a `with` has replaced, by built-in or rule set.
  final @Nullable Map<Object, Mock> mocks;

  final @Nullable Unknown unknowns;

  /// One place per rule set; what it holds is the affair of [Rules].
  final @Nullable Object[] memo;

  /// A replacement: another function, or a value.
  record Mock(@Nullable Callee function, @Nullable RegoValue value) {}

  Env(
      @Nullable Env outer,
      @Nullable RegoValue input,
      RegoObject data,
      @Nullable BitSet hidden,
      @Nullable Map<Object, Mock> mocks,
      @Nullable Unknown unknowns,
      int ruleSets) {
    this.outer = outer;
    this.input = input;
    this.data = data;
    this.hidden = hidden;
    this.mocks = mocks;
    this.unknowns = unknowns;
    this.memo = new Object[ruleSets];
  }
}
