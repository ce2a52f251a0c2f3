package io.outrider.audit.store;

import io.outrider.audit.format.SignerKey;
import io.outrider.audit.format.VerifierKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The signing key of a log: made on first use, never replaced behind anyone's back.
final class Keys {
  private Keys() {}

  static SignerKey load(Folder folder, @Nullable String origin) throws IOException {
    Optional<byte[]> stored = folder.read(folder.signingKey());
    if (stored.isEmpty()) {
      return create(folder, origin);
    }
    SignerKey key;
    try {
      key = SignerKey.parse(text(stored.get()));
    } catch (IllegalArgumentException e) {
      throw new DamagedLogException(folder.signingKey() + ": " + e.getMessage(), e);
    }
    if (origin != null && !origin.equals(key.verifier().name())) {
      throw new DamagedLogException(
          "origin: \""
              + origin
              + "\" (expected: \""
              + key.verifier().name()
              + "\", the one this log was made with; a log cannot change its name)");
    }
    Optional<byte[]> published = folder.read(folder.verifierKey());
    if (published.isEmpty()) {
      // The crash came between the two files of a first start.
      publish(folder, key.verifier());
    } else if (!text(published.get()).strip().equals(key.verifier().toString())) {
      throw new DamagedLogException(
          folder.verifierKey()
              + ": "
              + text(published.get()).strip()
              + " (expected: "
              + key.verifier()
              + ", which belongs to the signing key)");
    }
    return key;
  }

  private static SignerKey create(Folder folder, @Nullable String origin) throws IOException {
    if (folder.files().exists(folder.verifierKey()) || folder.files().exists(folder.checkpoint())) {
      throw new DamagedLogException(
          folder.signingKey()
              + ": missing, but the log has been signed before (expected: the key it was signed with)");
    }
    SignerKey key = SignerKey.generate(origin != null ? origin : randomOrigin());
    folder.replace(folder.signingKey(), (key.secretText() + "\n").getBytes(StandardCharsets.UTF_8));
    publish(folder, key.verifier());
    return key;
  }

  private static void publish(Folder folder, VerifierKey key) throws IOException {
    folder.replace(folder.verifierKey(), (key + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /// A name nobody else has, for logs whose owner did not care to name them.
  private static String randomOrigin() {
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    return "outrider.invalid/log/" + HexFormat.of().formatHex(random);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
