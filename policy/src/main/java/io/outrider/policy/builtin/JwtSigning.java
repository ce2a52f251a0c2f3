package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoJsonException;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Base64;

/// `io.jwt.encode_sign` and `io.jwt.encode_sign_raw`: tokens signed with a JWK.
final class JwtSigning {
  private JwtSigning() {}

  static void register(Registry r) {
    r.three(
        "io.jwt.encode_sign",
        (headers, payload, key) ->
            sign(RegoJson.marshal(headers), RegoJson.marshal(payload), RegoJson.marshal(key)));
    r.three(
        "io.jwt.encode_sign_raw",
        (headers, payload, key) -> {
          String jwk = Args.string(key, 3);
          return sign(Args.string(headers, 1), Args.string(payload, 2), jwk);
        });
  }

  private static RegoValue sign(String headers, String payload, String jwk) {
    RegoObject key = firstKey(jwk);
    JwtSigner signer = JwtSigner.of(key);
    RegoObject header = header(headers);
    if (!(header.get("alg") instanceof RegoString algorithm)) {
      throw Args.error(
          header.get("alg") == null
              ? "missing or invalid 'alg' header: jwsbb: header \"alg\" not found"
              : "missing or invalid 'alg' header: jwsbb: header \"alg\" is not a string");
    }
    String alg = algorithm.value();
    if (!JwtSignatures.isKnown(alg)) {
      throw Args.error("unknown JWS algorithm: " + alg);
    }
    boolean claimsJson =
        !(header.get("typ") instanceof RegoString typ) || typ.value().equals("JWT");
    if (claimsJson && !isJson(payload)) {
      throw Args.error("type is JWT but payload is not JSON");
    }
    String signed = url(headers) + "." + url(payload);
    return RegoString.of(
        signed
            + "."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(signer.sign(alg, signed.getBytes(StandardCharsets.US_ASCII))));
  }

  private static RegoObject firstKey(String jwk) {
    RegoValue json;
    try {
      json = RegoJson.read(jwk);
    } catch (RegoJsonException e) {
      throw Args.error("failed to unmarshal JWK set: " + e.getMessage());
    }
    if (!(json instanceof RegoObject object)) {
      throw Args.error("failed to unmarshal JWK set: " + json.typeName());
    }
    if (!(object.get("keys") instanceof RegoArray keys)) {
      return object;
    }
    if (keys.isEmpty()) {
      throw Args.error("no keys found in JWK set");
    }
    if (keys.get(0) instanceof RegoObject first) {
      return first;
    }
    throw Args.error("failed to unmarshal JWK set: " + keys.get(0).typeName());
  }

  private static RegoObject header(String text) {
    if (text.isEmpty()) {
      throw Args.error(
          "missing or invalid 'alg' header: cannot parse JSON: cannot parse empty string; unparsed"
              + " tail: \"\"");
    }
    RegoValue json;
    try {
      json = RegoJson.read(text);
    } catch (RegoJsonException e) {
      throw Args.error("missing or invalid 'alg' header: cannot parse JSON: " + e.getMessage());
    }
    return json instanceof RegoObject object ? object : RegoObject.EMPTY;
  }

  private static boolean isJson(String text) {
    try {
      RegoJson.read(text);
      return true;
    } catch (RegoJsonException e) {
      return false;
    }
  }

  private static String url(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /// A key that signs.
  private sealed interface JwtSigner {
    byte[] sign(String alg, byte[] message);

    static JwtSigner of(RegoObject jwk) {
      String kty = JwtKeys.member(jwk, "kty");
      if (kty.equals("oct")) {
        return new Shared(JwtKeys.bytes(jwk, "k"));
      }
      try {
        return new Asymmetric(
            switch (kty) {
              case "RSA" -> rsa(jwk);
              case "EC" -> ec(jwk);
              case "OKP" -> ed25519(jwk);
              default ->
                  throw Args.error(
                      "failed to unmarshal JWK set: invalid key type from JSON (" + kty + ")");
            });
      } catch (GeneralSecurityException e) {
        throw Args.error("failed to unmarshal JWK set: " + e.getMessage());
      }
    }

    private static PrivateKey rsa(RegoObject jwk) throws GeneralSecurityException {
      BigInteger d = JwtKeys.number(jwk, "d");
      BigInteger p = JwtKeys.number(jwk, "p");
      BigInteger q = JwtKeys.number(jwk, "q");
      return KeyFactory.getInstance("RSA")
          .generatePrivate(
              new RSAPrivateCrtKeySpec(
                  JwtKeys.number(jwk, "n"),
                  JwtKeys.number(jwk, "e"),
                  d,
                  p,
                  q,
                  d.mod(p.subtract(BigInteger.ONE)),
                  d.mod(q.subtract(BigInteger.ONE)),
                  q.modInverse(p)));
    }

    private static PrivateKey ec(RegoObject jwk) throws GeneralSecurityException {
      EcCurve curve = EcCurve.ofJwkName(JwtKeys.member(jwk, "crv"));
      if (curve == null) {
        throw Args.error("failed to unmarshal JWK set: unsupported curve");
      }
      return KeyFactory.getInstance("EC")
          .generatePrivate(new ECPrivateKeySpec(JwtKeys.number(jwk, "d"), curve.parameters()));
    }

    private static PrivateKey ed25519(RegoObject jwk) throws GeneralSecurityException {
      if (!JwtKeys.member(jwk, "crv").equals("Ed25519")) {
        throw Args.error("failed to unmarshal JWK set: unsupported curve");
      }
      return KeyFactory.getInstance("Ed25519")
          .generatePrivate(
              new EdECPrivateKeySpec(NamedParameterSpec.ED25519, JwtKeys.bytes(jwk, "d")));
    }
  }

  private record Shared(byte[] secret) implements JwtSigner {
    @Override
    public byte[] sign(String alg, byte[] message) {
      if (!alg.startsWith("HS")) {
        throw Args.error("jwsbb: key of kty oct does not fit " + alg);
      }
      return Cryptos.mac("HmacSHA" + alg.substring(2), message, secret);
    }
  }

  private record Asymmetric(PrivateKey key) implements JwtSigner {
    @Override
    public byte[] sign(String alg, byte[] message) {
      try {
        Signature signature = JwtSignatures.algorithm(alg, key);
        if (signature == null) {
          throw Args.error("jwsbb: key of kind " + key.getAlgorithm() + " does not fit " + alg);
        }
        signature.initSign(key);
        signature.update(message);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw Args.error("jwsbb: " + e.getMessage());
      }
    }
  }
}
