package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoType;
import io.outrider.policy.value.RegoValue;
import java.util.Locale;

/// Type tests and conversions.
final class Types {
  private Types() {}

  static void register(Registry r) {
    for (RegoType type : RegoType.values()) {
      r.one("is_" + type.regoName(), a -> RegoBoolean.of(a.type() == type));
    }
    r.one("type_name", a -> RegoString.of(a.typeName()));
    r.one("to_number", Types::toNumber);
    r.one("cast_array", Types::castArray);
    r.one("cast_set", Types::castSet);
    for (RegoType type :
        new RegoType[] {RegoType.STRING, RegoType.BOOLEAN, RegoType.NULL, RegoType.OBJECT}) {
      r.one("cast_" + type.regoName(), a -> cast(a, type));
    }
  }

  private static RegoValue toNumber(RegoValue a) {
    return switch (a) {
      case RegoNull _ -> RegoNumber.ZERO;
      case RegoBoolean b -> b.value() ? RegoNumber.ONE : RegoNumber.ZERO;
      case RegoNumber n -> n;
      case RegoString s -> parse(s);
      default -> throw Args.wrongType(a, 1, "null", "boolean", "number", "string");
    };
  }

  private static RegoValue parse(RegoString s) {
    String text = s.value();
    String unsigned = text.replaceFirst("^[+-]+", "").toLowerCase(Locale.ROOT);
    if (unsigned.equals("inf") || unsigned.equals("infinity") || unsigned.equals("nan")) {
      throw Args.wrongType(s, 1, "valid number string");
    }
    if (!text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?")) {
      throw Args.error("strconv.ParseFloat: parsing " + s + ": invalid syntax");
    }
    if (Double.isInfinite(Double.parseDouble(text))) {
      throw Args.error("strconv.ParseFloat: parsing " + s + ": value out of range");
    }
    try {
      return RegoNumber.parse(text);
    } catch (NumberFormatException e) {
      throw Args.error(String.valueOf(e.getMessage()));
    }
  }

  private static RegoValue castArray(RegoValue a) {
    return switch (a) {
      case RegoArray array -> array;
      case RegoSet set -> set.toArray();
      default -> throw Args.wrongType(a, 1, "array", "set");
    };
  }

  private static RegoValue castSet(RegoValue a) {
    return switch (a) {
      case RegoSet set -> set;
      case RegoArray array -> {
        RegoSet.Builder members = RegoSet.builder(array.size());
        array.forEach(members::add);
        yield members.build();
      }
      default -> throw Args.wrongType(a, 1, "array", "set");
    };
  }

  private static RegoValue cast(RegoValue a, RegoType type) {
    if (a.type() == type) {
      return a;
    }
    throw Args.wrongType(a, 1, type.regoName());
  }
}
