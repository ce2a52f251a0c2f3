package io.outrider.app.serve;

import io.outrider.app.config.ConfigException;
import io.outrider.settings.Settings;
import java.nio.file.Path;
import java.util.Set;

/// Settings, and how to read them again.
///
/// @param settings what is said now
/// @param digest names it in audit records
/// @param files what it was read from; empty when it came from the command line
/// @param again reads it anew
public record Configuration(Settings settings, String digest, Set<Path> files, Again again) {
  public Configuration {
    files = Set.copyOf(files);
  }

  /// Settings that came from nowhere that could change.
  public static Configuration fixed(Settings settings, String digest) {
    return new Configuration(settings, digest, Set.of(), () -> fixed(settings, digest));
  }

  /// Reads a configuration.
  @FunctionalInterface
  public interface Again {
    Configuration read() throws ConfigException;
  }
}
