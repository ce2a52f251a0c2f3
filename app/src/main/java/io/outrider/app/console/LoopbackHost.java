package io.outrider.app.console;

import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Tells whether a request for a loopback port was meant for it: a page in a browser on this
/// machine may reach it under a name that was made to point here.
public final class LoopbackHost {
  private LoopbackHost() {}

  /// Whether a `Host` header names this machine to itself.
  public static boolean is(@Nullable String header) {
    if (header == null) {
      return false;
    }
    String host = header.toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
    return host.equals("localhost")
        || host.equals("[::1]")
        || (host.matches("127(\\.\\d{1,3}){3}") && literal(host));
  }

  private static boolean literal(String host) {
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
