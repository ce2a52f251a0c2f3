package io.outrider.audit.format;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// A private Ed25519 key with a name. Its text form is the one Go's note package reads:
/// `PRIVATE+KEY+<name>+<key id>+<base64 of 0x01 and the seed>`.
public final class SignerKey {

  /// DER of PKCS#8 for an Ed25519 seed up to the seed itself (RFC 8410).
  private static final byte[] PKCS8_PREFIX =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  private static final String MARK = "PRIVATE+KEY+";

  private final VerifierKey verifier;
  private final byte[] seed;
  private final PrivateKey privateKey;

  private SignerKey(String name, byte[] seed) {
    this.seed = seed.clone();
    byte[] der = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + seed.length);
    System.arraycopy(seed, 0, der, PKCS8_PREFIX.length, seed.length);
    try {
      this.privateKey =
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der));
      this.verifier = new VerifierKey(name, publicKey(seed));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("key: not an Ed25519 seed", e);
    }
  }

  /// Makes a new key.
  public static SignerKey generate(String name) {
    byte[] seed = new byte[VerifierKey.KEY_BYTES];
    new SecureRandom().nextBytes(seed);
    return new SignerKey(name, seed);
  }

  /// Reads the text form.
  ///
  /// @throws IllegalArgumentException if it is not a private key in this form; the message never
  ///   shows the key
  public static SignerKey parse(String text) {
    String trimmed = text.strip();
    if (!trimmed.startsWith(MARK)) {
      throw new IllegalArgumentException("signing key: does not start with " + MARK);
    }
    String[] parts = trimmed.substring(MARK.length()).split("\\+", 3);
    byte[] typed;
    try {
      typed = parts.length == 3 ? StrictBase64.decode(parts[2]) : new byte[0];
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("signing key: the key material is not base64");
    }
    if (typed.length != VerifierKey.KEY_BYTES + 1 || typed[0] != VerifierKey.ED25519) {
      throw new IllegalArgumentException(
          "signing key: expected name+id+base64 of 0x01 and a 32-byte seed");
    }
    SignerKey key = new SignerKey(parts[0], Arrays.copyOfRange(typed, 1, typed.length));
    if (!key.verifier.idHex().equals(parts[1])) {
      throw new IllegalArgumentException(
          "signing key: id " + parts[1] + " (expected: " + key.verifier.idHex() + ")");
    }
    return key;
  }

  /// The public half.
  public VerifierKey verifier() {
    return verifier;
  }

  /// Signs a text, giving a note with this one signature.
  public SignedNote sign(String text) {
    try {
      Signature signer = Signature.getInstance("Ed25519");
      signer.initSign(privateKey);
      signer.update(text.getBytes(StandardCharsets.UTF_8));
      return new SignedNote(
          text, List.of(new SignedNote.Signature(verifier.name(), verifier.id(), signer.sign())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
    }
  }

  /// The text form. Secret.
  public String secretText() {
    byte[] typed = new byte[VerifierKey.KEY_BYTES + 1];
    typed[0] = VerifierKey.ED25519;
    System.arraycopy(seed, 0, typed, 1, seed.length);
    return MARK
        + verifier.name()
        + "+"
        + verifier.idHex()
        + "+"
        + Base64.getEncoder().encodeToString(typed);
  }

  /// The platform derives a public key only while generating a pair, so it is given the seed as its
  /// randomness.
  private static byte[] publicKey(byte[] seed) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    generator.initialize(NamedParameterSpec.ED25519, new FixedRandom(seed));
    KeyPair pair = generator.generateKeyPair();
    EdECPublicKey point = (EdECPublicKey) pair.getPublic();
    byte[] spki = point.getEncoded();
    return Arrays.copyOfRange(spki, spki.length - VerifierKey.KEY_BYTES, spki.length);
  }

  private static final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final byte[] bytes;

    FixedRandom(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    @Override
    public void nextBytes(byte[] target) {
      if (target.length != bytes.length) {
        throw new IllegalStateException(
            "asked for " + target.length + " bytes (expected: " + bytes.length + ")");
      }
      System.arraycopy(bytes, 0, target, 0, target.length);
    }
  }

  @Override
  public String toString() {
    return "SignerKey[" + verifier + "]";
  }
}
