package io.outrider.policy.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.BinaryOperator;

/// Arithmetic with OPA's results: integers exact at any size, everything else in binary with a
/// 64-bit mantissa.
///
/// Throws [ArithmeticException] with OPA's message for a zero divisor, for a remainder of
/// fractions, and for results longer than [#MAX_BITS].
public final class RegoArithmetic {
  /// Integers with more bits are refused. Policies count and price; a number of 300,000 digits is
  /// an attack.
  public static final int MAX_BITS = 1 << 20;

  private RegoArithmetic() {}

  public static RegoNumber plus(RegoNumber a, RegoNumber b) {
    if (a.isLong() && b.isLong()) {
      long x = a.asLong();
      long y = b.asLong();
      long sum = x + y;
      if (((x ^ sum) & (y ^ sum)) >= 0) {
        return RegoNumber.of(sum);
      }
    }
    return areIntegers(a, b)
        ? whole(a.asBigInteger().add(b.asBigInteger()))
        : binary(a).plus(binary(b)).toNumber();
  }

  public static RegoNumber minus(RegoNumber a, RegoNumber b) {
    if (a.isLong() && b.isLong()) {
      long x = a.asLong();
      long y = b.asLong();
      long difference = x - y;
      if (((x ^ y) & (x ^ difference)) >= 0) {
        return RegoNumber.of(difference);
      }
    }
    return areIntegers(a, b)
        ? whole(a.asBigInteger().subtract(b.asBigInteger()))
        : binary(a).plus(binary(b).negate()).toNumber();
  }

  public static RegoNumber times(RegoNumber a, RegoNumber b) {
    if (a.isLong() && b.isLong()) {
      long x = a.asLong();
      long y = b.asLong();
      long high = Math.multiplyHigh(x, y);
      long low = x * y;
      if ((high == 0 && low >= 0) || (high == -1 && low < 0)) {
        return RegoNumber.of(low);
      }
    }
    if (!areIntegers(a, b)) {
      // One of them is a fraction and so not zero.
      return a.signum() < 0 || b.signum() < 0
          ? signed(binary(a).times(binary(b)).toNumber())
          : binary(a).times(binary(b)).toNumber();
    }
    BigInteger x = a.asBigInteger();
    BigInteger y = b.asBigInteger();
    if ((long) x.bitLength() + y.bitLength() > MAX_BITS) {
      throw tooBig();
    }
    return RegoNumber.of(x.multiply(y));
  }

  public static RegoNumber dividedBy(RegoNumber a, RegoNumber b) {
    if (b.signum() == 0) {
      throw new ArithmeticException("divide by zero");
    }
    if (a.isLong() && b.isLong()) {
      long x = a.asLong();
      long y = b.asLong();
      if (y != -1 && x % y == 0 && (x != 0 || y > 0)) {
        return RegoNumber.of(x / y);
      }
    }
    RegoNumber result = binary(a).dividedBy(binary(b)).toNumber();
    return b.signum() < 0 ? signed(result) : result;
  }

  /// A zero that comes of a negative number has a sign.
  private static RegoNumber signed(RegoNumber result) {
    return result.signum() == 0 ? RegoNumber.NEGATIVE_ZERO : result;
  }

  public static RegoNumber remainder(RegoNumber a, RegoNumber b) {
    if (!areIntegers(a, b)) {
      throw new ArithmeticException("modulo on floating-point number");
    }
    if (b.signum() == 0) {
      throw new ArithmeticException("modulo by zero");
    }
    return a.isLong() && b.isLong()
        ? RegoNumber.of(a.asLong() % b.asLong())
        : RegoNumber.of(a.asBigInteger().remainder(b.asBigInteger()));
  }

  public static RegoNumber abs(RegoNumber n) {
    if (n.signum() >= 0 && n.isLong()) {
      return RegoNumber.of(n.asLong());
    }
    if (n.isInteger()) {
      return whole(n.asBigInteger().abs());
    }
    BinaryFloat f = binary(n);
    return (n.signum() < 0 ? f.negate() : f).toNumber();
  }

  /// The nearest integer, halves away from zero.
  public static RegoNumber round(RegoNumber n) {
    if (n.isInteger()) {
      return whole(n.asBigInteger());
    }
    BinaryFloat half = BinaryFloat.of(new BigDecimal("0.5"), BinaryFloat.PRECISION);
    return whole(binary(n).plus(n.signum() < 0 ? half.negate() : half).toBigInteger());
  }

  /// The smallest integer not below the number. Of numbers between -1 and 0 it is 1, as in OPA,
  /// whose way to it forgets their sign.
  public static RegoNumber ceil(RegoNumber n) {
    BigInteger towardsZero = integerPart(n);
    return whole(
        n.isInteger() || towardsZero.signum() < 0 ? towardsZero : towardsZero.add(BigInteger.ONE));
  }

  /// The largest integer not above the number. Of numbers between -1 and 0 it is 0, as in OPA,
  /// whose way to it forgets their sign.
  public static RegoNumber floor(RegoNumber n) {
    BigInteger towardsZero = integerPart(n);
    return whole(
        n.isInteger() || towardsZero.signum() >= 0
            ? towardsZero
            : towardsZero.subtract(BigInteger.ONE));
  }

  private static BigInteger integerPart(RegoNumber n) {
    return n.isInteger() ? n.asBigInteger() : n.asBigDecimal().toBigInteger();
  }

  public static RegoNumber sum(Iterable<RegoNumber> numbers) {
    RegoNumber exact = RegoNumber.ZERO;
    for (RegoNumber n : numbers) {
      if (!n.isInteger()) {
        return folded(numbers, BigDecimal.ZERO, BinaryFloat.PRECISION, BinaryFloat::plus);
      }
      exact = plus(exact, n);
    }
    return exact;
  }

  public static RegoNumber product(Iterable<RegoNumber> numbers) {
    RegoNumber exact = RegoNumber.ONE;
    for (RegoNumber n : numbers) {
      if (!n.isInteger()) {
        // OPA starts its product from a double, and the mantissa keeps that size.
        return folded(numbers, BigDecimal.ONE, BinaryFloat.DOUBLE_PRECISION, BinaryFloat::times);
      }
      exact = times(exact, n);
    }
    return exact;
  }

  private static RegoNumber folded(
      Iterable<RegoNumber> numbers,
      BigDecimal start,
      int precision,
      BinaryOperator<BinaryFloat> step) {
    BinaryFloat result = BinaryFloat.of(start, precision);
    for (RegoNumber n : numbers) {
      result = step.apply(result, binary(n));
    }
    return result.toNumber();
  }

  /// The number with its text recomputed from a 64-bit mantissa, as OPA gives it after passing
  /// through a float.
  private static BinaryFloat binary(RegoNumber n) {
    return BinaryFloat.of(n.asBigDecimal(), BinaryFloat.PRECISION);
  }

  private static boolean areIntegers(RegoNumber a, RegoNumber b) {
    return a.isInteger() && b.isInteger();
  }

  private static RegoNumber whole(BigInteger value) {
    if (value.bitLength() > MAX_BITS) {
      throw tooBig();
    }
    return RegoNumber.of(value);
  }

  private static ArithmeticException tooBig() {
    return new ArithmeticException("number too big (expected: at most " + MAX_BITS + " bits)");
  }
}
