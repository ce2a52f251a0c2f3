package io.outrider.sinks.s3;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Which bucket, and how.
///
/// @param prefix before every object's name; empty, or ending with `/`
/// @param region null: what the environment says
/// @param endpoint of an S3 of another maker; null for AWS
/// @param pathStyle whether the bucket stands in the path instead of the host name
/// @param keys null: what the environment, a profile or the machine's role says
/// @param lock retention of each object; null for none
public record S3Options(
    String bucket,
    String prefix,
    @Nullable String region,
    @Nullable URI endpoint,
    boolean pathStyle,
    @Nullable Keys keys,
    @Nullable Lock lock) {

  public S3Options {
    if (bucket.isBlank()) {
      throw new IllegalArgumentException("bucket: blank (expected: a name)");
    }
    if (!prefix.isEmpty() && !prefix.endsWith("/")) {
      throw new IllegalArgumentException("prefix: '" + prefix + "' (expected: ending with /)");
    }
  }

  /// An access key.
  public record Keys(String id, String secret) {
    /// Without the secret.
    @Override
    public String toString() {
      return "Keys[" + id + "]";
    }
  }

  /// S3 Object Lock: until when nobody may delete or overwrite a version.
  public record Lock(Mode mode, Duration retain) {
    /// Who may lift it.
    public enum Mode {
      /// Whoever has a special right.
      GOVERNANCE,
      /// Nobody, not even the account's root.
      COMPLIANCE
    }
  }
}
