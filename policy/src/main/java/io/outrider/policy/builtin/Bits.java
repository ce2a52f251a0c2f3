package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoValue;
import java.math.BigInteger;
import java.util.function.BinaryOperator;

/// The `bits.*` functions, on integers of any size in two's complement.
final class Bits {
  /// A longer number is refused: `bits.lsh(1, 1e9)` would be 125 MB.
  private static final int MAX_BITS = 1 << 20;

  private Bits() {}

  static void register(Registry r) {
    two(r, "bits.and", BigInteger::and);
    two(r, "bits.or", BigInteger::or);
    two(r, "bits.xor", BigInteger::xor);
    r.one("bits.negate", a -> RegoNumber.of(Args.bigInteger(a, 1).not()));
    r.two("bits.lsh", Bits::left);
    r.two("bits.rsh", Bits::right);
  }

  private static void two(Registry r, String name, BinaryOperator<BigInteger> operation) {
    r.two(
        name,
        (a, b) -> RegoNumber.of(operation.apply(Args.bigInteger(a, 1), Args.bigInteger(b, 2))));
  }

  private static RegoValue left(RegoValue a, RegoValue b) {
    BigInteger value = Args.bigInteger(a, 1);
    BigInteger shift = shift(b);
    if (shift.bitLength() > 31 || value.bitLength() + shift.longValue() > MAX_BITS) {
      throw Args.error("number too big (expected: at most " + MAX_BITS + " bits)");
    }
    return RegoNumber.of(value.shiftLeft(shift.intValue()));
  }

  private static RegoValue right(RegoValue a, RegoValue b) {
    BigInteger value = Args.bigInteger(a, 1);
    BigInteger shift = shift(b);
    int places = shift.bitLength() > 31 ? Integer.MAX_VALUE : shift.intValue();
    return RegoNumber.of(value.shiftRight(places));
  }

  private static BigInteger shift(RegoValue b) {
    BigInteger shift = Args.bigInteger(b, 2);
    if (shift.signum() < 0) {
      throw Args.operand(2, "must be an unsigned integer number but got a negative integer");
    }
    return shift;
  }
}
