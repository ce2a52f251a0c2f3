package io.outrider.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.fixture.FakeUpstream;
import io.outrider.fixture.RawHttp;
import io.outrider.fixture.RunningProxy;
import io.outrider.hostile.HostileBytes.Ending;
import io.outrider.jsonrpc.Json;
import io.outrider.settings.SizeSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Sends every hostile message to a running proxy, byte by byte, and checks what comes back, what
/// is recorded, and that nothing reached the upstream.
class HostileMessagesTest {

  private static final int PATIENCE_MILLIS = 40_000;
  private static final String INITIALIZE =
      "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";
  private static final String HANGING_CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":\"busy\",\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"mode\":\"HANG\"}}}";

  @TempDir static Path folder;
  static @Nullable FakeUpstream upstream;
  static @Nullable RunningProxy proxy;

  @BeforeAll
  static void start() throws IOException {
    upstream = new FakeUpstream();
    SizeSettings d = SizeSettings.defaults();
    proxy =
        RunningProxy.start(
            upstream,
            folder,
            settings ->
                settings.sizes(
                    new SizeSettings(1_000_000, d.maxMessage(), 64, d.maxHeaders(), d.offLoop())));
  }

  @AfterAll
  static void stop() throws IOException {
    Objects.requireNonNull(proxy).close();
    Objects.requireNonNull(upstream).close();
  }

  static List<HostileCase> cases() {
    // The slow ones take as long as a slow client may; SlowClientGuardTest has them without
    // waiting.
    boolean slow = Boolean.getBoolean("outrider.slow");
    return HostileCase.all().stream().filter(c -> slow || !c.isSlow()).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyHostileMessageGetsItsAnswer(HostileCase hostile) throws Exception {
    RunningProxy running = Objects.requireNonNull(proxy);
    FakeUpstream server = Objects.requireNonNull(upstream);
    InetSocketAddress address = running.address();
    Map<String, String> values = new HashMap<>();
    values.put("host", "127.0.0.1:" + address.getPort());
    values.put("port", Integer.toString(address.getPort()));
    try (Socket busy = new Socket()) {
      if (!hostile.session().equals("no")) {
        values.put("session", openSession(address, ""));
      }
      if (hostile.session().equals("busy")) {
        long before = server.calls();
        busy.connect(address);
        post(busy, HANGING_CALL, "Mcp-Session-Id: " + values.get("session") + "\r\n");
        while (server.calls() == before) {
          Thread.onSpinWait();
        }
      }
      if (hostile.template().contains("%{foreign-session}")) {
        values.put(
            "foreign-session",
            openSession(
                address, "Authorization: Bearer " + RunningProxy.KEY_OF_SOMEBODY_ELSE + "\r\n"));
      }
      HostileBytes bytes = hostile.bytes(values);
      String slug = hostile.expect().get("slug");
      long recorded = slug == null ? 0 : running.outcomes(slug);
      long calls = server.calls();

      Reaction reaction = send(address, bytes, hostile);

      assertThat(reaction.statuses())
          .as("%s%n%s", hostile.why(), reaction)
          .isEqualTo(hostile.status() == null ? List.of() : List.of(hostile.status()));
      if (hostile.mustClose()) {
        assertThat(reaction.closed()).as("connection closed; %s", hostile.why()).isTrue();
      }
      checkError(hostile, reaction);
      if (slug != null) {
        assertThat(running.outcomes(slug) - recorded)
            .as("%s recorded; %s", slug, running.allOutcomes())
            .isEqualTo(1);
      }
      assertThat(server.calls() - calls)
          .as("calls that reached the upstream")
          .isEqualTo(hostile.upstream());
    }
  }

  private static void checkError(HostileCase hostile, Reaction reaction) {
    String code = hostile.expect().get("code");
    String id = hostile.expect().get("id");
    if (code == null && id == null) {
      return;
    }
    assertThat(reaction.bodies().getFirst()).as("%s %s", hostile.why(), reaction).isNotEmpty();
    JsonNode answer = Json.tree(reaction.bodies().getFirst().getBytes(UTF_8));
    if (code != null) {
      assertThat(answer.path("error").path("code").asInt(0))
          .as("%s: %s", hostile.why(), answer)
          .isEqualTo(Integer.parseInt(code));
    }
    if (id != null) {
      assertThat(answer.path("id").toString()).as("id in %s", answer).isEqualTo(id);
    }
  }

  /// What the proxy did.
  private record Reaction(List<Integer> statuses, List<String> bodies, boolean closed) {}

  private static Reaction send(InetSocketAddress address, HostileBytes bytes, HostileCase hostile)
      throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(address);
      List<Integer> statuses = new java.util.ArrayList<>();
      List<String> bodies = new java.util.ArrayList<>();
      // The answer may come, and the connection close, while there is still something to send.
      Thread sender = Thread.ofVirtual().start(() -> write(socket, bytes));
      boolean closed = false;
      RawHttp in = new RawHttp(socket.getInputStream());
      try {
        boolean readOn = true;
        while (readOn) {
          RawHttp.Message answer = in.read();
          closed = answer == null;
          if (answer != null) {
            statuses.add(answer.status());
            bodies.add(answer.text());
          }
          readOn = answer != null && hostile.mustClose();
        }
      } catch (SocketException reset) {
        closed = true;
      }
      sender.interrupt();
      return new Reaction(statuses, bodies, closed);
    }
  }

  private static void write(Socket socket, HostileBytes bytes) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(bytes.bytes());
      out.flush();
      if (bytes.ending() == Ending.CLOSE) {
        socket.shutdownOutput();
      }
    } catch (IOException theProxyHasHeardEnough) {
      // Then the rest need not be sent.
    }
  }

  private static String openSession(InetSocketAddress address, String headers) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(address);
      post(socket, INITIALIZE, headers);
      RawHttp.Message answer =
          Objects.requireNonNull(new RawHttp(socket.getInputStream()).read(), "initialize");
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      return Objects.requireNonNull(answer.headers().get("mcp-session-id"), "session id");
    }
  }

  private static void post(Socket socket, String body, String headers) throws IOException {
    socket
        .getOutputStream()
        .write(
            ("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                    + "Accept: application/json, text/event-stream\r\n"
                    + headers
                    + "Content-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body)
                .getBytes(UTF_8));
  }
}
