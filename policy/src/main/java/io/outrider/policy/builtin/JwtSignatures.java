package io.outrider.policy.builtin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Verifies signatures of the algorithms of RFC 7518 and RFC 8037. The kind of key must be the
/// algorithm's: a public key is never taken for a shared secret, nor the other way round.
final class JwtSignatures {
  private static final Set<String> KNOWN =
      Set.of(
          "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "HS256",
          "HS384", "HS512", "EdDSA");

  private JwtSignatures() {}

  static boolean isKnown(String alg) {
    return KNOWN.contains(alg);
  }

  static boolean verify(JwtKeys.Key key, String alg, String signed, byte[] signature) {
    byte[] message = signed.getBytes(StandardCharsets.US_ASCII);
    byte[] secret = key.secret();
    PublicKey publicKey = key.publicKey();
    if (secret != null) {
      return alg.startsWith("HS") && isKnown(alg) && verifySecret(secret, alg, message, signature);
    }
    if (publicKey == null || !isKnown(alg)) {
      return false;
    }
    try {
      Signature verifier = algorithm(alg, publicKey);
      if (verifier == null) {
        return false;
      }
      verifier.initVerify(publicKey);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // A signature of the wrong length or form does not verify.
      return false;
    }
  }

  /// The algorithm, or null when the key is not of its kind.
  static @Nullable Signature algorithm(String alg, Key key) throws GeneralSecurityException {
    if (alg.startsWith("RS") && key instanceof RSAKey) {
      return Signature.getInstance("SHA" + bits(alg) + "withRSA");
    }
    if (alg.startsWith("PS") && key instanceof RSAKey) {
      return pss(bits(alg));
    }
    if (alg.startsWith("ES") && key instanceof ECKey) {
      return Signature.getInstance("SHA" + bits(alg) + "withECDSAinP1363Format");
    }
    return alg.equals("EdDSA") && key instanceof EdECKey ? Signature.getInstance("Ed25519") : null;
  }

  private static int bits(String alg) {
    return Integer.parseInt(alg.substring(2));
  }

  private static Signature pss(int bits) throws GeneralSecurityException {
    Signature verifier = Signature.getInstance("RSASSA-PSS");
    verifier.setParameter(
        new PSSParameterSpec(
            "SHA-" + bits,
            "MGF1",
            new MGF1ParameterSpec("SHA-" + bits),
            bits / 8,
            PSSParameterSpec.TRAILER_FIELD_BC));
    return verifier;
  }

  private static boolean verifySecret(byte[] secret, String alg, byte[] message, byte[] signature) {
    return MessageDigest.isEqual(signature, Cryptos.mac("HmacSHA" + bits(alg), message, secret));
  }
}
