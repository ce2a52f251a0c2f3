package io.outrider.policy.builtin;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One element of an ASN.1 structure in DER, with its place in the bytes it was read from.
///
/// @param tag the identifier octet
/// @param start where the element begins, with its header
/// @param from where its content begins
/// @param to where it ends
record Der(byte[] source, int tag, int start, int from, int to) {
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int OID = 0x06;
  static final int SEQUENCE = 0x30;
  static final int SET = 0x31;

  /// Reads the one element the bytes consist of.
  static Der of(byte[] bytes) {
    Der whole = read(bytes, 0, bytes.length);
    if (whole.to != bytes.length) {
      throw Args.error("x509: trailing data");
    }
    return whole;
  }

  static Der read(byte[] bytes, int start, int limit) {
    if (start + 2 > limit || (bytes[start] & 0x1f) == 0x1f) {
      throw malformed();
    }
    int at = start + 1;
    int length = bytes[at++] & 0xff;
    if (length > 0x84 || length == 0x80) {
      throw malformed();
    }
    if (length > 0x80) {
      int octets = length & 0x7f;
      if (at + octets > limit) {
        throw malformed();
      }
      long value = 0;
      for (int i = 0; i < octets; i++) {
        value = value << 8 | (bytes[at++] & 0xff);
      }
      if (value < 0x80 || value > Integer.MAX_VALUE) {
        throw malformed();
      }
      length = (int) value;
    }
    if (length > limit - at) {
      throw malformed();
    }
    return new Der(bytes, bytes[start] & 0xff, start, at, at + length);
  }

  static BuiltinException malformed() {
    return Args.error("x509: malformed certificate");
  }

  boolean is(int wanted) {
    return tag == wanted;
  }

  /// Whether the element has the context-specific tag of a number, primitive or constructed.
  boolean isContext(int number) {
    return (tag & 0xc0) == 0x80 && (tag & 0x1f) == number;
  }

  Der expect(int wanted) {
    if (tag != wanted) {
      throw malformed();
    }
    return this;
  }

  List<Der> children() {
    List<Der> children = new ArrayList<>();
    for (int at = from; at < to; ) {
      Der child = read(source, at, to);
      children.add(child);
      at = child.to;
    }
    return children;
  }

  byte[] content() {
    return Arrays.copyOfRange(source, from, to);
  }

  /// The element with its header.
  byte[] raw() {
    return Arrays.copyOfRange(source, start, to);
  }

  BigInteger integer() {
    if (to == from) {
      throw malformed();
    }
    return new BigInteger(source, from, to - from);
  }

  /// The octets of a bit string.
  byte[] bits() {
    expect(BIT_STRING);
    if (to == from) {
      throw malformed();
    }
    return Arrays.copyOfRange(source, from + 1, to);
  }

  /// The numbers of an object identifier.
  List<Long> oid() {
    List<Long> arcs = new ArrayList<>();
    long value = 0;
    for (int i = from; i < to; i++) {
      value = value << 7 | (source[i] & 0x7f);
      if (source[i] >= 0) {
        if (arcs.isEmpty()) {
          long first = Math.min(value / 40, 2);
          arcs.add(first);
          arcs.add(value - first * 40);
        } else {
          arcs.add(value);
        }
        value = 0;
      }
    }
    return arcs;
  }

  /// [#oid] with dots.
  String oidText() {
    StringBuilder text = new StringBuilder();
    oid().forEach(arc -> text.append(text.isEmpty() ? "" : ".").append(arc));
    return text.toString();
  }
}
