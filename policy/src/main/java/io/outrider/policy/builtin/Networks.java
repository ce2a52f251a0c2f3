package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The `net.cidr_*` functions. Addresses are read as literals; no name is ever resolved.
final class Networks {
  private Networks() {}

  static void register(Registry r) {
    r.two("net.cidr_contains", (a, b) -> RegoBoolean.of(contains(a, b)));
    r.any("net.cidr_contains_matches", Networks::containsMatches);
    r.any("net.cidr_expand", Networks::expand);
    r.two("net.cidr_intersects", (a, b) -> RegoBoolean.of(intersects(a, b)));
    r.two("net.cidr_overlap", (a, b) -> RegoBoolean.of(contains(a, b)));
    r.one(
        "net.cidr_is_valid",
        a -> RegoBoolean.of(a instanceof RegoString s && Cidr.parse(s.value()) != null));
    r.one("net.cidr_merge", Networks::merge);
  }

  private static Cidr cidr(RegoValue value) {
    String text = Args.string(value, 1);
    Cidr cidr = Cidr.parse(text);
    if (cidr == null) {
      throw Args.error("invalid CIDR address: " + text);
    }
    return cidr;
  }

  private static boolean contains(RegoValue a, RegoValue b) {
    Cidr outer = cidr(a);
    String text = Args.string(b, 1);
    Address address = Address.parse(text);
    if (address != null) {
      return outer.contains(address);
    }
    Cidr inner = Cidr.parse(text);
    if (inner == null) {
      throw Args.error("not a valid textual representation of an IP address or CIDR: " + text);
    }
    return outer.contains(inner.first()) && outer.contains(inner.last());
  }

  private static boolean intersects(RegoValue a, RegoValue b) {
    Cidr left = cidr(a);
    Cidr right = cidr(b);
    return left.contains(right.first()) || right.contains(left.first());
  }

  private static RegoValue containsMatches(BuiltinContext cx, RegoValue[] a) {
    RegoSet.Builder found = RegoSet.builder();
    each(
        a[0],
        1,
        (outer, outerIndex) ->
            each(
                a[1],
                2,
                (inner, innerIndex) -> {
                  cx.spend(1);
                  if (contains(outer, inner)) {
                    found.add(RegoArray.of(outerIndex, innerIndex));
                  }
                }));
    return found.build();
  }

  /// Hands on each network with what identifies it: itself, its index, or its key.
  private static void each(RegoValue value, int operand, BiConsumer<RegoValue, RegoValue> action) {
    switch (value) {
      case RegoString s -> action.accept(s, s);
      case RegoArray array -> {
        for (int i = 0; i < array.size(); i++) {
          action.accept(network(array.get(i), operand), RegoNumber.of(i));
        }
      }
      case RegoSet set -> set.forEach(item -> action.accept(network(item, operand), item));
      case RegoObject object ->
          object.forEach(entry -> action.accept(network(entry.value(), operand), entry.key()));
      default -> {}
    }
  }

  private static RegoValue network(RegoValue value, int operand) {
    if (value instanceof RegoArray array && !array.isEmpty()) {
      return array.get(0);
    }
    if (value instanceof RegoString) {
      return value;
    }
    throw Args.error("operand " + operand + ": element must be string or non-empty array");
  }

  private static RegoValue expand(BuiltinContext cx, RegoValue[] a) {
    Cidr cidr = cidr(a[0]);
    BigInteger count = BigInteger.ONE.shiftLeft(cidr.network().bits() - cidr.prefix());
    Sizes.checkElements(cx, count);
    RegoSet.Builder addresses = RegoSet.builder(count.intValueExact());
    Address next = cidr.first();
    for (int i = count.intValueExact(); i > 0; i--) {
      addresses.add(RegoString.of(next.toString()));
      next = next.plus(BigInteger.ONE);
    }
    return addresses.build();
  }

  /// A run of addresses; the network it came from is kept until it is merged with another.
  private record Range(Address first, Address last, @Nullable Cidr network) {}

  private static RegoValue merge(RegoValue a) {
    if (!(a instanceof RegoArray) && !(a instanceof RegoSet)) {
      throw Args.error("operand must be an array");
    }
    List<Range> ranges = new ArrayList<>();
    for (RegoValue item : Args.items(a, 1)) {
      Cidr network = mergeable(item);
      Cidr masked = network.masked();
      ranges.add(new Range(masked.first(), masked.last(), network));
    }
    ranges.sort(Comparator.comparing(Range::last).thenComparing(Range::first));
    for (int i = ranges.size() - 1; i > 0; i--) {
      Range range = ranges.get(i);
      Range before = ranges.get(i - 1);
      if (before.first.bits() == range.first.bits()
          && range.first.value().subtract(BigInteger.ONE).compareTo(before.last.value()) <= 0) {
        Address first = before.first.compareTo(range.first) <= 0 ? before.first : range.first;
        ranges.set(i - 1, new Range(first, range.last, null));
        ranges.remove(i);
      }
    }
    RegoSet.Builder merged = RegoSet.builder();
    for (Range range : ranges) {
      if (range.network != null) {
        merged.add(RegoString.of(range.network.toString()));
      } else {
        Cidr.covering(range.first, range.last)
            .forEach(cidr -> merged.add(RegoString.of(cidr.toString())));
      }
    }
    return merged.build();
  }

  /// A network, or an IPv4 address which stands for its class's default network.
  private static Cidr mergeable(RegoValue item) {
    if (!(item instanceof RegoString s)) {
      throw Args.error("element must be string");
    }
    Address address = Address.parse(s.value());
    if (address == null) {
      return cidr(item);
    }
    if (address.bits() != 32) {
      throw Args.error("IPv6 invalid: needs prefix length");
    }
    int top = address.value().shiftRight(24).intValue();
    int prefix = top < 0x80 ? 8 : top < 0xC0 ? 16 : top < 0xE0 ? 24 : 32;
    return new Cidr(address, prefix);
  }
}
