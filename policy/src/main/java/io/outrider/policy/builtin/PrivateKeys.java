package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Private keys in PEM: what `crypto.parse_private_keys`, `crypto.x509.parse_rsa_private_key` and
/// `crypto.x509.parse_keypair` show of them.
final class PrivateKeys {
  /// Each key costs some milliseconds of arithmetic.
  private static final int MAX_KEYS = 64;

  private static final String EC_OID = "1.2.840.10045.2.1";
  private static final String RSA_OID = "1.2.840.113549.1.1.1";
  private static final String ED25519_OID = "1.3.101.112";
  private static final String X25519_OID = "1.3.101.110";

  private PrivateKeys() {}

  sealed interface Key {}

  record Rsa(
      BigInteger n,
      BigInteger e,
      BigInteger d,
      List<BigInteger> primes,
      BigInteger dp,
      BigInteger dq,
      BigInteger qinv)
      implements Key {}

  record Ec(EcCurve curve, BigInteger d, BigInteger x, BigInteger y) implements Key {}

  record Ed25519(byte[] seed, byte[] publicKey) implements Key {}

  record X25519(byte[] secret, byte[] publicKey) implements Key {}

  static void register(Registry r) {
    r.one("crypto.parse_private_keys", a -> parseAll(Args.string(a, 1)));
    r.one("crypto.x509.parse_rsa_private_key", a -> toJwk(Args.string(a, 1)));
  }

  private static RegoValue parseAll(String text) {
    if (text.isEmpty()) {
      return RegoNull.NULL;
    }
    RegoArray.Builder keys = RegoArray.builder();
    read(text).forEach(key -> keys.add(shown(key)));
    return keys.build();
  }

  private static RegoValue toJwk(String text) {
    if (text.isEmpty()) {
      throw Args.error("input PEM data was empty");
    }
    String pem =
        Pem.isPem(text)
            ? text
            : new String(Base64Text.STANDARD.decode(text), StandardCharsets.ISO_8859_1);
    List<Key> keys = read(pem);
    return keys.isEmpty() ? RegoNull.NULL : jwk(keys.getFirst());
  }

  /// The private keys of a PEM text, which may be in base64 as a whole.
  private static List<Key> read(String text) {
    String pem = text;
    try {
      pem = new String(Base64Text.STANDARD.decode(text), StandardCharsets.ISO_8859_1);
    } catch (BuiltinException e) {
      // Not base64, so it is PEM or nothing.
    }
    List<Key> keys = new ArrayList<>();
    for (Pem.Block block : Pem.blocks(pem)) {
      if (keys.size() == MAX_KEYS) {
        throw Args.error("more than " + MAX_KEYS + " private keys");
      }
      switch (block.type()) {
        case "RSA PRIVATE KEY" -> keys.add(pkcs1(Der.of(block.bytes())));
        case "EC PRIVATE KEY" -> keys.add(sec1(Der.of(block.bytes()), null));
        case "PRIVATE KEY" -> keys.add(pkcs8(block.bytes()));
        default -> {}
      }
    }
    return keys;
  }

  static Key pkcs8(byte[] bytes) {
    List<Der> parts = Der.of(bytes).expect(Der.SEQUENCE).children();
    if (parts.size() < 3) {
      throw Der.malformed();
    }
    List<Der> algorithm = parts.get(1).expect(Der.SEQUENCE).children();
    byte[] inner = parts.get(2).expect(Der.OCTET_STRING).content();
    String oid = algorithm.isEmpty() ? "" : algorithm.getFirst().expect(Der.OID).oidText();
    return switch (oid) {
      case RSA_OID -> pkcs1(Der.of(inner));
      case EC_OID -> sec1(Der.of(inner), algorithm.size() > 1 ? algorithm.get(1).oidText() : null);
      case ED25519_OID -> ed25519(Der.of(inner).expect(Der.OCTET_STRING).content());
      case X25519_OID -> x25519(Der.of(inner).expect(Der.OCTET_STRING).content());
      default ->
          throw Args.error(
              "x509: PKCS#8 wrapping contained private key with unknown algorithm: " + oid);
    };
  }

  static Key pkcs1(Der der) {
    List<Der> numbers = der.expect(Der.SEQUENCE).children();
    if (numbers.size() < 9) {
      throw Args.error("x509: failed to parse private key");
    }
    List<BigInteger> n = numbers.stream().map(d -> d.expect(Der.INTEGER).integer()).toList();
    return new Rsa(
        n.get(1), n.get(2), n.get(3), List.of(n.get(4), n.get(5)), n.get(6), n.get(7), n.get(8));
  }

  static Key sec1(Der der, @Nullable String namedCurve) {
    List<Der> parts = der.expect(Der.SEQUENCE).children();
    if (parts.size() < 2) {
      throw Args.error("x509: failed to parse EC private key");
    }
    String curve = namedCurve;
    for (Der part : parts) {
      if (curve == null && part.isContext(0)) {
        curve = part.children().getFirst().oidText();
      }
    }
    EcCurve known = EcCurve.ofOid(curve == null ? "" : curve);
    if (known == null) {
      throw Args.error("x509: unknown elliptic curve");
    }
    BigInteger d = new BigInteger(1, parts.get(1).expect(Der.OCTET_STRING).content());
    if (d.signum() == 0 || d.compareTo(known.order()) >= 0) {
      throw Args.error("x509: invalid elliptic curve private key value");
    }
    EcCurve.Point point = known.multiplyBase(d);
    return new Ec(known, d, point.x(), point.y());
  }

