package io.outrider.audit.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/// A promise about a value that does not show it: `SHA-256(salt ‖ "outrider/commitment/v1" ‖ 0 ‖
/// field ‖ 0 ‖ value)`.
///
/// The salt is 32 random bytes, new for every value, and lies with the value outside the tree. Who
/// has both can check the promise; once the salt is erased nobody can, not even by guessing values.
public final class Commitment {

  public static final int SALT_BYTES = 32;

  private static final int MAX_INPUT = 1 << 16;

  private static final byte[] DOMAIN =
      "outrider/commitment/v1\0".getBytes(StandardCharsets.US_ASCII);

  private final MessageDigest sha = Sha256.digest();
  private final Salts salts = new Salts();

  /// What is hashed: a salt, the domain, a field, a value.
  private byte[] input = new byte[1_024];

  private final byte[] commitment = new byte[Sha256.BYTES];

  Commitment() {
    System.arraycopy(DOMAIN, 0, input, SALT_BYTES, DOMAIN.length);
  }

  /// The commitment to `value` under `salt`.
  public static byte[] of(byte[] salt, String field, byte[] value) {
    return of(Sha256.digest(), salt, field, value);
  }

  /// The same, with a digest to be used again.
  static byte[] of(MessageDigest sha, byte[] salt, String field, byte[] value) {
    // In one piece, as below.
    byte[] name = field.getBytes(StandardCharsets.UTF_8);
    return sha.digest(
        ByteBuffer.allocate(salt.length + DOMAIN.length + name.length + 1 + value.length)
            .put(salt)
            .put(DOMAIN)
            .put(name)
            .put((byte) 0)
            .put(value)
            .array());
  }

  /// Commits to `value` with a fresh salt and writes the opening to `annex`.
  ///
  /// @return the commitment; valid until the next call
  byte[] seal(byte[] field, byte[] value, Bytes annex, int maxAnnex) {
    // In one piece: a digest that is fed in crumbs spends its time on its own bookkeeping.
    int head = SALT_BYTES + DOMAIN.length;
    int length = head + field.length + 1 + value.length;
    if (input.length < length) {
      input = Arrays.copyOf(input, length);
    }
    salts.next(input, 0);
    System.arraycopy(field, 0, input, head, field.length);
    input[head + field.length] = 0;
    System.arraycopy(value, 0, input, head + field.length + 1, value.length);
    Sha256.hash(sha, input, length, commitment, 0);
    // A value too large to keep is still promised; what is missing is only the opening.
    if (annex.length() + 1 + field.length + SALT_BYTES + 4 + value.length <= maxAnnex) {
      annex.put(field.length);
      annex.put(field);
      annex.put(input, 0, SALT_BYTES);
      annex.putInt(value.length);
      annex.put(value);
    }
    if (input.length > MAX_INPUT) {
      input = Arrays.copyOf(input, MAX_INPUT); // one large value must not stay in memory for ever
    }
    return commitment;
  }
}
