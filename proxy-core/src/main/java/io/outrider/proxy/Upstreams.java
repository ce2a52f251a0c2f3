package io.outrider.proxy;

import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.outrider.jsonrpc.MessageReader;
import io.outrider.redaction.Redactor;
import io.outrider.settings.Settings;
import io.outrider.settings.UpstreamSettings;
import io.outrider.upstream.Upstream;
import io.outrider.upstream.UpstreamRouter;
import io.outrider.upstream.http.HttpUpstream;
import io.outrider.upstream.stdio.StdioUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Makes the upstreams of the configuration.
final class Upstreams {

  /// How often idle processes are looked for, at least.
  private static final Duration LOOK = Duration.ofSeconds(30);

  private Upstreams() {}

  static UpstreamRouter create(
      Settings settings,
      NettyRuntime netty,
      MessageReader reader,
      Supplier<Redactor> redactor,
      LongSupplier nanoTime)
      throws IOException {
    Map<String, Upstream> upstreams = new LinkedHashMap<>();
    for (UpstreamSettings upstream : settings.upstreams()) {
      upstreams.put(
          upstream.id(),
          switch (upstream.target()) {
            case UpstreamSettings.Http http ->
                http(settings, upstream, http, netty, reader, nanoTime);
            case UpstreamSettings.Stdio stdio ->
                stdio(settings, upstream, stdio, netty, reader, redactor, nanoTime);
          });
    }
    return new UpstreamRouter(upstreams);
  }

  private static Upstream stdio(
      Settings settings,
      UpstreamSettings upstream,
      UpstreamSettings.Stdio stdio,
      NettyRuntime netty,
      MessageReader reader,
      Supplier<Redactor> redactor,
      LongSupplier nanoTime) {
    StdioUpstream made =
        new StdioUpstream(
            upstream,
            stdio,
            new StdioUpstream.Parts(
                reader,
                settings.sizes().maxMessage(),
                settings.timeouts().connect(),
                redactor,
                nanoTime,
                RandomGenerator.getDefault()));
    // A quarter of the time keeps the error small; half a minute is plenty for long ones.
    Duration quarter = stdio.idle().dividedBy(4);
    netty.every(quarter.compareTo(LOOK) < 0 ? quarter : LOOK, made::endIdle);
    return made;
  }

  private static Upstream http(
      Settings settings,
      UpstreamSettings upstream,
      UpstreamSettings.Http http,
      NettyRuntime netty,
      MessageReader reader,
      LongSupplier nanoTime)
      throws IOException {
    if (http.transport() == UpstreamSettings.Transport.SSE) {
      throw new IOException(
          "upstreams."
              + upstream.id()
              + ".transport: sse is not supported yet (expected: auto or streamable-http)");
    }
    boolean https = "https".equalsIgnoreCase(http.url().getScheme());
    return new HttpUpstream(
        upstream,
        http,
        https ? Tls.client() : null,
        new HttpUpstream.Parts(
            netty.clientChannel(),
            resolver(http.url().getHost(), netty),
            settings.timeouts().connect(),
            settings.sizes().maxMessage(),
            settings.sizes().maxHeaders(),
            nanoTime,
            reader));
  }

  /// Names are looked up without blocking an event loop; addresses and `localhost` need no look-up.
  private static AddressResolverGroup<?> resolver(String host, NettyRuntime netty) {
    boolean literal =
        host.equals("localhost")
            || host.startsWith("[")
            || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    if (literal) {
      return DefaultAddressResolverGroup.INSTANCE;
    }
    return new DnsAddressResolverGroup(
        netty.datagramChannel(), DnsServerAddressStreamProviders.platformDefault());
  }
}
