package io.outrider.policy.builtin;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/// The public key of an Ed25519 seed (RFC 8032, section 5.1.5), which the JDK does not give.
final class Ed25519Point {
  private static final BigInteger P =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger D =
      BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(P)).mod(P);
  private static final BigInteger BASE_Y =
      BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(P)).mod(P);
  private static final BigInteger BASE_X =
      new BigInteger(
          "15112221349535400772501151409588531511454012693041857206046113283949847762202");

  private Ed25519Point() {}

  static byte[] publicKey(byte[] seed) {
    byte[] hash;
    try {
      hash = MessageDigest.getInstance("SHA-512").digest(seed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("missing from this JDK: SHA-512", e);
    }
    hash[0] &= (byte) 0xf8;
    hash[31] = (byte) ((hash[31] & 0x7f) | 0x40);
    byte[] big = new byte[32];
    for (int i = 0; i < 32; i++) {
      big[i] = hash[31 - i];
    }
    BigInteger factor = new BigInteger(1, big);
    BigInteger x = BigInteger.ZERO;
    BigInteger y = BigInteger.ONE;
    for (int i = factor.bitLength() - 1; i >= 0; i--) {
      BigInteger[] twice = add(x, y, x, y);
      x = twice[0];
      y = twice[1];
      if (factor.testBit(i)) {
        BigInteger[] sum = add(x, y, BASE_X, BASE_Y);
        x = sum[0];
        y = sum[1];
      }
    }
    byte[] encoded = new byte[32];
    for (int i = 0; i < 32; i++) {
      encoded[i] = y.shiftRight(8 * i).byteValue();
    }
    if (x.testBit(0)) {
      encoded[31] |= (byte) 0x80;
    }
    return encoded;
  }

  private static BigInteger[] add(BigInteger x1, BigInteger y1, BigInteger x2, BigInteger y2) {
    BigInteger product = D.multiply(x1).multiply(x2).multiply(y1).multiply(y2).mod(P);
    BigInteger x =
        x1.multiply(y2)
            .add(y1.multiply(x2))
            .multiply(BigInteger.ONE.add(product).modInverse(P))
            .mod(P);
    BigInteger y =
        y1.multiply(y2)
            .add(x1.multiply(x2))
            .multiply(BigInteger.ONE.subtract(product).mod(P).modInverse(P))
            .mod(P);
    return new BigInteger[] {x, y};
  }
}
