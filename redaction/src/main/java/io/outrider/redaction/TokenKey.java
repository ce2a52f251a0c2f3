package io.outrider.redaction;

import java.security.SecureRandom;
import java.util.HexFormat;

/// The key that makes tokens: equal values give equal tokens under one key and unrelated ones under
/// another. Instances print as a placeholder.
public final class TokenKey {
  /// A fresh key per compiled redactor.
  public static final TokenKey RANDOM = new TokenKey(new byte[0]);

  private static final int MIN_BYTES = 16;

  private final byte[] bytes;

  private TokenKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /// A fresh key that several redactors may share.
  public static TokenKey random() {
    return new TokenKey(RANDOM.resolve());
  }

  /// A key of at least 16 bytes, copied.
  public static TokenKey of(byte[] key) {
    if (key.length < MIN_BYTES) {
      throw new IllegalArgumentException(
          "token key: " + key.length + " bytes (expected: at least " + MIN_BYTES + ")");
    }
    return new TokenKey(key.clone());
  }

  /// A key in hexadecimal.
  public static TokenKey ofHex(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  byte[] resolve() {
    if (bytes.length > 0) {
      return bytes.clone();
    }
    byte[] fresh = new byte[32];
    new SecureRandom().nextBytes(fresh);
    return fresh;
  }

  @Override
  public String toString() {
    return "TokenKey[hidden]";
  }
}
