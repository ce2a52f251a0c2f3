package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoJsonException;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads public keys from a PEM certificate, a PEM public key, a JWK or a JWK set.
final class JwtKeys {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----\\s([A-Za-z0-9+/=\\s]*)-----END \\1-----\\s*");
  private static final Map<String, String> CURVES =
      Map.of("P-256", "secp256r1", "P-384", "secp384r1", "P-521", "secp521r1");

  private JwtKeys() {}

  /// One key; the texts are empty where the source does not say.
  record Key(String alg, String kid, @Nullable PublicKey publicKey, byte @Nullable [] secret) {}

  static List<Key> parse(String text) {
    Matcher pem = PEM.matcher(text);
    if (!pem.lookingAt()) {
      return fromJson(text);
    }
    if (pem.end() != text.length()) {
      throw Args.error("extra data after a PEM certificate block");
    }
    byte[] der = Base64Text.STANDARD.decode(pem.group(2).replaceAll("\\s", ""));
    PublicKey key =
        switch (pem.group(1)) {
          case "CERTIFICATE" -> fromCertificate(der);
          case "PUBLIC KEY" -> fromDer(der);
          default -> throw Args.error("failed to extract a Key from the PEM certificate");
        };
    return List.of(new Key("", "", key, null));
  }

  private static PublicKey fromCertificate(byte[] der) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(der))
          .getPublicKey();
    } catch (GeneralSecurityException e) {
      throw Args.error("failed to parse a PEM certificate: " + e.getMessage());
    }
  }

  private static PublicKey fromDer(byte[] der) {
    for (String algorithm : new String[] {"RSA", "EC", "Ed25519"}) {
      try {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        // Not a key of this kind; the next one may be.
      }
    }
    throw Args.error("failed to parse a PEM public key: no RSA, EC or Ed25519 key");
  }

  private static List<Key> fromJson(String text) {
    RegoValue json;
    try {
      json = RegoJson.read(text);
    } catch (RegoJsonException e) {
      throw Args.error("failed to parse a JWK key (set): " + e.getMessage());
    }
    if (!(json instanceof RegoObject object)) {
      throw Args.error("failed to parse a JWK key (set): " + json.typeName());
    }
    if (!(object.get("keys") instanceof RegoArray set)) {
      return List.of(fromJwk(object));
    }
    List<Key> keys = new ArrayList<>();
    for (RegoValue item : set) {
      if (!(item instanceof RegoObject jwk)) {
        throw Args.error("failed to parse a JWK key (set): " + item.typeName());
      }
      String alg = member(jwk, "alg");
      // A set may hold keys for encryption and for algorithms yet to come.
      if (alg.isEmpty() || JwtSignatures.isKnown(alg)) {
        keys.add(fromJwk(jwk));
      }
    }
    return keys;
  }

  static String member(RegoObject jwk, String name) {
    return jwk.get(name) instanceof RegoString s ? s.value() : "";
  }

  private static Key fromJwk(RegoObject jwk) {
    String alg = member(jwk, "alg");
    String kid = member(jwk, "kid");
    try {
      return switch (member(jwk, "kty")) {
        case "RSA" -> new Key(alg, kid, rsa(jwk), null);
        case "EC" -> new Key(alg, kid, ec(jwk), null);
        case "OKP" -> new Key(alg, kid, ed25519(jwk), null);
        case "oct" -> new Key(alg, kid, null, bytes(jwk, "k"));
        default ->
            throw Args.error("failed to parse a JWK key (set): unsupported kty in " + jwk.keySet());
      };
    } catch (GeneralSecurityException e) {
      throw Args.error("failed to parse a JWK key (set): " + e.getMessage());
    }
  }

  static byte[] bytes(RegoObject jwk, String name) {
    if (!(jwk.get(name) instanceof RegoString s)) {
      throw Args.error("failed to parse a JWK key (set): required field " + name + " is missing");
    }
    return Encodings.base64Url(s.value());
  }

  static BigInteger number(RegoObject jwk, String name) {
    return new BigInteger(1, bytes(jwk, name));
  }

  private static PublicKey rsa(RegoObject jwk) throws GeneralSecurityException {
    return KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
  }

  private static PublicKey ec(RegoObject jwk) throws GeneralSecurityException {
    String curve = CURVES.get(member(jwk, "crv"));
    if (curve == null) {
      throw Args.error("failed to parse a JWK key (set): unsupported curve");
    }
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(curve));
    ECPoint point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
  }

  private static PublicKey ed25519(RegoObject jwk) throws GeneralSecurityException {
    if (!member(jwk, "crv").equals("Ed25519")) {
      throw Args.error("failed to parse a JWK key (set): unsupported curve");
    }
    byte[] little = bytes(jwk, "x");
    if (little.length != 32) {
      throw Args.error(
          "failed to parse a JWK key (set): Ed25519 key of " + little.length + " bytes");
    }
    byte[] big = new byte[32];
    for (int i = 0; i < 32; i++) {
      big[i] = little[31 - i];
    }
    // The top bit is the sign of x; the rest is y.
    boolean isOdd = big[0] < 0;
    big[0] &= 0x7f;
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(
            new EdECPublicKeySpec(
                NamedParameterSpec.ED25519, new EdECPoint(isOdd, new BigInteger(1, big))));
  }
}
