package io.outrider.settings;

/// Where health and metrics are served.
///
/// @param host address or name to bind
/// @param port TCP port; 0 takes a free one
public record AdminSettings(String host, int port) {
  /// Loopback: metrics name tools and principals.
  public static final String DEFAULT_HOST = "127.0.0.1";

  /// Beside the proxy's own 8080, where scrapers look first.
  public static final int DEFAULT_PORT = 9090;

  public AdminSettings {
    Checks.notBlank("admin.address", host);
    Checks.port("admin.address", port);
  }

  /// Loopback, port 9090.
  public static AdminSettings defaults() {
    return new AdminSettings(DEFAULT_HOST, DEFAULT_PORT);
  }
}
