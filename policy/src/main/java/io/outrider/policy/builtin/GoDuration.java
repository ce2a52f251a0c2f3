package io.outrider.policy.builtin;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

/// Durations as Go writes them (`1h30m`, `-1.5s`), with OPA's additional days, weeks and years of
/// 365 days.
final class GoDuration {
  private static final Map<String, Long> NANOS =
      Map.ofEntries(
          Map.entry("ns", 1L),
          Map.entry("us", 1_000L),
          Map.entry("\u00b5s", 1_000L),
          Map.entry("\u03bcs", 1_000L),
          Map.entry("ms", 1_000_000L),
          Map.entry("s", 1_000_000_000L),
          Map.entry("m", 60_000_000_000L),
          Map.entry("h", 3_600_000_000_000L),
          Map.entry("d", 86_400_000_000_000L),
          Map.entry("w", 604_800_000_000_000L),
          Map.entry("y", 31_536_000_000_000_000L));

  /// Longer texts are no durations; their digits would cost quadratic time.
  private static final int MAX_LENGTH = 200;

  private GoDuration() {}

  /// The duration in nanoseconds; throws when the text is none, or is longer than 292 years.
  static long parse(String text) {
    int at = 0;
    boolean negative = text.startsWith("-");
    if (negative || text.startsWith("+")) {
      at = 1;
    }
    if (text.substring(at).equals("0")) {
      return 0;
    }
    if (at == text.length() || text.length() > MAX_LENGTH) {
      throw invalid(text);
    }
    BigInteger total = BigInteger.ZERO;
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && isNumberPart(text.charAt(end))) {
        end++;
      }
      String number = text.substring(at, end);
      if (number.isEmpty()
          || number.equals(".")
          || number.indexOf('.') != number.lastIndexOf('.')) {
        throw invalid(text);
      }
      int unitEnd = end;
      while (unitEnd < text.length() && !isNumberPart(text.charAt(unitEnd))) {
        unitEnd++;
      }
      String unit = text.substring(end, unitEnd);
      if (unit.isEmpty()) {
        throw Args.error("time: missing unit in duration " + GoQuote.string(text, false));
      }
      Long nanos = NANOS.get(unit);
      if (nanos == null) {
        throw Args.error(
            "time: unknown unit %s in duration %s"
                .formatted(GoQuote.string(unit, false), GoQuote.string(text, false)));
      }
      total =
          total.add(
              new BigDecimal("0" + number).multiply(BigDecimal.valueOf(nanos)).toBigInteger());
      at = unitEnd;
    }
    BigInteger signed = negative ? total.negate() : total;
    if (signed.bitLength() >= Long.SIZE) {
      throw invalid(text);
    }
    return signed.longValue();
  }

  private static boolean isNumberPart(char c) {
    return (c >= '0' && c <= '9') || c == '.';
  }

  private static BuiltinException invalid(String text) {
    return Args.error("time: invalid duration " + GoQuote.string(text, false));
  }
}
