package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Hashes and message authentication codes, as lower-case hex.
final class Cryptos {
  private Cryptos() {}

  static void register(Registry r) {
    hash(r, "crypto.md5", "MD5");
    hash(r, "crypto.sha1", "SHA-1");
    hash(r, "crypto.sha256", "SHA-256");
    hmac(r, "crypto.hmac.md5", "HmacMD5");
    hmac(r, "crypto.hmac.sha1", "HmacSHA1");
    hmac(r, "crypto.hmac.sha256", "HmacSHA256");
    hmac(r, "crypto.hmac.sha512", "HmacSHA512");
    r.two(
        "crypto.hmac.equal",
        (a, b) -> RegoBoolean.of(MessageDigest.isEqual(bytes(a, 1), bytes(b, 2))));
  }

  private static byte[] bytes(RegoValue value, int position) {
    return Args.string(value, position).getBytes(StandardCharsets.UTF_8);
  }

  private static RegoString hex(byte[] bytes) {
    return RegoString.of(HexFormat.of().formatHex(bytes));
  }

  private static void hash(Registry r, String name, String algorithm) {
    r.one(
        name,
        a -> {
          try {
            return hex(MessageDigest.getInstance(algorithm).digest(bytes(a, 1)));
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException("missing from this JDK: " + algorithm, e);
          }
        });
  }

  private static void hmac(Registry r, String name, String algorithm) {
    r.two(name, (a, b) -> hex(mac(algorithm, bytes(a, 1), bytes(b, 2))));
  }

  static byte[] mac(String algorithm, byte[] message, byte[] key) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      // An HMAC key may be empty, and SecretKeySpec takes none; a zero byte is the same key to an
      // HMAC.
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("missing from this JDK: " + algorithm, e);
    }
  }
}
