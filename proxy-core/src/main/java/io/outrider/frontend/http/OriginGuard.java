package io.outrider.frontend.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.outrider.call.Refusal;
import io.outrider.settings.ListenSettings;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Refuses requests that a web page could have caused: a `Host` that is not ours means the page's
/// own name was pointed at this machine (DNS rebinding), a foreign `Origin` says so itself (MCP
/// transports, security warning; CVE-2025-66414 and its kin).
final class OriginGuard {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final ListenSettings listen;

  OriginGuard(ListenSettings listen) {
    this.listen = listen;
  }

  @Nullable Refusal check(HttpHeaders headers) {
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    if (hosts.size() != 1) {
      return new Refusal.UntrustedOrigin("found " + hosts.size() + " Host headers (expected: 1)");
    }
    if (!isOurs(host(hosts.getFirst()))) {
      return new Refusal.UntrustedOrigin("the Host is not one of listen.allowed_hosts");
    }
    List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
    if (origins.size() > 1) {
      return new Refusal.UntrustedOrigin(
          "found " + origins.size() + " Origin headers (expected: at most 1)");
    }
    return origins.isEmpty() || allows(origins.getFirst())
        ? null
        : new Refusal.UntrustedOrigin("the Origin is not one of listen.allowed_origins");
  }

  boolean allows(String origin) {
    String lower = origin.toLowerCase(Locale.ROOT);
    if (listen.allowedOrigins().contains(lower)) {
      return true;
    }
    try {
      URI uri = URI.create(lower);
      return uri.getHost() != null
          && LOOPBACK.contains(uri.getHost())
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private boolean isOurs(String host) {
    return LOOPBACK.contains(host)
        || host.equals(listen.host().toLowerCase(Locale.ROOT))
        || listen.allowedHosts().contains(host);
  }

  /// The host without its port, in lower case.
  private static String host(String header) {
    String lower = header.toLowerCase(Locale.ROOT);
    int colon = lower.lastIndexOf(':');
    boolean port = colon > lower.lastIndexOf(']') && colon >= 0;
    return port ? lower.substring(0, colon) : lower;
  }
}
