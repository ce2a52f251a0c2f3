package io.outrider.policy.builtin;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A network: an address whose bits beyond the prefix do not count.
record Cidr(Address network, int prefix) {
  /// The network, or null when the text is none.
  static @Nullable Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,6}")) {
      return null;
    }
    String literal = text.substring(0, slash);
    Address address = Address.parse(literal);
    int prefix = Integer.parseInt(text.substring(slash + 1));
    if (address == null) {
      return null;
    }
    if (address.bits() == 32 && literal.indexOf(':') >= 0) {
      // A prefix behind an IPv4 address in IPv6 form counts the bits of the IPv6 form.
      return prefix < 96 || prefix > 128 ? null : masked(address, prefix - 96);
    }
    return prefix > address.bits() ? null : masked(address, prefix);
  }

  private static Cidr masked(Address address, int prefix) {
    int free = address.bits() - prefix;
    return new Cidr(
        new Address(address.value().shiftRight(free).shiftLeft(free), address.bits()), prefix);
  }

  /// The same network with all bits beyond the prefix cleared, as [#parse] gives it.
  Cidr masked() {
    return masked(network, prefix);
  }

  Address first() {
    return network;
  }

  Address last() {
    return network.plus(BigInteger.ONE.shiftLeft(network.bits() - prefix).subtract(BigInteger.ONE));
  }

  boolean contains(Address address) {
    int free = network.bits() - prefix;
    return address.bits() == network.bits()
        && address.value().shiftRight(free).equals(network.value().shiftRight(free));
  }

  /// The fewest networks that together hold exactly the addresses from first to last.
  static List<Cidr> covering(Address first, Address last) {
    List<Cidr> networks = new ArrayList<>();
    BigInteger from = first.value();
    while (from.compareTo(last.value()) <= 0) {
      BigInteger left = last.value().subtract(from).add(BigInteger.ONE);
      int aligned = from.signum() == 0 ? first.bits() : from.getLowestSetBit();
      int free = Math.min(aligned, left.bitLength() - 1);
      networks.add(new Cidr(new Address(from, first.bits()), first.bits() - free));
      from = from.add(BigInteger.ONE.shiftLeft(free));
    }
    return networks;
  }

  @Override
  public String toString() {
    return network + "/" + prefix;
  }
}
