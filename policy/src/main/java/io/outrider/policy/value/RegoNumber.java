package io.outrider.policy.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// An exact decimal number. Text that was read is written back as it stood (`1.0`, `1e6`), while
/// comparison, equality and hashing go by value. Integers that fit a `long` take a fast path
/// everywhere.
public final class RegoNumber implements RegoValue {
  /// Decimal exponents beyond this are refused when read: such a number is a few bytes long and
  /// would take megabytes to compute with. OPA's own limit on literals is of the same size.
  public static final int MAX_EXPONENT = 100_000;

  private static final int CACHE_LOW = -128;
  private static final RegoNumber[] CACHE = new RegoNumber[128 + 1024];

  static {
    for (int i = 0; i < CACHE.length; i++) {
      CACHE[i] = new RegoNumber(CACHE_LOW + i, null, null);
    }
  }

  public static final RegoNumber ZERO = of(0);
  public static final RegoNumber ONE = of(1);

  /// What OPA's floats give for `0 * -1.5`. Equal to zero, and written `-0`.
  static final RegoNumber NEGATIVE_ZERO = new RegoNumber(0, null, "-0");

  private final long small;
  // The exact value when it is not an integer in the range of long.
  private final @Nullable BigDecimal exact;
  private @Nullable String text;

  private RegoNumber(long small, @Nullable BigDecimal exact, @Nullable String text) {
    this.small = small;
    this.exact = exact;
    this.text = text;
  }

  public static RegoNumber of(long value) {
    long slot = value - CACHE_LOW;
    return slot >= 0 && slot < CACHE.length ? CACHE[(int) slot] : new RegoNumber(value, null, null);
  }

  public static RegoNumber of(BigInteger value) {
    return value.bitLength() < Long.SIZE
        ? of(value.longValue())
        : new RegoNumber(0, new BigDecimal(value), null);
  }

  /// A number read from text, which must be a JSON number (a leading dot is accepted as well).
  /// Throws [NumberFormatException] when it is not, or when its exponent is beyond [#MAX_EXPONENT].
  public static RegoNumber parse(String text) {
    int length = text.length();
    if (length == 0) {
      throw new NumberFormatException("number: empty text (expected: a JSON number)");
    }
    if (length < 19 && isPlainInteger(text)) {
      long value = Long.parseLong(text);
      // Only "-0" is JSON and still not what the value prints as.
      return text.equals("-0") ? new RegoNumber(0, null, text) : of(value);
    }
    BigDecimal value = readDecimal(text);
    return ofDecimal(value, isJson(text) ? text : value.toString().replace("E", "e"));
  }

  private static boolean isJson(String text) {
    int at = text.charAt(0) == '-' ? 1 : 0;
    int afterWhole = skipDigits(text, at);
    if (afterWhole == at || (text.charAt(at) == '0' && afterWhole > at + 1)) {
      return false;
    }
    at = afterWhole;
    if (at < text.length() && text.charAt(at) == '.') {
      int afterFraction = skipDigits(text, at + 1);
      if (afterFraction == at + 1) {
        return false;
      }
      at = afterFraction;
    }
    // What is left is an exponent, and BigDecimal has read it.
    return true;
  }

  private static int skipDigits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  /// A number with the exact value of the decimal and the given text.
  static RegoNumber ofDecimal(BigDecimal value, String text) {
    if (value.signum() == 0) {
      return new RegoNumber(0, null, text);
    }
    long magnitude = (long) value.precision() - value.scale();
    if (magnitude <= 19) {
      // Stripping tells integers such as 1.50e1 from fractions without building large powers of
      // ten.
      BigDecimal stripped = value.stripTrailingZeros();
      if (stripped.scale() <= 0) {
        BigInteger whole = stripped.toBigIntegerExact();
        if (whole.bitLength() < Long.SIZE) {
          return new RegoNumber(whole.longValue(), null, text);
        }
      }
    }
    return new RegoNumber(0, value, text);
  }

  private static boolean isPlainInteger(String text) {
    int start = text.charAt(0) == '-' ? 1 : 0;
    if (start == text.length()) {
      return false;
    }
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
    }
    return true;
  }

  private static BigDecimal readDecimal(String text) {
    BigDecimal value;
    try {
      value = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new NumberFormatException("number: " + clip(text) + " (expected: a JSON number)");
    }
    long magnitude = (long) value.precision() - value.scale();
    if (magnitude > MAX_EXPONENT || -(long) value.scale() < -2L * MAX_EXPONENT) {
      throw new NumberFormatException("number too big: " + clip(text));
    }
    return value;
  }

  private static String clip(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  /// Whether the value has no fractional part; `1.0` and `1e3` are integers.
  public boolean isInteger() {
    BigDecimal e = exact;
    return e == null || e.scale() <= 0 || e.stripTrailingZeros().scale() <= 0;
  }

  /// Whether the value is an integer that [#asLong] can give.
  public boolean isLong() {
    return exact == null;
  }

  /// The value as a long; throws [ArithmeticException] when it is not an integer in that range.
  public long asLong() {
    if (exact != null) {
      throw new ArithmeticException("number: " + clip(text()) + " (expected: a 64-bit integer)");
    }
    return small;
  }

  /// Whether the number was written as a plain integer, without fraction or exponent. OPA's
  /// operands that must be `int` ask for this form.
  public boolean isWrittenAsInteger() {
    String t = text;
    return t == null || isPlainInteger(t);
  }

  /// Whether the number was written with an exponent.
  public boolean hasExponent() {
    String t = text;
    return t != null && (t.indexOf('e') >= 0 || t.indexOf('E') >= 0);
  }

  /// The exact value as a big integer; throws [ArithmeticException] when it has a fractional part.
  public BigInteger asBigInteger() {
    BigDecimal e = exact;
    return e == null ? BigInteger.valueOf(small) : e.toBigIntegerExact();
  }

  /// The exact value.
  public BigDecimal asBigDecimal() {
    BigDecimal e = exact;
    return e == null ? BigDecimal.valueOf(small) : e;
  }

  /// The nearest double; infinite when the value is out of range.
  public double asDouble() {
    BigDecimal e = exact;
    return e == null ? (double) small : e.doubleValue();
  }

  /// -1, 0 or 1.
  public int signum() {
    BigDecimal e = exact;
    return e == null ? Long.signum(small) : e.signum();
  }

  /// The number as it was written, or its plain integer text when it was computed.
  public String text() {
    String t = text;
    if (t == null) {
      BigDecimal e = exact;
      t = e == null ? Long.toString(small) : e.toPlainString();
      text = t;
    }
    return t;
  }

  @Override
  public RegoType type() {
    return RegoType.NUMBER;
  }

  @Override
  public int compareTo(RegoValue other) {
    if (!(other instanceof RegoNumber n)) {
      return RegoType.NUMBER.compareTo(other.type());
    }
    if (exact == null && n.exact == null) {
      return Long.compare(small, n.small);
    }
    return asBigDecimal().compareTo(n.asBigDecimal());
  }

  @Override
  public boolean equals(Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof RegoNumber n)) {
      return false;
    }
    BigDecimal mine = exact;
    BigDecimal theirs = n.exact;
    if (mine == null || theirs == null) {
      return mine == theirs && small == n.small;
    }
    return mine.compareTo(theirs) == 0;
  }

  @Override
  public int hashCode() {
    BigDecimal e = exact;
    return e == null ? Long.hashCode(small) : e.stripTrailingZeros().hashCode();
  }

  @Override
  public String toString() {
    return text();
  }
}
