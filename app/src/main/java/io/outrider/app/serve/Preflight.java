package io.outrider.app.serve;

import io.outrider.review.timestamp.Authorities;
import io.outrider.settings.AnchorSettings;
import io.outrider.settings.ListenSettings;
import io.outrider.settings.Settings;
import io.outrider.settings.SinkSettings;
import io.outrider.sinks.net.Tls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a start would find wrong with the files that the configuration names, besides policies and
/// redaction rules. Opens no port and asks nobody.
public final class Preflight {
  private final List<String> problems = new ArrayList<>();

  private Preflight() {}

  /// One sentence for each file that cannot be used; empty when all can.
  public static List<String> problems(Settings settings) {
    Preflight found = new Preflight();
    found.port("listen.tls", settings.listen().tls());
    if (settings.admin() != null) {
      found.port("admin.tls", settings.admin().tls());
    }
    for (AnchorSettings.Authority authority : settings.audit().anchors().authorities()) {
      found.attempt(
          "audit.anchors.timestamps.authorities." + authority.name() + ".ca",
          () -> Authorities.read(authority.ca()));
    }
    settings.audit().export().forEach(found::sink);
    return List.copyOf(found.problems);
  }

  private void port(String where, ListenSettings.@Nullable Tls tls) {
    if (tls != null) {
      keys(where, tls.clientCa(), tls.cert(), tls.key());
    }
  }

  private void keys(String where, @Nullable Path ca, @Nullable Path cert, @Nullable Path key) {
    attempt(where, () -> Tls.context(ca, cert, key));
  }

  private void sink(SinkSettings sink) {
    String where = "audit.export." + sink.name();
    switch (sink.target()) {
      case SinkSettings.Syslog syslog -> {
        SinkSettings.Tls tls = syslog.tls();
        if (tls != null) {
          keys(where, tls.ca(), tls.cert(), tls.key());
        }
      }
      case SinkSettings.Http http -> ca(where, http.endpoint().ca());
      case SinkSettings.Otlp otlp -> ca(where, otlp.endpoint().ca());
      case SinkSettings.File _, SinkSettings.Kafka _, SinkSettings.S3 _ -> {}
    }
  }

  private void ca(String where, @Nullable Path ca) {
    if (ca != null) {
      keys(where, ca, null, null);
    }
  }

  @FunctionalInterface
  private interface Reading {
    Object read() throws IOException;
  }

  private void attempt(String where, Reading reading) {
    try {
      reading.read();
    } catch (IOException e) {
      problems.add(where + ": " + Messages.of(e));
    }
  }
}
