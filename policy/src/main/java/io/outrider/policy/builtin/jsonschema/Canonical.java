package io.outrider.policy.builtin.jsonschema;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoValue;
import java.math.BigDecimal;

/// JSON texts that are equal where values are: numbers go through doubles, as in the library that
/// OPA uses, and are written as Go writes doubles.
final class Canonical {
  private Canonical() {}

  static String text(RegoValue value) {
    return RegoJson.marshal(withDoubles(value));
  }

  private static RegoValue withDoubles(RegoValue value) {
    return switch (value) {
      case RegoNumber n -> RegoNumber.parse(number(n.asDouble()));
      case RegoArray array -> {
        RegoArray.Builder items = RegoArray.builder();
        array.forEach(item -> items.add(withDoubles(item)));
        yield items.build();
      }
      case RegoSet set -> withDoubles(set.toArray());
      case RegoObject object -> {
        RegoObject.Builder members = RegoObject.builder(object.size());
        object.forEach(entry -> members.put(entry.key(), withDoubles(entry.value())));
        yield members.build();
      }
      default -> value;
    };
  }

  private static String number(double d) {
    if (d == 0 || Double.isInfinite(d)) {
      return "0";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(d)).stripTrailingZeros();
    double size = Math.abs(d);
    if (size >= 1e-6 && size < 1e21) {
      return decimal.toPlainString();
    }
    String digits = decimal.unscaledValue().abs().toString();
    int exponent = decimal.precision() - decimal.scale() - 1;
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return (d < 0 ? "-" : "")
        + digits.charAt(0)
        + fraction
        + "e"
        + (exponent < 0 ? "-" : "+")
        + (Math.abs(exponent) < 10 && exponent > 0 ? "0" : "")
        + Math.abs(exponent);
  }
}
