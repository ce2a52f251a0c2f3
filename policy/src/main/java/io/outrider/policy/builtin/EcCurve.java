package io.outrider.policy.builtin;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import org.jspecify.annotations.Nullable;

/// The NIST curves, with the arithmetic that finds the public point of a private key: the JDK reads
/// private keys without telling their public ones.
enum EcCurve {
  P224("P-224", "1.3.132.0.33", "secp224r1", 28),
  P256("P-256", "1.2.840.10045.3.1.7", "secp256r1", 32),
  P384("P-384", "1.3.132.0.34", "secp384r1", 48),
  P521("P-521", "1.3.132.0.35", "secp521r1", 66);

  record Point(BigInteger x, BigInteger y) {}

  private final String jwkName;
  private final String oid;
  private final String jdkName;
  private final int octets;

  EcCurve(String jwkName, String oid, String jdkName, int octets) {
    this.jwkName = jwkName;
    this.oid = oid;
    this.jdkName = jdkName;
    this.octets = octets;
  }

  String jwkName() {
    return jwkName;
  }

  int octets() {
    return octets;
  }

  BigInteger order() {
    return parameters().getOrder();
  }

  static @Nullable EcCurve ofOid(String oid) {
    for (EcCurve curve : values()) {
      if (curve.oid.equals(oid)) {
        return curve;
      }
    }
    return null;
  }

  static @Nullable EcCurve ofJwkName(String name) {
    for (EcCurve curve : values()) {
      if (curve.jwkName.equals(name)) {
        return curve;
      }
    }
    return null;
  }

  ECParameterSpec parameters() {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(jdkName));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw Args.error("unsupported elliptic curve " + jwkName);
    }
  }

  boolean contains(BigInteger x, BigInteger y) {
    ECParameterSpec spec = parameters();
    BigInteger p = ((ECFieldFp) spec.getCurve().getField()).getP();
    BigInteger right =
        x.pow(3).add(spec.getCurve().getA().multiply(x)).add(spec.getCurve().getB()).mod(p);
    return x.compareTo(p) < 0 && y.compareTo(p) < 0 && y.multiply(y).mod(p).equals(right);
  }

  /// The base point times a number below the order.
  Point multiplyBase(BigInteger factor) {
    ECParameterSpec spec = parameters();
    BigInteger p = ((ECFieldFp) spec.getCurve().getField()).getP();
    BigInteger a = spec.getCurve().getA();
    Point base = new Point(spec.getGenerator().getAffineX(), spec.getGenerator().getAffineY());
    Point sum = null;
    for (int i = factor.bitLength() - 1; i >= 0; i--) {
      sum = sum == null ? null : add(sum, sum, a, p);
      if (factor.testBit(i)) {
        sum = sum == null ? base : add(sum, base, a, p);
      }
    }
    if (sum == null) {
      throw Args.error("x509: invalid elliptic curve private key value");
    }
    return sum;
  }

  private static @Nullable Point add(Point left, Point right, BigInteger a, BigInteger p) {
    BigInteger slope;
    if (left.x.equals(right.x)) {
      if (!left.y.equals(right.y) || left.y.signum() == 0) {
        return null;
      }
      BigInteger three = BigInteger.valueOf(3);
      slope =
          left.x
              .multiply(left.x)
              .multiply(three)
              .add(a)
              .multiply(left.y.shiftLeft(1).modInverse(p));
    } else {
      slope = right.y.subtract(left.y).multiply(right.x.subtract(left.x).mod(p).modInverse(p));
    }
    BigInteger x = slope.multiply(slope).subtract(left.x).subtract(right.x).mod(p);
    return new Point(x, slope.multiply(left.x.subtract(x)).subtract(left.y).mod(p));
  }
}