  private static Key ed25519(byte[] seed) {
    if (seed.length != 32) {
      throw Args.error("x509: invalid Ed25519 private key length: " + seed.length);
    }
    return new Ed25519(seed, Ed25519Point.publicKey(seed));
  }

  private static Key x25519(byte[] secret) {
    try {
      KeyFactory factory = KeyFactory.getInstance("X25519");
      PrivateKey key =
          factory.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, secret));
      javax.crypto.KeyAgreement agreement = javax.crypto.KeyAgreement.getInstance("X25519");
      agreement.init(key);
      agreement.doPhase(
          factory.generatePublic(
              new java.security.spec.XECPublicKeySpec(
                  NamedParameterSpec.X25519, BigInteger.valueOf(9))),
          true);
      return new X25519(secret, agreement.generateSecret());
    } catch (GeneralSecurityException e) {
      throw Args.error("x509: invalid X25519 private key: " + e.getMessage());
    }
  }

  static RegoValue shown(Key key) {
    RegoObject.Builder object = RegoObject.builder();
    return switch (key) {
      case Rsa rsa -> rsa(object, rsa).build();
      case Ec ec ->
          object
              .put("Curve", RegoObject.EMPTY)
              .put("D", RegoNumber.of(ec.d))
              .put("X", RegoNumber.of(ec.x))
              .put("Y", RegoNumber.of(ec.y))
              .build();
      case Ed25519 ed -> {
        byte[] both = Arrays.copyOf(ed.seed, 64);
        System.arraycopy(ed.publicKey, 0, both, 32, 32);
        yield RegoString.of(Base64.getEncoder().encodeToString(both));
      }
      case X25519 _ -> RegoObject.EMPTY;
    };
  }

  /// A key in any of the encodings that PEM files hold.
  static Key any(byte[] der) {
    for (Function<byte[], Key> read :
        List.<Function<byte[], Key>>of(
            bytes -> pkcs1(Der.of(bytes)),
            PrivateKeys::pkcs8,
            bytes -> sec1(Der.of(bytes), null))) {
      try {
        return read.apply(der);
      } catch (BuiltinException e) {
        // Not in this encoding; the next one may be it.
      }
    }
    throw Args.error("tls: failed to parse private key");
  }

  /// Whether the key is that of a certificate.
  static boolean fits(Key key, X509Certificate certificate) {
    RegoValue shown = certificate.shown().get("PublicKey");
    return switch (key) {
      case Rsa rsa ->
          shown instanceof RegoObject o && Objects.equals(o.get("N"), RegoNumber.of(rsa.n));
      case Ec ec ->
          shown instanceof RegoObject o
              && Objects.equals(o.get("X"), RegoNumber.of(ec.x))
              && Objects.equals(o.get("Y"), RegoNumber.of(ec.y));
      case Ed25519 ed -> Objects.equals(shown, X509Names.base64(ed.publicKey));
      case X25519 _ -> false;
    };
  }

  private static RegoObject.Builder rsa(RegoObject.Builder object, Rsa rsa) {
    RegoArray.Builder primes = RegoArray.builder();
    rsa.primes.forEach(p -> primes.add(RegoNumber.of(p)));
    return object
        .put("N", RegoNumber.of(rsa.n))
        .put("E", RegoNumber.of(rsa.e))
        .put("D", RegoNumber.of(rsa.d))
        .put("Primes", primes.build())
        .put(
            "Precomputed",
            RegoObject.builder()
                .put("CRTValues", RegoArray.EMPTY)
                .put("Dp", RegoNumber.of(rsa.dp))
                .put("Dq", RegoNumber.of(rsa.dq))
                .put("Qinv", RegoNumber.of(rsa.qinv))
                .build());
  }

  private static RegoValue jwk(Key key) {
    RegoObject.Builder jwk = RegoObject.builder();
    return switch (key) {
      case Rsa rsa ->
          jwk.put("kty", "RSA")
              .put("n", url(rsa.n, 0))
              .put("e", url(rsa.e, 0))
              .put("d", url(rsa.d, 0))
              .put("p", url(rsa.primes.get(0), 0))
              .put("q", url(rsa.primes.get(1), 0))
              .put("dp", url(rsa.dp, 0))
              .put("dq", url(rsa.dq, 0))
              .put("qi", url(rsa.qinv, 0))
              .build();
      case Ec ec ->
          jwk.put("kty", "EC")
              .put("crv", ec.curve.jwkName())
              .put("d", url(ec.d, ec.curve.octets()))
              .put("x", url(ec.x, ec.curve.octets()))
              .put("y", url(ec.y, ec.curve.octets()))
              .build();
      case Ed25519 ed ->
          jwk.put("kty", "OKP")
              .put("crv", "Ed25519")
              .put("d", url(ed.seed))
              .put("x", url(ed.publicKey))
              .build();
      case X25519 x ->
          jwk.put("kty", "OKP")
              .put("crv", "X25519")
              .put("d", url(x.secret))
              .put("x", url(x.publicKey))
              .build();
    };
  }

  private static String url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String url(BigInteger number, int octets) {
    byte[] bytes = number.toByteArray();
    int from = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
    byte[] magnitude = Arrays.copyOfRange(bytes, from, bytes.length);
    if (magnitude.length >= octets) {
      return url(magnitude);
    }
    byte[] padded = new byte[octets];
    System.arraycopy(magnitude, 0, padded, octets - magnitude.length, magnitude.length);
    return url(padded);
  }
}
