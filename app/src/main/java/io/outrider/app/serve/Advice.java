package io.outrider.app.serve;

import io.outrider.settings.ConsoleSettings;
import io.outrider.settings.IdentitySettings.Anonymous;
import io.outrider.settings.ListenSettings;
import io.outrider.settings.Secret;
import io.outrider.settings.Settings;
import io.outrider.settings.SinkSettings;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// What is allowed but probably not meant.
public final class Advice {
  private Advice() {}

  /// Sentences for the operator; empty when nothing stands out.
  public static List<String> of(Settings settings) {
    List<String> advice = new ArrayList<>();
    ListenSettings listen = settings.listen();
    boolean loopback = loopback(listen.host());
    if (!loopback && listen.tls() == null) {
      advice.add(
          "listen.address %s is reachable from the network without TLS: keys and data pass in the clear"
              .formatted(listen.host()));
    }
    if (!loopback && settings.identity().apiKeys().isEmpty()) {
      advice.add(
          settings.identity().anonymous() == Anonymous.LOOPBACK
              ? "identity.api_keys is empty: only callers on this machine will be let in"
              : "identity.api_keys is empty and anonymous is never: nobody will be let in");
    }
    if (!loopback && listen.allowedHosts().isEmpty()) {
      advice.add(
          "listen.allowed_hosts is empty: only requests for a loopback name or %s will be answered"
              .formatted(listen.host()));
    }
    if (settings.admin() != null && !loopback(settings.admin().host())) {
      advice.add(
          "admin.address %s is reachable from the network: metrics name upstreams and methods"
              .formatted(settings.admin().host()));
      ConsoleSettings console = settings.admin().console();
      if (console.enabled()) {
        if (console.tokens().isEmpty()) {
          advice.add("admin.console.tokens is empty: the console will be refused to everybody");
        } else if (settings.admin().tls() == null) {
          advice.add(
              "admin.console is reachable from the network without TLS: tokens and records pass in the clear; set admin.tls, or put a proxy with TLS in front of it");
        }
      }
    }
    settings.audit().export().stream()
        .filter(Advice::inTheClear)
        .map(sink ->
            "audit.export.%s sends the audit log over the network without TLS"
                .formatted(sink.name()))
        .forEach(advice::add);
    return advice;
  }

  private static boolean inTheClear(SinkSettings sink) {
    return switch (sink.target()) {
      case SinkSettings.File ignored -> false;
      case SinkSettings.Syslog syslog -> syslog.tls() == null && !loopback(syslog.address());
      case SinkSettings.Http http -> inTheClear(http.endpoint());
      case SinkSettings.Otlp otlp -> inTheClear(otlp.endpoint());
      case SinkSettings.Kafka kafka -> inTheClear(kafka);
      case SinkSettings.S3 s3 -> s3.endpoint() != null && inTheClear(s3.endpoint());
    };
  }

  private static boolean inTheClear(SinkSettings.Endpoint endpoint) {
    return inTheClear(endpoint.url());
  }

  private static boolean inTheClear(URI url) {
    return "http".equalsIgnoreCase(url.getScheme()) && !loopback(url.getHost());
  }

  private static boolean inTheClear(SinkSettings.Kafka kafka) {
    Secret protocol = kafka.properties().get("security.protocol");
    return (protocol == null || !protocol.reveal().endsWith("SSL"))
        && kafka.servers().stream()
            .anyMatch(server -> !loopback(server.substring(0, server.lastIndexOf(':'))));
  }

  private static boolean loopback(String host) {
    if (host.equals("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
