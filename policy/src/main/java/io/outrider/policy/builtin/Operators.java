package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArithmetic;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoValue;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/// Comparison, arithmetic, the set operators and `in`.
final class Operators {
  private Operators() {}

  static void register(Registry r) {
    r.two("eq", (a, b) -> RegoBoolean.of(a.equals(b)));
    r.two("equal", (a, b) -> RegoBoolean.of(a.equals(b)));
    r.two("neq", (a, b) -> RegoBoolean.of(!a.equals(b)));
    r.two("lt", (a, b) -> RegoBoolean.of(a.compareTo(b) < 0));
    r.two("lte", (a, b) -> RegoBoolean.of(a.compareTo(b) <= 0));
    r.two("gt", (a, b) -> RegoBoolean.of(a.compareTo(b) > 0));
    r.two("gte", (a, b) -> RegoBoolean.of(a.compareTo(b) >= 0));
    r.two("plus", (a, b) -> arithmetic(RegoArithmetic::plus, a, b));
    r.two("minus", Operators::minus);
    r.two("mul", (a, b) -> arithmetic(RegoArithmetic::times, a, b));
    r.two("div", (a, b) -> arithmetic(RegoArithmetic::dividedBy, a, b));
    r.two("rem", (a, b) -> arithmetic(RegoArithmetic::remainder, a, b));
    r.one("abs", a -> unary(RegoArithmetic::abs, a));
    r.one("round", a -> unary(RegoArithmetic::round, a));
    r.one("ceil", a -> unary(RegoArithmetic::ceil, a));
    r.one("floor", a -> unary(RegoArithmetic::floor, a));
    r.two("and", (a, b) -> Args.set(a, 1).intersection(Args.set(b, 2)));
    r.two("or", (a, b) -> Args.set(a, 1).union(Args.set(b, 2)));
    r.two("internal.member_2", (item, in) -> RegoBoolean.of(isMember(item, in)));
    r.three("internal.member_3", (key, value, in) -> RegoBoolean.of(isEntry(key, value, in)));
  }

  private static RegoValue arithmetic(
      BinaryOperator<RegoNumber> operation, RegoValue a, RegoValue b) {
    try {
      return operation.apply(Args.number(a, 1), Args.number(b, 2));
    } catch (ArithmeticException e) {
      throw Args.error(String.valueOf(e.getMessage()));
    }
  }

  private static RegoValue unary(UnaryOperator<RegoNumber> operation, RegoValue a) {
    try {
      return operation.apply(Args.number(a, 1));
    } catch (ArithmeticException e) {
      throw Args.error(String.valueOf(e.getMessage()));
    }
  }

  private static RegoValue minus(RegoValue a, RegoValue b) {
    if (a instanceof RegoSet left && b instanceof RegoSet right) {
      return left.minus(right);
    }
    if (!(a instanceof RegoNumber) && !(a instanceof RegoSet)) {
      throw Args.wrongType(a, 1, "number", "set");
    }
    if (a instanceof RegoSet) {
      throw Args.wrongType(b, 2, b instanceof RegoNumber ? "set" : "number");
    }
    if (b instanceof RegoNumber) {
      return arithmetic(RegoArithmetic::minus, a, b);
    }
    throw Args.wrongType(b, 2, "number");
  }

  private static boolean isMember(RegoValue item, RegoValue in) {
    if (in instanceof RegoSet set) {
      return set.contains(item);
    }
    if (in instanceof RegoArray array) {
      return array.contains(item);
    }
    if (in instanceof RegoObject object) {
      for (int i = 0; i < object.size(); i++) {
        if (object.valueAt(i).equals(item)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isEntry(RegoValue key, RegoValue value, RegoValue in) {
    if (in instanceof RegoSet set) {
      return key.equals(value) && set.contains(key);
    }
    if (in instanceof RegoArray array) {
      return key instanceof RegoNumber n
          && n.isLong()
          && n.asLong() >= 0
          && n.asLong() < array.size()
          && array.get((int) n.asLong()).equals(value);
    }
    return in instanceof RegoObject object && value.equals(object.get(key));
  }
}
