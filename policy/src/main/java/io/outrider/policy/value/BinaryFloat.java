package io.outrider.policy.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/// A binary floating-point number with a mantissa of fixed size, as OPA computes with for
/// everything that is not an integer: 64 bits, rounded to the nearest and to even, with an
/// unbounded exponent. The value is `mantissa * 2^exponent`.
///
/// @param mantissa zero, or a signed integer of exactly `precision` bits
record BinaryFloat(BigInteger mantissa, int exponent, int precision) {
  /// The mantissa size of Go's `big.Float` when nothing else is said.
  static final int PRECISION = 64;

  /// The mantissa size of a Go `float64` and of what is computed into one.
  static final int DOUBLE_PRECISION = 53;

  /// The float nearest to the decimal.
  static BinaryFloat of(BigDecimal value, int precision) {
    BigInteger unscaled = value.unscaledValue();
    int scale = value.scale();
    return scale <= 0
        ? ratio(unscaled.multiply(BigInteger.TEN.pow(-scale)), BigInteger.ONE, 0, precision)
        : ratio(unscaled, BigInteger.TEN.pow(scale), 0, precision);
  }

  BinaryFloat plus(BinaryFloat other) {
    int common = Math.min(exponent, other.exponent);
    BigInteger sum =
        mantissa
            .shiftLeft(exponent - common)
            .add(other.mantissa.shiftLeft(other.exponent - common));
    return ratio(sum, BigInteger.ONE, common, precision);
  }

  BinaryFloat negate() {
    return new BinaryFloat(mantissa.negate(), exponent, precision);
  }

  BinaryFloat times(BinaryFloat other) {
    return ratio(
        mantissa.multiply(other.mantissa), BigInteger.ONE, exponent + other.exponent, precision);
  }

  /// The quotient; the divisor must not be zero.
  BinaryFloat dividedBy(BinaryFloat other) {
    return ratio(mantissa, other.mantissa, exponent - other.exponent, precision);
  }

  boolean isZero() {
    return mantissa.signum() == 0;
  }

  /// Rounds `numerator / denominator * 2^exponent` to the given number of bits.
  private static BinaryFloat ratio(
      BigInteger numerator, BigInteger denominator, int exponent, int precision) {
    int sign = numerator.signum() * denominator.signum();
    if (sign == 0) {
      return new BinaryFloat(BigInteger.ZERO, 0, precision);
    }
    BigInteger n = numerator.abs();
    BigInteger d = denominator.abs();
    // Scale so that the integer quotient has two or three bits more than needed; the remainder
    // decides the rest.
    int shift = precision + 2 - (n.bitLength() - d.bitLength());
    BigInteger[] parts =
        shift >= 0
            ? n.shiftLeft(shift).divideAndRemainder(d)
            : n.divideAndRemainder(d.shiftLeft(-shift));
    return rounded(parts[0], parts[1].signum() != 0, sign, exponent - shift, precision);
  }

  private static BinaryFloat rounded(
      BigInteger quotient, boolean inexact, int sign, int exponent, int precision) {
    int extra = quotient.bitLength() - precision;
    BigInteger kept = quotient.shiftRight(extra);
    boolean half = quotient.testBit(extra - 1);
    boolean beyondHalf = inexact || quotient.getLowestSetBit() < extra - 1;
    if (half && (beyondHalf || kept.testBit(0))) {
      kept = kept.add(BigInteger.ONE);
    }
    int at = exponent + extra;
    if (kept.bitLength() > precision) {
      kept = kept.shiftRight(1);
      at++;
    }
    return new BinaryFloat(sign < 0 ? kept.negate() : kept, at, precision);
  }

  boolean isInteger() {
    return isZero() || exponent >= 0 || mantissa.getLowestSetBit() >= -exponent;
  }

  /// The integer part, rounded towards zero.
  BigInteger toBigInteger() {
    if (exponent >= 0) {
      return mantissa.shiftLeft(exponent);
    }
    BigInteger magnitude = mantissa.abs().shiftRight(-exponent);
    return mantissa.signum() < 0 ? magnitude.negate() : magnitude;
  }

  /// The number with the shortest text that reads back as this float: plain digits for an integer,
  /// otherwise Go's `%g`.
  RegoNumber toNumber() {
    if (isZero()) {
      return RegoNumber.ZERO;
    }
    BigDecimal shortest = shortest();
    if (isInteger()) {
      return RegoNumber.of(shortest.toBigIntegerExact());
    }
    return RegoNumber.ofDecimal(shortest, general(shortest));
  }

  private static BigDecimal scaled(BigInteger value, int exponent) {
    if (exponent >= 0) {
      return new BigDecimal(value.shiftLeft(exponent));
    }
    // v / 2^k = v * 5^k / 10^k
    return new BigDecimal(value.multiply(BigInteger.valueOf(5).pow(-exponent)), -exponent);
  }

  private BigDecimal shortest() {
    // The interval reaches half a unit in the last place to both sides. Below a power of two that
    // is more than it should
    // be; Go does the same.
    BigInteger twice = mantissa.abs().shiftLeft(1);
    BigDecimal exact = scaled(twice, exponent - 1);
    BigDecimal low = scaled(twice.subtract(BigInteger.ONE), exponent - 1);
    BigDecimal high = scaled(twice.add(BigInteger.ONE), exponent - 1);
    boolean inclusive = !mantissa.testBit(0);
    for (int digits = 1; ; digits++) {
      BigDecimal down = exact.round(new MathContext(digits, RoundingMode.DOWN));
      BigDecimal up = exact.round(new MathContext(digits, RoundingMode.UP));
      boolean downFits = fits(low.compareTo(down), inclusive);
      boolean upFits = fits(up.compareTo(high), inclusive);
      if (downFits || upFits) {
        BigDecimal best;
        if (downFits && upFits) {
          best = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        } else {
          best = downFits ? down : up;
        }
        return mantissa.signum() < 0 ? best.negate() : best;
      }
    }
  }

  private static boolean fits(int order, boolean inclusive) {
    return order < 0 || (inclusive && order == 0);
  }

  /// Go's shortest `%g`: plain digits while the exponent lies in -4 .. 5, otherwise `d.ddde+xx`.
  private static String general(BigDecimal value) {
    BigDecimal v = value.stripTrailingZeros();
    int exponent = v.precision() - v.scale() - 1;
    if (exponent >= -4 && exponent < 6) {
      return v.toPlainString();
    }
    String digits = v.unscaledValue().abs().toString();
    StringBuilder out = new StringBuilder();
    if (v.signum() < 0) {
      out.append('-');
    }
    out.append(digits.charAt(0));
    if (digits.length() > 1) {
      out.append('.').append(digits, 1, digits.length());
    }
    out.append('e').append(exponent < 0 ? '-' : '+');
    int magnitude = Math.abs(exponent);
    if (magnitude < 10) {
      out.append('0');
    }
    return out.append(magnitude).toString();
  }
}
