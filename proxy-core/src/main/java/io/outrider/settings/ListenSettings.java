package io.outrider.settings;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where clients connect.
///
/// @param host address or name to bind; an IPv6 address without brackets
/// @param port TCP port; 0 takes a free one
/// @param tls certificate and key, or null for plain HTTP
/// @param allowedHosts values of the `Host` header that are answered besides the loopback names and
///   `host` itself, lower case, without a port; the guard against DNS rebinding
/// @param allowedOrigins values of the `Origin` header that are answered besides the loopback
///   origins, as `scheme://host[:port]`, lower case
public record ListenSettings(
    String host,
    int port,
    @Nullable Tls tls,
    Set<String> allowedHosts,
    Set<String> allowedOrigins) {
  /// Loopback: a proxy that nobody configured must not be reachable from the network.
  public static final String DEFAULT_HOST = "127.0.0.1";

  /// The usual second HTTP port, free on most machines.
  public static final int DEFAULT_PORT = 8080;

  public ListenSettings {
    Checks.notBlank("listen.address", host);
    Checks.port("listen.address", port);
    allowedHosts = Set.copyOf(allowedHosts);
    allowedOrigins = Set.copyOf(allowedOrigins);
  }

  /// Loopback, port 8080, plain HTTP.
  public static ListenSettings defaults() {
    return at(DEFAULT_HOST, DEFAULT_PORT);
  }

  /// Plain HTTP at an address, with no further hosts and origins.
  public static ListenSettings at(String host, int port) {
    return new ListenSettings(host, port, null, Set.of(), Set.of());
  }

  /// TLS of the listening port: PEM files.
  ///
  /// @param cert certificate chain, leaf first
  /// @param key PKCS#8 private key
  /// @param clientCa authorities whose client certificates are required, or null when clients need
  ///   none
  public record Tls(Path cert, Path key, @Nullable Path clientCa) {}
}
