package io.outrider.policy.builtin;

import java.math.BigInteger;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// An IP address. IPv4 addresses written in IPv6 form (`::ffff:1.2.3.4`) are IPv4 addresses, as in
/// Go.
///
/// @param value the address as an unsigned number
/// @param bits 32 or 128
record Address(BigInteger value, int bits) implements Comparable<Address> {
  private static final BigInteger MAPPED = BigInteger.valueOf(0xFFFF).shiftLeft(32);

  /// The address, or null when the text is none. Leading zeros and zones are refused.
  static @Nullable Address parse(String text) {
    if (text.indexOf(':') < 0) {
      BigInteger v4 = parse4(text);
      return v4 == null ? null : new Address(v4, 32);
    }
    BigInteger v6 = parse6(text);
    return v6 == null ? null : unmapped(v6);
  }

  /// The address of 4 or 16 octets; one of IPv4 in IPv6 is taken for what it is.
  static Address ofOctets(byte[] octets) {
    BigInteger value = new BigInteger(1, octets);
    return octets.length == 4 ? new Address(value, 32) : unmapped(value);
  }

  private static Address unmapped(BigInteger v6) {
    return v6.shiftRight(32).equals(MAPPED.shiftRight(32))
        ? new Address(v6.subtract(MAPPED), 32)
        : new Address(v6, 128);
  }

  private static @Nullable BigInteger parse4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return null;
    }
    long value = 0;
    for (String part : parts) {
      if (!part.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(part) > 255) {
        return null;
      }
      value = value << 8 | Integer.parseInt(part);
    }
    return BigInteger.valueOf(value);
  }

  private static @Nullable BigInteger parse6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      int[] groups = groups(text);
      return groups == null || groups.length != 8 ? null : join(groups, new int[0]);
    }
    if (text.indexOf("::", gap + 1) >= 0) {
      return null;
    }
    int[] before = groups(text.substring(0, gap));
    int[] after = groups(text.substring(gap + 2));
    if (before == null || after == null || before.length + after.length > 7) {
      return null;
    }
    return join(before, after);
  }

  private static int @Nullable [] groups(String text) {
    if (text.isEmpty()) {
      return new int[0];
    }
    String[] parts = text.split(":", -1);
    boolean endsIn4 = parts[parts.length - 1].indexOf('.') >= 0;
    int[] groups = new int[parts.length + (endsIn4 ? 1 : 0)];
    for (int i = 0; i < parts.length; i++) {
      if (endsIn4 && i == parts.length - 1) {
        BigInteger v4 = parse4(parts[i]);
        if (v4 == null) {
          return null;
        }
        groups[i] = v4.intValue() >>> 16;
        groups[i + 1] = v4.intValue() & 0xFFFF;
      } else if (parts[i].matches("[0-9a-fA-F]{1,4}")) {
        groups[i] = Integer.parseInt(parts[i], 16);
      } else {
        return null;
      }
    }
    return groups;
  }

  private static BigInteger join(int[] before, int[] after) {
    BigInteger value = BigInteger.ZERO;
    for (int i = 0; i < 8; i++) {
      int group = 0;
      if (i < before.length) {
        group = before[i];
      } else if (i >= 8 - after.length) {
        group = after[i - 8 + after.length];
      }
      value = value.shiftLeft(16).or(BigInteger.valueOf(group));
    }
    return value;
  }

  Address plus(BigInteger offset) {
    return new Address(value.add(offset), bits);
  }

  /// IPv4 addresses are ordered as their IPv6 forms, `::ffff:0:0/96`.
  @Override
  public int compareTo(Address other) {
    return wide().compareTo(other.wide());
  }

  private BigInteger wide() {
    return bits == 32 ? value.add(MAPPED) : value;
  }

  @Override
  public String toString() {
    if (bits == 32) {
      int v = value.intValue();
      return (v >>> 24) + "." + (v >> 16 & 255) + "." + (v >> 8 & 255) + "." + (v & 255);
    }
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = value.shiftRight(112 - 16 * i).intValue() & 0xFFFF;
    }
    return text(groups);
  }

  /// The canonical form of RFC 5952: the first longest run of two or more zero groups is left out.
  private static String text(int[] groups) {
    int bestStart = -1;
    int bestLength = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > bestLength) {
        bestStart = i;
        bestLength = end - i;
      }
      i = Math.max(i, end - 1);
    }
    if (bestStart < 0) {
      return hex(groups, 0, 8);
    }
    return hex(groups, 0, bestStart) + "::" + hex(groups, bestStart + bestLength, 8);
  }

  private static String hex(int[] groups, int from, int to) {
    StringJoiner text = new StringJoiner(":");
    for (int i = from; i < to; i++) {
      text.add(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
