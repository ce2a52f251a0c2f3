package io.outrider.audit.format;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;

/// A public Ed25519 key with a name, in the text form of C2SP signed-note: `<name>+<key id>+<base64
/// of 0x01 and the key>`.
public final class VerifierKey {

  /// signed-note algorithm identifier of Ed25519.
  static final byte ED25519 = 0x01;

  /// DER of SubjectPublicKeyInfo for Ed25519 up to the key itself (RFC 8410).
  private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  static final int KEY_BYTES = 32;

  private final String name;
  private final byte[] key;
  private final int id;
  private final PublicKey publicKey;

  /// @param key the 32 bytes of RFC 8032
  /// @throws IllegalArgumentException if the name is not allowed in a note or the key is not a
  ///   point
  public VerifierKey(String name, byte[] key) {
    this.name = checkName(name);
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "key: " + key.length + " bytes (expected: " + KEY_BYTES + ")");
    }
    this.key = key.clone();
    this.id = keyId(name, ED25519, key);
    byte[] der = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + KEY_BYTES);
    System.arraycopy(key, 0, der, SPKI_PREFIX.length, KEY_BYTES);
    try {
      this.publicKey =
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("key: not an Ed25519 public key", e);
    }
  }

  /// Reads the text form.
  ///
  /// @throws IllegalArgumentException if it is not a well-formed Ed25519 verifier key whose id fits
  public static VerifierKey parse(String text) {
    String trimmed = text.strip();
    String[] parts = trimmed.split("\\+", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException(
          "verifier key: \"" + trimmed + "\" (expected: name+id+base64)");
    }
    byte[] typed;
    try {
      typed = StrictBase64.decode(parts[2]);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("verifier key: part after the second + is not base64", e);
    }
    if (typed.length != KEY_BYTES + 1 || typed[0] != ED25519) {
      throw new IllegalArgumentException(
          "verifier key: "
              + typed.length
              + " bytes of key material (expected: 0x01 and 32 bytes of Ed25519)");
    }
    VerifierKey key = new VerifierKey(parts[0], Arrays.copyOfRange(typed, 1, typed.length));
    if (!key.idHex().equals(parts[1])) {
      throw new IllegalArgumentException(
          "verifier key: id " + parts[1] + " (expected: " + key.idHex() + ")");
    }
    return key;
  }

  public String name() {
    return name;
  }

  /// First four bytes of SHA-256 over name, newline, algorithm and key, as a big-endian number.
  public int id() {
    return id;
  }

  /// The id as eight hex digits.
  public String idHex() {
    return HexFormat.of().toHexDigits(id);
  }

  /// The 32 bytes of RFC 8032.
  public byte[] bytes() {
    return key.clone();
  }

  /// Whether `signature` is this key's over `message`.
  public boolean verify(byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(publicKey);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  static int keyId(String name, byte algorithm, byte[] key) {
    MessageDigest sha = Sha256.digest();
    sha.update(name.getBytes(StandardCharsets.UTF_8));
    sha.update((byte) '\n');
    sha.update(algorithm);
    byte[] hash = sha.digest(key);
    return (hash[0] & 0xff) << 24
        | (hash[1] & 0xff) << 16
        | (hash[2] & 0xff) << 8
        | (hash[3] & 0xff);
  }

  /// Key names may hold neither spaces nor `+`, both of which structure a note.
  static String checkName(String name) {
    Objects.requireNonNull(name, "name");
    boolean fits = !name.isEmpty() && name.length() <= 255;
    for (int i = 0; fits && i < name.length(); ) {
      int c = name.codePointAt(i);
      fits = c != '+' && !Character.isWhitespace(c) && !Character.isSpaceChar(c) && c >= 0x20;
      i += Character.charCount(c);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "name: \"" + name + "\" (expected: 1 to 255 characters, no space, no '+')");
    }
    return name;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifierKey that
        && name.equals(that.name)
        && Arrays.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return id;
  }

  /// The text form.
  @Override
  public String toString() {
    byte[] typed = new byte[KEY_BYTES + 1];
    typed[0] = ED25519;
    System.arraycopy(key, 0, typed, 1, KEY_BYTES);
    return name + "+" + idHex() + "+" + Base64.getEncoder().encodeToString(typed);
  }
}
