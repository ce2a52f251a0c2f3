package io.outrider.audit.format;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 without the exception nobody can meet.
public final class Sha256 {
  private Sha256() {}

  /// Bytes of a hash.
  public static final int BYTES = 32;

  /// A fresh digest; not thread-safe, reusable after each `digest()`.
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// Hashes the first `length` bytes of `input` into `target`, which may be the same array.
  public static void hash(MessageDigest sha, byte[] input, int length, byte[] target, int offset) {
    sha.update(input, 0, length);
    try {
      sha.digest(target, offset, BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException(
          "no room for a hash at " + offset + " of " + target.length, e);
    }
  }

  /// The hash of `bytes`.
  public static byte[] of(byte[] bytes) {
    return digest().digest(bytes);
  }
}
