package io.outrider.app.serve;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.app.console.Console;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.settings.AdminSettings;
import io.outrider.settings.ConsoleSettings;
import io.outrider.settings.ListenSettings;
import io.outrider.sinks.net.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminServerTest {
  private final AtomicReference<Readiness> readiness =
      new AtomicReference<>(new Readiness(List.of(), List.of()));
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        AdminServer.start(
            new AdminSettings("127.0.0.1", 0),
            readiness::get,
            () -> "outrider_up 1\n",
            AdminServer.Part.NONE);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + server.address().getPort() + path))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          BodyHandlers.ofString());
    }
  }

  @Test
  void readyIsAnsweredWith200() throws Exception {
    assertThat(send("GET", "/health/ready").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/health/ready").body()).contains("\"status\":\"ready\"");
    assertThat(send("GET", "/health/live").body()).contains("live");
  }

  @Test
  void halfRequestsKeepNoProbeWaiting() throws Exception {
    List<Socket> stalled = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        Socket half = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
        stalled.add(half);
        half.getOutputStream().write("GET /metrics HTTP/1.1\r\nHo".getBytes(US_ASCII));
      }
      assertThat(send("GET", "/health/live").statusCode()).isEqualTo(200);
    } finally {
      for (Socket half : stalled) {
        half.close();
      }
    }
  }

  @Test
  void unreadySaysWhyWith503() throws Exception {
    readiness.set(new Readiness(List.of("upstream files is not reachable"), List.of()));

    HttpResponse<String> response = send("GET", "/health/ready");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("\"unready\":[\"upstream files is not reachable\"]");
  }

  @Test
  void degradedStaysInServiceAndSaysWhy() throws Exception {
    readiness.set(new Readiness(List.of(), List.of("policy reload failed")));

    HttpResponse<String> response = send("GET", "/health/ready");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"status\":\"degraded\"", "policy reload failed");
  }

  @Test
  void metricsComeInThePrometheusFormat() throws Exception {
    HttpResponse<String> response = send("GET", "/metrics");

    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    assertThat(response.body()).contains("outrider_up 1");
  }

  @Test
  void otherPathsAndMethodsAreRefused() throws Exception {
    assertThat(send("GET", "/nothing").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/metrics/more").statusCode()).isEqualTo(404);
    assertThat(send("POST", "/metrics").statusCode()).isEqualTo(405);
    assertThat(send("HEAD", "/metrics").body()).isEmpty();
  }

  @Test
  void aForeignHostHeaderIsRefusedOnLoopback() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));

      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void anAddressInUseIsNamed() {
    assertThatThrownBy(() ->
            AdminServer.start(
                new AdminSettings("127.0.0.1", server.address().getPort()),
                readiness::get,
                () -> "",
                AdminServer.Part.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + server.address().getPort() + " cannot be bound");
  }

  @Test
  void withKeysItSpeaksTlsAndNothingElse(@TempDir Path folder) throws Exception {
    TestKeys keys = TestKeys.in(folder, "admin");
    try (AdminServer tls =
            AdminServer.start(
                settings(keys, null), readiness::get, () -> "up 1\n", AdminServer.Part.NONE);
        HttpClient client =
            HttpClient.newBuilder()
                .sslContext(Tls.context(keys.cert(), null, null))
                .connectTimeout(Duration.ofSeconds(10))
                .build()) {
      HttpResponse<String> ready = client.send(request(tls, "https"), BodyHandlers.ofString());
      assertThat(ready.statusCode()).isEqualTo(200);
      assertThat(ready.body()).contains("\"status\":\"ready\"");
      assertThat(ready.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");

      assertThatThrownBy(() -> client.send(request(tls, "http"), BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
      try (HttpClient stranger = HttpClient.newHttpClient()) {
        assertThatThrownBy(() -> stranger.send(request(tls, "https"), BodyHandlers.ofString()))
            .isInstanceOf(SSLException.class);
      }
    }
  }

  @Test
  void whereClientsMustShowACertificateOthersGetNothing(@TempDir Path folder) throws Exception {
    TestKeys keys = TestKeys.in(folder, "admin");
    TestKeys probe = TestKeys.in(folder, "probe");
    try (AdminServer tls =
            AdminServer.start(
                settings(keys, probe.cert()),
                readiness::get,
                () -> "up 1\n",
                AdminServer.Part.NONE);
        HttpClient known =
            HttpClient.newBuilder()
                .sslContext(Tls.context(keys.cert(), probe.cert(), probe.key()))
                .build();
        HttpClient unknown =
            HttpClient.newBuilder().sslContext(Tls.context(keys.cert(), null, null)).build()) {
      assertThat(known.send(request(tls, "https"), BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
      assertThatThrownBy(() -> unknown.send(request(tls, "https"), BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aCookieOverTlsIsSentOverTlsAlone(@TempDir Path folder) throws Exception {
    try (AuditLog log = AuditLog.open(AuditOptions.in(folder.resolve("log")))) {
      TestKeys keys = TestKeys.in(folder, "admin");
      ConsoleSettings.Token rita =
          new ConsoleSettings.Token(
              "rita",
              HexFormat.of()
                  .formatHex(
                      MessageDigest.getInstance("SHA-256")
                          .digest("secret".getBytes(StandardCharsets.UTF_8))));
      AdminServer.Part console =
          (server, loopback) ->
              Console.on(
                  server,
                  new Console.Setup(
                      folder.resolve("log"),
                      log.publicKey(),
                      false,
                      loopback,
                      List.of(rita),
                      "nobody",
                      (kind, fields) -> {},
                      "0-test",
                      InstantSource.system()));
      try (AdminServer tls =
              AdminServer.start(settings(keys, null), readiness::get, () -> "", console);
          HttpClient client =
              HttpClient.newBuilder().sslContext(Tls.context(keys.cert(), null, null)).build()) {
        HttpResponse<String> signedIn =
            client.send(
                HttpRequest.newBuilder(
                        URI.create(
                            "https://127.0.0.1:"
                                + tls.address().getPort()
                                + "/console/api/sign-in"))
                    .header("Authorization", "Bearer secret")
                    .build(),
                BodyHandlers.ofString());

        assertThat(signedIn.headers().firstValue("Set-Cookie").orElseThrow())
            .contains("HttpOnly", "SameSite=Strict", "; Secure");
      }
    }
  }

  @Test
  void keysThatCannotBeReadAreNamed(@TempDir Path folder) {
    assertThatThrownBy(() ->
            AdminServer.start(
                new AdminSettings(
                    "127.0.0.1",
                    0,
                    new ListenSettings.Tls(folder.resolve("a"), folder.resolve("b"), null),
                    ConsoleSettings.defaults()),
                readiness::get,
                () -> "",
                AdminServer.Part.NONE))
        .hasMessageStartingWith("admin.tls: " + folder)
        .hasMessageContaining("expected: a PEM file");
  }

  private static AdminSettings settings(TestKeys keys, @Nullable Path clientCa) {
    return new AdminSettings(
        "127.0.0.1",
        0,
        new ListenSettings.Tls(keys.cert(), keys.key(), clientCa),
        ConsoleSettings.defaults());
  }

  private static HttpRequest request(AdminServer server, String scheme) {
    return HttpRequest.newBuilder(
            URI.create(scheme + "://127.0.0.1:" + server.address().getPort() + "/health/ready"))
        .timeout(Duration.ofSeconds(20))
        .build();
  }
}
