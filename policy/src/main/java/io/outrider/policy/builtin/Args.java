package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Reads arguments of the type a built-in needs. Positions count from 1, as in OPA's messages.
final class Args {
  private Args() {}

  static String string(RegoValue value, int position) {
    if (value instanceof RegoString s) {
      return s.value();
    }
    throw wrongType(value, position, "string");
  }

  static RegoNumber number(RegoValue value, int position) {
    if (value instanceof RegoNumber n) {
      return n;
    }
    throw wrongType(value, position, "number");
  }

  static RegoArray array(RegoValue value, int position) {
    if (value instanceof RegoArray a) {
      return a;
    }
    throw wrongType(value, position, "array");
  }

  static RegoObject object(RegoValue value, int position) {
    if (value instanceof RegoObject o) {
      return o;
    }
    throw wrongType(value, position, "object");
  }

  static RegoSet set(RegoValue value, int position) {
    if (value instanceof RegoSet s) {
      return s;
    }
    throw wrongType(value, position, "set");
  }

  /// An integer, which OPA also accepts as `1.0` but not as `1e0`.
  static long integer(RegoValue value, int position) {
    RegoNumber n = number(value, position);
    if (!n.isLong() || n.hasExponent()) {
      throw operand(position, "must be integer number but got floating-point number");
    }
    return n.asLong();
  }

  /// [#integer], brought into the range of int; values beyond it mean "as many as there are".
  static int intClamped(RegoValue value, int position) {
    return (int) Math.clamp(integer(value, position), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /// An integer of any size, however it was written.
  static BigInteger bigInteger(RegoValue value, int position) {
    if (!(value instanceof RegoNumber n)) {
      throw wrongType(value, position, "integer");
    }
    if (!n.isInteger()) {
      throw operand(position, "must be integer number but got floating-point number");
    }
    return n.asBigInteger();
  }

  /// The strings of an array or set.
  static List<String> strings(RegoValue value, int position) {
    Iterable<RegoValue> items = items(value, position);
    List<String> strings = new ArrayList<>();
    for (RegoValue item : items) {
      if (!(item instanceof RegoString s)) {
        throw wrongElement(value, position, item, "string");
      }
      strings.add(s.value());
    }
    return strings;
  }

  /// The elements of an array or set.
  static Iterable<RegoValue> items(RegoValue value, int position) {
    if (value instanceof RegoArray a) {
      return a;
    }
    if (value instanceof RegoSet s) {
      return s;
    }
    throw wrongType(value, position, "array", "set");
  }

  static BuiltinException wrongType(RegoValue found, int position, String... expected) {
    String wanted =
        expected.length == 1 ? expected[0] : "one of {" + String.join(", ", expected) + "}";
    return operand(position, "must be " + wanted + " but got " + found.typeName());
  }

  static BuiltinException wrongElement(
      RegoValue composite, int position, RegoValue found, String... expected) {
    String wanted =
        expected.length == 1 ? expected[0] + "s" : "(any of) {" + String.join(", ", expected) + "}";
    return operand(
        position,
        "must be %s of %s but got %s containing %s"
            .formatted(composite.typeName(), wanted, composite.typeName(), found.typeName()));
  }

  /// An error about one operand as a whole.
  static BuiltinException operand(int position, String message) {
    return new BuiltinException(BuiltinException.Kind.TYPE, "operand " + position + " " + message);
  }

  /// An error about a value of the right type.
  static BuiltinException error(String message) {
    return new BuiltinException(BuiltinException.Kind.BUILTIN, message);
  }
}
