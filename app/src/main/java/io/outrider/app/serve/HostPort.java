package io.outrider.app.serve;

import java.net.Inet6Address;
import java.net.InetSocketAddress;

/// Writes addresses as URLs do.
public final class HostPort {
  private HostPort() {}

  /// `127.0.0.1:8080`, `[::1]:8080`.
  public static String of(InetSocketAddress address) {
    String host =
        address.getAddress() == null
            ? address.getHostString()
            : address.getAddress().getHostAddress();
    return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host)
        + ":"
        + address.getPort();
  }
}
