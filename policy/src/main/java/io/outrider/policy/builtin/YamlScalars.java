package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a plain YAML scalar means to the YAML library OPA uses: YAML 1.2 with the numbers of 1.1,
/// where `yes` and dates are strings.
final class YamlScalars {
  private static final Pattern INTEGER =
      Pattern.compile("[-+]?(0x[0-9a-fA-F_]+|0b[01_]+|0o?[0-7_]+|[0-9][0-9_]*)");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9][0-9_]*(\\.[0-9_]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern SEXAGESIMAL =
      Pattern.compile("[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?");
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?");
  private static final Pattern OLD_BOOLEAN =
      Pattern.compile("y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF");

  /// Longer number texts are read as strings; nobody writes such numbers in YAML.
  private static final int MAX_NUMBER = 400;

  private YamlScalars() {}

  /// The value of a plain scalar.
  static RegoValue resolve(String text) {
    switch (text) {
      case "", "~", "null", "Null", "NULL" -> {
        return RegoNull.NULL;
      }
      case "true", "True", "TRUE" -> {
        return RegoBoolean.TRUE;
      }
      case "false", "False", "FALSE" -> {
        return RegoBoolean.FALSE;
      }
      case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" ->
          throw Args.error("json: unsupported value: +Inf");
      case "-.inf", "-.Inf", "-.INF" -> throw Args.error("json: unsupported value: -Inf");
      case ".nan", ".NaN", ".NAN" -> throw Args.error("json: unsupported value: NaN");
      default -> {
        RegoValue number = number(text);
        return number == null ? RegoString.of(text) : number;
      }
    }
  }

  private static @Nullable RegoNumber number(String text) {
    if (text.length() > MAX_NUMBER) {
      return null;
    }
    if (INTEGER.matcher(text).matches()) {
      RegoNumber integer = integer(text.replace("_", ""));
      if (integer != null) {
        return integer;
      }
    }
    if (!FLOAT.matcher(text).matches()) {
      return null;
    }
    double value = Double.parseDouble(text.replace("_", ""));
    // What no double can hold is text.
    return Double.isInfinite(value) ? null : GoFloats.json(value);
  }

  /// The integer, or null when it has no digits or does not fit 64 bits; then it is a double.
  private static @Nullable RegoNumber integer(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    int radix = 10;
    if (digits.startsWith("0x")) {
      radix = 16;
      digits = digits.substring(2);
    } else if (digits.startsWith("0b")) {
      radix = 2;
      digits = digits.substring(2);
    } else if (digits.startsWith("0o")) {
      radix = 8;
      digits = digits.substring(2);
    } else if (digits.length() > 1 && digits.startsWith("0")) {
      radix = 8;
    }
    if (digits.isEmpty() || (radix == 8 && !digits.matches("[0-7]+"))) {
      return null;
    }
    BigInteger value = new BigInteger(digits, radix);
    BigInteger signed = negative ? value.negate() : value;
    return signed.bitLength() <= Long.SIZE - (negative ? 1 : 0) ? RegoNumber.of(signed) : null;
  }

  /// Whether a string can be written without quotes and still be read back as a string by any YAML
  /// reader.
  static boolean isPlainString(String text) {
    if (text.startsWith(".inf") || text.equalsIgnoreCase(".nan") || text.contains(".inf")) {
      return false;
    }
    return !OLD_BOOLEAN.matcher(text).matches()
        && !SEXAGESIMAL.matcher(text).matches()
        && !DATE.matcher(text).matches()
        && number(text) == null
        && !isWord(text);
  }

  private static boolean isWord(String text) {
    return switch (text) {
      case "", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE" ->
          true;
      default -> false;
    };
  }

  /// Whether an integer fits 64 bits, with or without a sign.
  private static boolean isWord64(BigInteger n) {
    return n.signum() < 0 ? n.bitLength() < 64 : n.bitLength() <= 64;
  }

  /// The text of a number as YAML is to show it.
  static String text(RegoNumber number) {
    if (number.signum() == 0) {
      return "0";
    }
    if (number.isWrittenAsInteger() && isWord64(number.asBigInteger())) {
      return number.text();
    }
    double value = number.asDouble();
    // What no double can hold stays as it is written.
    return Double.isInfinite(value) ? number.text() : GoFloats.general(value, -1, false, 'e');
  }
}
