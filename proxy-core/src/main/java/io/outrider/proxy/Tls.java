package io.outrider.proxy;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.outrider.settings.ListenSettings;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// TLS of the listening port and towards upstreams.
final class Tls {

  private Tls() {}

  /// @return null when the port speaks plain HTTP
  static @Nullable SslContext server(ListenSettings listen) throws IOException {
    ListenSettings.Tls tls = listen.tls();
    if (tls == null) {
      return null;
    }
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(tls.cert().toFile(), tls.key().toFile())
              .protocols("TLSv1.3", "TLSv1.2");
      if (tls.clientCa() != null) {
        builder.trustManager(tls.clientCa().toFile()).clientAuth(ClientAuth.REQUIRE);
      }
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "listen.tls: " + e.getMessage() + " (expected: PEM files, the key in PKCS#8)", e);
    }
  }

  /// The machine's own authorities, host names checked.
  static SslContext client() throws IOException {
    return SslContextBuilder.forClient().protocols("TLSv1.3", "TLSv1.2").build();
  }
}
