package io.outrider.settings;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// A credential read from the environment or a file. Its text leaves only through [#reveal()]: it
/// is neither printed, logged nor serialised by accident, and comparing two takes the same time
/// wherever they differ.
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /// Wraps `value`.
  ///
  /// @throws IllegalArgumentException if it is empty: an empty credential is a missing one
  public static Secret of(String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("secret: empty (expected: some text)");
    }
    return new Secret(value);
  }

  /// The text itself, for the one place that sends it.
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
  }

  /// Constant: a hash that depended on the text would leak a little of it into every dump of a map.
  @Override
  public int hashCode() {
    return 1;
  }

  @Override
  public String toString() {
    return "<secret>";
  }

  private byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
