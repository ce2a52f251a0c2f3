package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArithmetic;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Aggregates, arrays, sets and number ranges.
final class Collections {
  private Collections() {}

  static void register(Registry r) {
    r.one("count", Collections::count);
    r.one("sum", a -> fold(RegoArithmetic::sum, a));
    r.one("product", a -> fold(RegoArithmetic::product, a));
    r.one("max", a -> extreme(a, 1));
    r.one("min", a -> extreme(a, -1));
    r.one("sort", Collections::sort);
    r.one("all", a -> RegoBoolean.of(allTrue(a)));
    r.one("any", a -> RegoBoolean.of(anyTrue(a)));
    r.two("array.concat", (a, b) -> Args.array(a, 1).concat(Args.array(b, 2)));
    r.one("array.flatten", a -> flatten(Args.array(a, 1)));
    r.one("array.reverse", a -> reverse(Args.array(a, 1)));
    r.three("array.slice", Collections::slice);
    r.one("intersection", Collections::intersection);
    r.one("union", Collections::union);
    r.two("set_diff", (a, b) -> Args.set(a, 1).minus(Args.set(b, 2)));
    r.any("numbers.range", (cx, a) -> range(cx, a, BigInteger.ONE));
    r.any("numbers.range_step", Collections::rangeWithStep);
  }

  private static RegoValue count(RegoValue a) {
    return switch (a) {
      case RegoArray array -> RegoNumber.of(array.size());
      case RegoObject object -> RegoNumber.of(object.size());
      case RegoSet set -> RegoNumber.of(set.size());
      case RegoString s -> RegoNumber.of(s.value().codePointCount(0, s.value().length()));
      default -> throw Args.wrongType(a, 1, "array", "object", "set", "string");
    };
  }

  @FunctionalInterface
  private interface Fold {
    RegoNumber of(Iterable<RegoNumber> numbers);
  }

  private static RegoValue fold(Fold fold, RegoValue a) {
    List<RegoNumber> numbers = new ArrayList<>();
    for (RegoValue item : setOrArray(a)) {
      if (!(item instanceof RegoNumber n)) {
        throw Args.wrongElement(a, 1, item, "number");
      }
      numbers.add(n);
    }
    try {
      return fold.of(numbers);
    } catch (ArithmeticException e) {
      throw Args.error(String.valueOf(e.getMessage()));
    }
  }

  private static Iterable<RegoValue> setOrArray(RegoValue a) {
    if (a instanceof RegoArray || a instanceof RegoSet) {
      return Args.items(a, 1);
    }
    throw Args.wrongType(a, 1, "set", "array");
  }

  private static @Nullable RegoValue extreme(RegoValue a, int sign) {
    RegoValue best = null;
    for (RegoValue item : setOrArray(a)) {
      if (best == null || item.compareTo(best) * sign >= 0) {
        best = item;
      }
    }
    return best;
  }

  private static RegoValue sort(RegoValue a) {
    return switch (a) {
      case RegoArray array -> array.sorted();
      case RegoSet set -> set.toArray();
      default -> throw Args.wrongType(a, 1, "set", "array");
    };
  }

  private static boolean allTrue(RegoValue a) {
    for (RegoValue item : Args.items(a, 1)) {
      if (item != RegoBoolean.TRUE) {
        return false;
      }
    }
    return true;
  }

  private static boolean anyTrue(RegoValue a) {
    for (RegoValue item : Args.items(a, 1)) {
      if (item == RegoBoolean.TRUE) {
        return true;
      }
    }
    return false;
  }

  private static RegoArray flatten(RegoArray a) {
    RegoArray.Builder flat = RegoArray.builder();
    for (RegoValue item : a) {
      if (item instanceof RegoArray nested) {
        nested.forEach(flat::add);
      } else {
        flat.add(item);
      }
    }
    return flat.build();
  }

  private static RegoArray reverse(RegoArray a) {
    RegoArray.Builder reversed = RegoArray.builder();
    for (int i = a.size() - 1; i >= 0; i--) {
      reversed.add(a.get(i));
    }
    return reversed.build();
  }

  private static RegoArray slice(RegoValue a, RegoValue from, RegoValue to) {
    RegoArray array = Args.array(a, 1);
    int start = Args.intClamped(from, 2);
    int stop = Math.clamp(Args.intClamped(to, 3), 0, array.size());
    return array.slice(Math.clamp(start, 0, stop), stop);
  }

  private static RegoSet intersection(RegoValue a) {
    RegoSet result = null;
    for (RegoValue item : Args.set(a, 1)) {
      RegoSet set = Args.set(item, 1);
      result = result == null ? set : result.intersection(set);
    }
    return result == null ? RegoSet.EMPTY : result;
  }

  private static RegoSet union(RegoValue a) {
    RegoSet.Builder result = RegoSet.builder();
    for (RegoValue item : Args.set(a, 1)) {
      result.addAll(Args.set(item, 1));
    }
    return result.build();
  }

  private static RegoValue rangeWithStep(BuiltinContext cx, RegoValue[] a) {
    Args.bigInteger(a[0], 1);
    Args.bigInteger(a[1], 2);
    BigInteger step = Args.bigInteger(a[2], 3);
    if (step.signum() <= 0) {
      throw Args.error("numbers.range_step: step must be a positive integer");
    }
    return range(cx, a, step);
  }

  private static RegoValue range(BuiltinContext cx, RegoValue[] a, BigInteger step) {
    BigInteger from = Args.bigInteger(a[0], 1);
    BigInteger to = Args.bigInteger(a[1], 2);
    BigInteger length = to.subtract(from).abs().divide(step).add(BigInteger.ONE);
    Sizes.checkElements(cx, length);
    BigInteger move = from.compareTo(to) <= 0 ? step : step.negate();
    RegoArray.Builder numbers = RegoArray.builder();
    BigInteger next = from;
    for (int i = length.intValueExact(); i > 0; i--) {
      numbers.add(RegoNumber.of(next));
      next = next.add(move);
    }
    return numbers.build();
  }
}
