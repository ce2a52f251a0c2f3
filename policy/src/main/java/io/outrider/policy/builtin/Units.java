package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArithmetic;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `units.parse` and `units.parse_bytes`: amounts with decimal (`k`, `M`, ...) or binary (`Ki`,
/// `Mi`, ...) units.
final class Units {
  private static final String PREFIXES = "kmgtpe";
  private static final int MAX_LENGTH = 1_000;

  /// What Go's double 0.001 is exactly.
  private static final BigDecimal MILLI = new BigDecimal(0.001);

  private Units() {}

  static void register(Registry r) {
    r.one("units.parse", a -> parse(Args.string(a, 1)));
    r.one("units.parse_bytes", a -> parseBytes(Args.string(a, 1)));
  }

  private static RegoValue parse(String raw) {
    Amount amount = Amount.of("units.parse", raw.replace("\"", ""));
    String unit = amount.unit;
    if (unit.length() > 1) {
      // Case tells milli from mega, so only what follows the first letter may be in either.
      unit = unit.charAt(0) + unit.substring(1).toLowerCase(Locale.ROOT);
    }
    BigDecimal factor = unit.equals("m") ? MILLI : factor(unit.toLowerCase(Locale.ROOT), false);
    if (factor == null || unit.equals("b")) {
      throw Args.error("units.parse: unit " + unit + " not recognized");
    }
    BigDecimal value = amount.number("units.parse").multiply(factor);
    if (value.signum() == 0 || value.stripTrailingZeros().scale() <= 0) {
      return RegoNumber.of(value.toBigIntegerExact());
    }
    return RegoNumber.parse(value.setScale(10, RoundingMode.HALF_UP).toPlainString());
  }

  private static RegoValue parseBytes(String raw) {
    String name = "units.parse_bytes";
    Amount amount = Amount.of(name, raw.toLowerCase(Locale.ROOT).replace("\"", ""));
    BigDecimal factor = factor(amount.unit, true);
    if (factor == null) {
      throw Args.error(name + ": byte unit " + amount.unit + " not recognized");
    }
    BigDecimal number = amount.number(name);
    if (number.stripTrailingZeros().scale() <= 0) {
      return RegoNumber.of(number.multiply(factor).toBigInteger());
    }
    // Fractions go through OPA's binary floats, which may fall short of the next integer.
    RegoNumber product =
        RegoArithmetic.times(
            RegoNumber.parse(number.toString()), RegoNumber.of(factor.toBigInteger()));
    return RegoNumber.of(product.asBigDecimal().toBigInteger());
  }

  /// The factor of a lower-case unit, or null when it is none. Bytes may have a `b` at the end.
  private static @Nullable BigDecimal factor(String unit, boolean isBytes) {
    if (unit.isEmpty()) {
      return BigDecimal.ONE;
    }
    String rest = unit.substring(1);
    if (isBytes && rest.endsWith("b")) {
      rest = rest.substring(0, rest.length() - 1);
    }
    int power = PREFIXES.indexOf(unit.charAt(0)) + 1;
    if (power == 0) {
      return null;
    }
    return switch (rest) {
      case "" -> BigDecimal.ONE.scaleByPowerOfTen(3 * power);
      case "i" -> new BigDecimal(BigInteger.ONE.shiftLeft(10 * power));
      default -> null;
    };
  }

  /// The digits of an amount and its unit.
  private record Amount(String digits, String unit) {
    private static final Map<String, String> NO_AMOUNT =
        Map.of(
            "units.parse", "no amount provided",
            "units.parse_bytes", "no byte amount provided");

    static Amount of(String function, String text) {
      if (text.indexOf(' ') >= 0) {
        throw Args.error(function + ": spaces not allowed in resource strings");
      }
      if (text.length() > MAX_LENGTH) {
        throw Args.error(
            function + ": " + text.length() + " characters (expected: at most " + MAX_LENGTH + ")");
      }
      int end = numberEnd(function, text);
      if (end == 0) {
        throw Args.error(function + ": " + NO_AMOUNT.get(function));
      }
      return new Amount(text.substring(0, end), text.substring(end));
    }

    private static int numberEnd(String function, String text) {
      int at = 0;
      while (at < text.length()) {
        char c = text.charAt(at);
        if (c == 'e' || c == 'E') {
          int exponent = at + 1;
          if (exponent < text.length() && isSign(text.charAt(exponent))) {
            exponent++;
          } else if (exponent >= text.length() || !isDigit(text.charAt(exponent))) {
            return at;
          }
          int digits = exponent;
          while (digits < text.length() && isDigit(text.charAt(digits))) {
            digits++;
          }
          if (digits - exponent > 6) {
            throw Args.error(function + ": exponent too large");
          }
          at = exponent;
        } else if (isDigit(c) || c == '.' || isSign(c)) {
          at++;
        } else {
          return at;
        }
      }
      return at;
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }

    private static boolean isSign(char c) {
      return c == '+' || c == '-';
    }

    BigDecimal number(String function) {
      try {
        BigDecimal value = new BigDecimal(digits);
        if (Math.abs((long) value.scale()) > RegoNumber.MAX_EXPONENT) {
          throw Args.error(function + ": exponent too large");
        }
        return value;
      } catch (NumberFormatException e) {
        throw Args.error(
            function
                + (function.equals("units.parse")
                    ? ": could not parse amount to a number"
                    : ": could not parse byte amount to a number"));
      }
    }
  }
}
