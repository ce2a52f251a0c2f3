package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoNumber;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/// The text forms Go has for a double that is not negative.
final class GoFloats {
  private GoFloats() {}

  /// `%g`: with a precision that many digits, without one as few as identify the double.
  static String general(double d, int precision, boolean keepZeros, char exponentSign) {
    if (d < 0) {
      return "-" + general(-d, precision, keepZeros, exponentSign);
    }
    if (precision < 0 && keepZeros) {
      precision = 6;
    }
    boolean shortest = precision < 0;
    BigDecimal value = shortest ? shortest(d) : rounded(new BigDecimal(d), Math.max(precision, 1));
    int exponent = value.signum() == 0 ? 0 : value.precision() - value.scale() - 1;
    int digits = value.signum() == 0 ? 1 : value.stripTrailingZeros().precision();
    int limit = shortest ? 6 : Math.max(precision, 1);
    if (!shortest && limit > digits && digits >= exponent + 1) {
      limit = digits;
    }
    int shown = keepZeros ? Math.max(precision, 1) : digits;
    if (exponent < -4 || exponent >= limit) {
      return exponent(value, shown - 1, exponentSign);
    }
    return fixed(value, Math.max(shown - 1 - exponent, 0), keepZeros);
  }

  private static BigDecimal shortest(double d) {
    // Since JDK 19 this is the shortest text that reads back as the same double, but never less
    // than two digits.
    BigDecimal value = new BigDecimal(Double.toString(d)).stripTrailingZeros();
    if (value.precision() == 2) {
      BigDecimal one = rounded(value, 1);
      return one.doubleValue() == d ? one.stripTrailingZeros() : value;
    }
    return value;
  }

  private static BigDecimal rounded(BigDecimal value, int digits) {
    return value.round(new MathContext(digits, RoundingMode.HALF_EVEN));
  }

  /// `%e`: one digit, the given number of digits behind the point, and an exponent of at least two
  /// digits.
  static String exponent(BigDecimal value, int decimals, char exponentSign) {
    BigDecimal v = rounded(value, decimals + 1);
    int exponent = v.signum() == 0 ? 0 : v.precision() - v.scale() - 1;
    BigDecimal mantissa = v.scaleByPowerOfTen(-exponent).setScale(decimals, RoundingMode.HALF_EVEN);
    int magnitude = Math.abs(exponent);
    return mantissa.toPlainString()
        + exponentSign
        + (exponent < 0 ? '-' : '+')
        + (magnitude < 10 ? "0" : "")
        + magnitude;
  }

  /// `%f`.
  static String fixed(BigDecimal value, int decimals, boolean keepPoint) {
    String text = value.setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    return keepPoint && decimals == 0 ? text + "." : text;
  }

  /// `%b`: the mantissa as an integer and a binary exponent.
  static String binary(double d) {
    long bits = Double.doubleToLongBits(d);
    int exponent = (int) (bits >> 52) & 0x7ff;
    long mantissa = bits & ((1L << 52) - 1);
    if (exponent == 0) {
      exponent = 1;
    } else {
      mantissa |= 1L << 52;
    }
    int power = exponent - 1075;
    return mantissa + "p" + (power < 0 ? "" : "+") + power;
  }

  /// `%x`: hexadecimal mantissa and binary exponent of at least two digits.
  ///
  /// @param precision the number of digits behind the point, or -1 for as many as needed
  static String hexadecimal(double d, int precision, boolean upper) {
    int exponent = d == 0 ? 0 : Math.getExponent(d);
    String mantissa;
    if (d == 0) {
      mantissa = "0x0" + (precision > 0 ? "." + "0".repeat(precision) : "");
    } else {
      BigDecimal one = new BigDecimal(Math.scalb(d, -exponent));
      int digits = precision < 0 ? 13 : precision;
      BigDecimal scale = BigDecimal.valueOf(16).pow(Math.min(digits, 13));
      BigInteger all = one.multiply(scale).setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
      if (all.compareTo(scale.toBigInteger().shiftLeft(1)) >= 0) {
        all = all.shiftRight(1);
        exponent++;
      }
      String text = all.toString(16);
      String fraction = text.substring(1);
      fraction =
          precision < 0
              ? fraction.replaceFirst("0+$", "")
              : fraction + "0".repeat(Math.max(0, precision - fraction.length()));
      mantissa = "0x" + text.charAt(0) + (fraction.isEmpty() ? "" : "." + fraction);
    }
    int magnitude = Math.abs(exponent);
    String text =
        mantissa + "p" + (exponent < 0 ? '-' : '+') + (magnitude < 10 ? "0" : "") + magnitude;
    return upper ? text.toUpperCase(Locale.ROOT) : text;
  }

  /// What the flag `#` does to a number: it gets a point, and zeros until it has so many digits.
  static String withPoint(String number, int digits) {
    boolean isHex = number.startsWith("0x") || number.startsWith("0X");
    int end = 0;
    int missing = digits;
    boolean hasPoint = false;
    boolean counts = false;
    for (; end < number.length(); end++) {
      char c = number.charAt(end);
      if (c == 'p' || c == 'P' || (!isHex && (c == 'e' || c == 'E'))) {
        break;
      }
      if (c == '.') {
        hasPoint = true;
      } else {
        counts |= c != '0';
        missing -= counts ? 1 : 0;
      }
    }
    if (!hasPoint && end == 1 && number.charAt(0) == '0') {
      missing--;
    }
    return number.substring(0, end)
        + (hasPoint ? "" : ".")
        + "0".repeat(Math.max(0, missing))
        + number.substring(end);
  }

  /// The double as Go's JSON encoder writes it: plain digits from 1e-6 up to 1e21.
  static RegoNumber json(double d) {
    double magnitude = Math.abs(d);
    if (Double.isInfinite(magnitude) || Double.isNaN(magnitude)) {
      throw Args.error("json: unsupported value: " + (d > 0 ? "+Inf" : d < 0 ? "-Inf" : "NaN"));
    }
    BigDecimal value = shortest(magnitude);
    if (magnitude == 0) {
      return RegoNumber.parse(1 / d < 0 ? "-0" : "0");
    }
    boolean plain = magnitude >= 1e-6 && magnitude < 1e21;
    String text =
        plain
            ? value.toPlainString()
            : exponent(value, Math.max(value.precision() - 1, 0), 'e').replaceFirst("e-0", "e-");
    return RegoNumber.parse(d < 0 ? "-" + text : text);
  }
}
