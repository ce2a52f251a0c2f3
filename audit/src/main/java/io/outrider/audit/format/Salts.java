package io.outrider.audit.format;

import java.security.MessageDigest;
import java.security.SecureRandom;

/// Random salts: `SHA-256(key ‖ number)`, under a key that the platform's generator makes anew for
/// every thousand of them. As hard to guess as the key and the hash are, and a tenth of the price
/// of asking the generator each time. Not thread-safe.
final class Salts {

  private static final int KEY_BYTES = 32;

  /// With a tenth of this many the generator would not show in a profile; a key should not live
  /// longer than it must.
  private static final int SALTS_PER_KEY = 1_024;

  private final MessageDigest sha = Sha256.digest();
  private final SecureRandom random = new SecureRandom();

  /// The key, and behind it the number of the next salt.
  private final byte[] input = new byte[KEY_BYTES + 2];

  private int left;

  /// Writes the next salt.
  void next(byte[] target, int offset) {
    if (left == 0) {
      byte[] key = new byte[KEY_BYTES];
      random.nextBytes(key);
      System.arraycopy(key, 0, input, 0, KEY_BYTES);
      left = SALTS_PER_KEY;
    }
    left--;
    input[KEY_BYTES] = (byte) (left >>> 8);
    input[KEY_BYTES + 1] = (byte) left;
    Sha256.hash(sha, input, input.length, target, offset);
  }
}
