package io.outrider.audit.format;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;

/// A promise about a value that does not show it: `SHA-256(salt ‖ "outrider/commitment/v1" ‖ 0 ‖
/// field ‖ 0 ‖ value)`.
///
/// The salt is 32 random bytes, new for every value, and lies with the value outside the tree. Who
/// has both can check the promise; once the salt is erased nobody can, not even by guessing values.
public final class Commitment {

  public static final int SALT_BYTES = 32;

  private static final byte[] DOMAIN =
      "outrider/commitment/v1\0".getBytes(StandardCharsets.US_ASCII);

  /// Salts are drawn this many at a time: one trip to the generator costs more than the bytes.
  private static final int SALTS_PER_DRAW = 256;

  private final MessageDigest sha = Sha256.digest();
  private final SecureRandom random = new SecureRandom();
  private final byte[] salts = new byte[SALT_BYTES * SALTS_PER_DRAW];
  private int nextSalt = salts.length;

  Commitment() {}

  /// The commitment to `value` under `salt`.
  public static byte[] of(byte[] salt, String field, byte[] value) {
    return of(Sha256.digest(), salt, 0, field.getBytes(StandardCharsets.UTF_8), value);
  }

  /// Commits to `value` with a fresh salt and writes the opening to `annex`.
  byte[] seal(byte[] field, byte[] value, Bytes annex, int maxAnnex) {
    if (nextSalt == salts.length) {
      random.nextBytes(salts);
      nextSalt = 0;
    }
    byte[] commitment = of(sha, salts, nextSalt, field, value);
    // A value too large to keep is still promised; what is missing is only the opening.
    if (annex.length() + 1 + field.length + SALT_BYTES + 4 + value.length <= maxAnnex) {
      annex.put(field.length);
      annex.put(field);
      annex.put(salts, nextSalt, SALT_BYTES);
      annex.putInt(value.length);
      annex.put(value);
    }
    nextSalt += SALT_BYTES;
    return commitment;
  }

  private static byte[] of(
      MessageDigest sha, byte[] salt, int saltOffset, byte[] field, byte[] value) {
    sha.update(salt, saltOffset, SALT_BYTES);
    sha.update(DOMAIN);
    sha.update(field);
    sha.update((byte) 0);
    return sha.digest(value);
  }
}
