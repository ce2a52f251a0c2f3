package io.outrider.policy.builtin;

import java.math.BigInteger;

/// Bounds on what one call may build. OPA has none, and `numbers.range(1, 1e12)` would take all
/// memory.
final class Sizes {
  /// Elements of one collection; the largest lists seen in policies have some ten thousand.
  static final int MAX_ELEMENTS = 1_000_000;

  /// UTF-16 units of one string: more than any MCP message may have.
  static final int MAX_STRING = 32 * 1024 * 1024;

  private Sizes() {}

  /// Charges the building of a collection, and refuses it when it would be too large.
  static void checkElements(BuiltinContext cx, BigInteger elements) {
    if (elements.compareTo(BigInteger.valueOf(MAX_ELEMENTS)) > 0) {
      throw Args.error(
          "result would have " + elements + " elements (expected: at most " + MAX_ELEMENTS + ")");
    }
    cx.spend(elements.longValue());
  }

  static void checkElements(BuiltinContext cx, long elements) {
    checkElements(cx, BigInteger.valueOf(elements));
  }

  /// Charges the building of a string, and refuses it when it would be too long.
  static void checkString(BuiltinContext cx, long length) {
    if (length > MAX_STRING) {
      throw Args.error(
          "result would have " + length + " characters (expected: at most " + MAX_STRING + ")");
    }
    // A step is worth about one small value; characters are cheaper than that.
    cx.spend(length >> 5);
  }
}
