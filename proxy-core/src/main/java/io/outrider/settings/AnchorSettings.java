package io.outrider.settings;

import io.outrider.audit.format.TlogPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Who vouches for the audit log.
///
/// @param policy witnesses with their keys and addresses, and how many are enough
/// @param interval between two rounds in which all witnesses are asked
/// @param authorities that stamp checkpoints with the time (RFC 3161)
/// @param stampInterval between two stamps of one authority
public record AnchorSettings(
    TlogPolicy policy, Duration interval, List<Authority> authorities, Duration stampInterval) {

  /// What public witnesses ask small logs not to exceed is one in ten seconds; this leaves room.
  public static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);

  /// Public authorities are free and not to be bothered; a bound on time to the hour is what courts
  /// ask for at most.
  public static final Duration DEFAULT_STAMP_INTERVAL = Duration.ofHours(1);

  /// Faster than a witness should be asked.
  private static final Duration LEAST_INTERVAL = Duration.ofSeconds(1);

  /// Nobody.
  public static final AnchorSettings NONE =
      new AnchorSettings(
          TlogPolicy.of(List.of(), 0), DEFAULT_INTERVAL, List.of(), DEFAULT_STAMP_INTERVAL);

  /// A time-stamping authority.
  ///
  /// @param name `[a-z0-9-]`, stands in file names
  /// @param ca PEM file with the certificates its signer's must lead to
  public record Authority(String name, URI url, Path ca) {
    public Authority {
      if (!name.matches("[a-z0-9][a-z0-9-]{0,62}")) {
        throw new IllegalArgumentException(
            "name: '" + name + "' (expected: lower-case letters, digits and hyphens)");
      }
    }
  }

  public AnchorSettings {
    authorities = List.copyOf(authorities);
    if (interval.compareTo(LEAST_INTERVAL) < 0) {
      throw new IllegalArgumentException("interval: " + interval + " (expected: at least 1s)");
    }
    if (stampInterval.compareTo(LEAST_INTERVAL) < 0) {
      throw new IllegalArgumentException(
          "timestamps.interval: " + stampInterval + " (expected: at least 1s)");
    }
  }

  /// Whether anybody is to vouch.
  public boolean any() {
    return !policy.witnesses().isEmpty() || !authorities.isEmpty();
  }
}
