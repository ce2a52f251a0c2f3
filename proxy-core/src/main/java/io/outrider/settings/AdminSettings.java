package io.outrider.settings;

import io.outrider.settings.ListenSettings.Tls;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where health, metrics and the console are served.
///
/// @param host address or name to bind
/// @param port TCP port; 0 takes a free one
/// @param tls certificate and key, or null for plain HTTP
/// @param console the page where the audit log is read
public record AdminSettings(String host, int port, @Nullable Tls tls, ConsoleSettings console) {
  /// Loopback: metrics name tools and principals.
  public static final String DEFAULT_HOST = "127.0.0.1";

  /// Beside the proxy's own 8080, where scrapers look first.
  public static final int DEFAULT_PORT = 9090;

  public AdminSettings {
    Checks.notBlank("admin.address", host);
    Checks.port("admin.address", port);
    Objects.requireNonNull(console, "console");
  }

  /// Plain HTTP, with the console as it is by default.
  public AdminSettings(String host, int port) {
    this(host, port, null, ConsoleSettings.defaults());
  }

  /// Loopback, port 9090.
  public static AdminSettings defaults() {
    return new AdminSettings(DEFAULT_HOST, DEFAULT_PORT);
  }
}
