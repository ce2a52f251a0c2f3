package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `sprintf` with the verbs and the error notes of Go's `fmt`, for the four kinds of argument OPA
/// hands to it: 64-bit integers, larger integers, doubles, and text for everything else. One
/// instance formats one string.
final class GoFormat {
  /// Go's own bound on widths and precisions.
  private static final int MAX_WIDTH = 1_000_000;

  private final BuiltinContext cx;
  private final String format;
  private final List<Object> args;
  private final StringBuilder out = new StringBuilder();

  private int at;
  private int nextArg;
  private boolean reordered;
  private boolean goodIndex;

  private boolean sharp;
  private boolean zero;
  private boolean plus;
  private boolean minus;
  private boolean space;
  private int width;
  private int precision;

  private GoFormat(BuiltinContext cx, String format, List<Object> args) {
    this.cx = cx;
    this.format = format;
    this.args = args;
  }

  static String format(BuiltinContext cx, String format, Iterable<RegoValue> values) {
    List<Object> args = new ArrayList<>();
    for (RegoValue value : values) {
      args.add(argument(value));
    }
    return new GoFormat(cx, format, args).run();
  }

  private static Object argument(RegoValue value) {
    return switch (value) {
      case RegoNumber n when !n.isWrittenAsInteger() -> {
        double d = n.asDouble();
        yield Double.isInfinite(d) ? n.text() : (Object) d;
      }
      case RegoNumber n when n.isLong() -> (Object) n.asLong();
      case RegoNumber n -> n.asBigInteger();
      case RegoString s -> s.value();
      default -> value.toString();
    };
  }

  private String run() {
    boolean everReordered = false;
    while (at < format.length()) {
      int percent = format.indexOf('%', at);
      if (percent < 0) {
        out.append(format, at, format.length());
        break;
      }
      out.append(format, at, percent);
      at = percent + 1;
      reordered = false;
      goodIndex = true;
      verb();
      everReordered |= reordered;
      Sizes.checkString(cx, out.length());
    }
    if (!everReordered && nextArg < args.size()) {
      extra();
    }
    return out.toString();
  }

  private void verb() {
    sharp = zero = plus = minus = space = false;
    width = precision = -1;
    flags();
    boolean afterIndex = argIndex();
    if (peek() == '*') {
      at++;
      starWidth();
      afterIndex = false;
    } else {
      width = digits();
      if (afterIndex && width >= 0) {
        goodIndex = false;
      }
    }
    if (at + 1 <= format.length() && peek() == '.') {
      at++;
      if (afterIndex) {
        goodIndex = false;
      }
      afterIndex = argIndex();
      if (peek() == '*') {
        at++;
        starPrecision();
        afterIndex = false;
      } else {
        precision = Math.max(digits(), 0);
      }
    }
    if (!afterIndex) {
      argIndex();
    }
    if (at >= format.length()) {
      out.append("%!(NOVERB)");
      return;
    }
    int verb = format.codePointAt(at);
    at += Character.charCount(verb);
    if (verb == '%') {
      out.append('%');
    } else if (!goodIndex) {
      note(verb, "BADINDEX");
    } else if (nextArg >= args.size()) {
      note(verb, "MISSING");
    } else {
      print(args.get(nextArg++), verb);
    }
  }

  private void flags() {
    for (; at < format.length(); at++) {
      switch (format.charAt(at)) {
        case '#' -> sharp = true;
        case '0' -> zero = true;
        case '+' -> plus = true;
        case '-' -> minus = true;
        case ' ' -> space = true;
        default -> {
          return;
        }
      }
    }
  }

  private char peek() {
    return at < format.length() ? format.charAt(at) : 0;
  }

  /// The decimal number at this place, or -1 when there is none or it is too large.
  private int digits() {
    int start = at;
    long value = 0;
    while (peek() >= '0' && peek() <= '9') {
      value = Math.min(value * 10 + (peek() - '0'), MAX_WIDTH + 1L);
      at++;
    }
    return at == start || value > MAX_WIDTH ? -1 : (int) value;
  }

  /// Reads `[n]`, which names the next argument to use, and says whether it was there.
  private boolean argIndex() {
    if (peek() != '[') {
      return false;
    }
    reordered = true;
    int close = format.indexOf(']', at);
    if (close < 0) {
      goodIndex = false;
      at++;
      return false;
    }
    String text = format.substring(at + 1, close);
    at = close + 1;
    if (text.matches("[0-9]{1,6}")
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) <= args.size()) {
      nextArg = Integer.parseInt(text) - 1;
      return true;
    }
    goodIndex = false;
    return true;
  }

  private void starWidth() {
    if (nextArg < args.size()
        && args.get(nextArg++) instanceof Long n
        && Math.abs(n) <= MAX_WIDTH) {
      width = Math.abs(n.intValue());
      if (n < 0) {
        minus = true;
        zero = false;
      }
    } else {
      out.append("%!(BADWIDTH)");
    }
  }

  private void starPrecision() {
    if (nextArg < args.size()
        && args.get(nextArg++) instanceof Long n
        && n >= 0
        && n <= MAX_WIDTH) {
      precision = n.intValue();
    } else {
      out.append("%!(BADPREC)");
    }
  }

  private void note(int verb, String problem) {
    out.append("%!").appendCodePoint(verb).append('(').append(problem).append(')');
  }

  private void extra() {
    out.append("%!(EXTRA ");
    for (int i = nextArg; i < args.size(); i++) {
      if (i > nextArg) {
        out.append(", ");
      }
      out.append(goType(args.get(i))).append('=').append(plain(args.get(i)));
    }
    out.append(')');
  }

  private static String goType(Object arg) {
    return switch (arg) {
      case Long _ -> "int64";
      case BigInteger _ -> "*big.Int";
      case Double _ -> "float64";
      default -> "string";
    };
  }

  private static String plain(Object arg) {
    return arg instanceof Double d ? GoFloats.general(d, -1, false, 'e') : arg.toString();
  }

  private void print(Object arg, int verb) {
    if (verb == 'T') {
      pad(truncated(goType(arg)), zero);
      return;
    }
    if (verb == 'v') {
      // A plus asks %v for the names of fields, which no argument has, and not for a sign.
      plus = false;
    }
    boolean known =
        switch (arg) {
          case Long n -> integer(BigInteger.valueOf(n), verb, false);
          case BigInteger n -> integer(n, verb, true);
          case Double d -> real(d, verb);
          default -> text((String) arg, verb);
        };
    if (!known) {
      badVerb(arg, verb);
    }
  }

  /// Notes a verb that does not fit, with the argument formatted by the same flags as it would be
  /// by `%v`.
  private void badVerb(Object arg, int verb) {
    out.append("%!").appendCodePoint(verb).append('(');
    switch (arg) {
      case BigInteger n -> out.append("big.Int=").append(n);
      case Long n -> {
        out.append("int64=");
        integer(BigInteger.valueOf(n), 'v', false);
      }
      case Double d -> {
        out.append("float64=");
        real(d, 'g');
      }
      default -> {
        out.append("string=");
        pad(truncated((String) arg), zero);
      }
    }
    out.append(')');
  }

  private boolean integer(BigInteger n, int verb, boolean isBig) {
    switch (verb) {
      case 'v', 'd' -> radix(n, 10, "", false);
      case 'b' -> radix(n, 2, sharp ? "0b" : "", false);
      case 'o' -> radix(n, 8, sharp ? "0" : "", false);
      case 'O' -> radix(n, 8, "0o", false);
      case 'x' -> radix(n, 16, sharp ? "0x" : "", false);
      case 'X' -> radix(n, 16, sharp ? "0X" : "", true);
      case 's' -> {
        if (!isBig) {
          return false;
        }
        radix(n, 10, "", false);
      }
      case 'c' -> {
        if (isBig) {
          return false;
        }
        pad(Character.toString(codePoint(n)), zero);
      }
      case 'q' -> {
        if (isBig) {
          return false;
        }
        pad(GoQuote.character(codePoint(n), plus), zero);
      }
      case 'U' -> {
        if (isBig) {
          return false;
        }
        String hex = n.and(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE)).toString(16);
        String point =
            "U+" + "0".repeat(Math.max(0, 4 - hex.length())) + hex.toUpperCase(Locale.ROOT);
        boolean shows =
            sharp && n.bitLength() <= 21 && codePoint(n) == n.intValue() && isPrinted(n.intValue());
        pad(shows ? point + " '" + Character.toString(codePoint(n)) + "'" : point, false);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /// Whether Go prints a character as it is.
  private static boolean isPrinted(int c) {
    String quoted = GoQuote.character(c, false);
    return c == '\'' || c == '\\' || quoted.codePointCount(0, quoted.length()) == 3;
  }

  private static int codePoint(BigInteger n) {
    boolean valid =
        n.signum() >= 0
            && n.bitLength() <= 21
            && Character.isValidCodePoint(n.intValue())
            && Character.getType(n.intValue()) != Character.SURROGATE;
    return valid ? n.intValue() : 0xFFFD;
  }

  private void radix(BigInteger n, int base, String prefix, boolean upper) {
    String digits = n.abs().toString(base);
    if (upper) {
      digits = digits.toUpperCase(Locale.ROOT);
    }
    if (precision == 0 && n.signum() == 0) {
      pad("", false);
      return;
    }
    if (precision > digits.length()) {
      digits = "0".repeat(precision - digits.length()) + digits;
    }
    if (base == 8 && prefix.equals("0") && digits.startsWith("0")) {
      prefix = "";
    }
    String sign = sign(n.signum() < 0);
    int room = width - sign.length() - prefix.length();
    if (zero && !minus && precision < 0 && room > digits.length()) {
      digits = "0".repeat(room - digits.length()) + digits;
    }
    pad(sign + prefix + digits, false);
  }

  private String sign(boolean negative) {
    if (negative) {
      return "-";
    }
    if (plus) {
      return "+";
    }
    return space ? " " : "";
  }

  private boolean real(double d, int verb) {
    double size = Math.abs(d);
    String digits =
        switch (verb) {
          case 'v', 'g' -> GoFloats.general(size, precision, false, 'e');
          case 'G' -> GoFloats.general(size, precision, false, 'E');
          case 'e' -> GoFloats.exponent(new BigDecimal(size), orSix(), 'e');
          case 'E' -> GoFloats.exponent(new BigDecimal(size), orSix(), 'E');
          case 'f', 'F' -> GoFloats.fixed(new BigDecimal(size), orSix(), false);
          case 'b' -> GoFloats.binary(size);
          case 'x', 'X' -> GoFloats.hexadecimal(size, precision, verb == 'X');
          default -> null;
        };
    if (digits == null) {
      return false;
    }
    if (sharp && verb != 'b' && verb != 'v') {
      boolean isGeneral = verb == 'g' || verb == 'G' || verb == 'x';
      digits = GoFloats.withPoint(digits, !isGeneral ? 0 : precision < 0 ? 6 : precision);
    }
    String sign = sign(d < 0);
    int room = width - sign.length();
    if (zero && !minus && room > digits.length()) {
      digits = "0".repeat(room - digits.length()) + digits;
    }
    pad(sign + digits, false);
    return true;
  }

  private int orSix() {
    return precision < 0 ? 6 : precision;
  }

  private boolean text(String s, int verb) {
    switch (verb) {
      case 'v' -> pad(sharp ? GoQuote.string(truncated(s), false) : truncated(s), zero);
      case 's' -> pad(truncated(s), zero);
      case 'q' -> {
        String part = truncated(s);
        boolean raw = sharp && GoQuote.canBackquote(part);
        pad(raw ? "`" + part + "`" : GoQuote.string(part, plus), zero);
      }
      case 'x' -> hex(s, false);
      case 'X' -> hex(s, true);
      default -> {
        return false;
      }
    }
    return true;
  }

  private String truncated(String s) {
    if (precision < 0 || s.codePointCount(0, s.length()) <= precision) {
      return s;
    }
    return s.substring(0, s.offsetByCodePoints(0, precision));
  }

  private void hex(String s, boolean upper) {
    byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
    int count = precision >= 0 ? Math.min(precision, bytes.length) : bytes.length;
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < count; i++) {
      if (space && i > 0) {
        hex.append(' ');
      }
      if (sharp && (space || i == 0)) {
        hex.append("0x");
      }
      hex.append(Character.forDigit((bytes[i] >> 4) & 15, 16));
      hex.append(Character.forDigit(bytes[i] & 15, 16));
    }
    String text = hex.toString();
    pad(upper ? text.toUpperCase(Locale.ROOT) : text, zero);
  }

  /// Appends the text, filled up to the width on the side the flags say.
  private void pad(String text, boolean withZeros) {
    int missing = width - text.codePointCount(0, text.length());
    if (missing <= 0) {
      out.append(text);
      return;
    }
    Sizes.checkString(cx, (long) out.length() + missing);
    if (minus) {
      out.append(text).repeat(' ', missing);
    } else {
      out.repeat(withZeros ? '0' : ' ', missing).append(text);
    }
  }
}
