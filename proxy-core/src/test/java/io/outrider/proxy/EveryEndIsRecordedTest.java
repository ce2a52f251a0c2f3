package io.outrider.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.format.Leaf;
import io.outrider.fixture.Await;
import io.outrider.fixture.FakeUpstream;
import io.outrider.fixture.FakeUpstream.Mode;
import io.outrider.fixture.LegacyClient;
import io.outrider.fixture.RawHttp;
import io.outrider.fixture.RunningProxy;
import io.outrider.settings.LimitSettings;
import io.outrider.settings.Settings;
import io.outrider.settings.SizeSettings;
import io.outrider.settings.TimeoutSettings;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every way a call can end leaves its mark: one record for each refusal, one outcome for each
/// intent, one count of each in the metrics. There is one exception by nature, a log that cannot
/// take the record of a refusal, see `GatesTest#withoutARecordNothingIsForwarded`.
@NullUnmarked // JUnit sets the fields before each test
class EveryEndIsRecordedTest {

  private static final String POLICY =
      """
      package outrider

      allow := true
      deny contains "not this one" if input.mcp.name == "denied"
      deny contains "not this answer" if { input.phase == "response"; input.mcp.name == "withheld" }
      """;

  private static final int MAX_BODY = 10_000;

  /// Longer than any of this takes, or as short as can be.
  private static final Duration LONG = Duration.ofMinutes(5);

  private static final Duration SHORT = Duration.ofMillis(200);

  @TempDir private Path folder;
  private FakeUpstream upstream;
  private RunningProxy proxy;
  private final List<Socket> sockets = new ArrayList<>();

  /// Brings the end about.
  @FunctionalInterface
  interface Scene {
    void play(EveryEndIsRecordedTest on) throws Exception;
  }

  /// @param slug how it must end
  /// @param queueWait how long calls wait for a place
  /// @param idle how long an upstream may be silent
  record Way(String name, String slug, Duration queueWait, Duration idle, Scene scene) {
    Way(String name, String slug, Scene scene) {
      this(name, slug, LONG, LONG, scene);
    }

    List<String> slugs() {
      return List.of(slug.split("\\|"));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Way> ways() {
    return Stream.of(
        // Turned away at the door.
        new Way("no JSON", "refused.malformed", on -> on.ask(MODERN, "{nonsense")),
        new Way(
            "broken HTTP",
            "refused.malformed",
            on -> on.read(on.raw("POST /mcp HTTP/1.1\r\n\r\n"))),
        new Way(
            "GET without a session",
            "refused.malformed",
            on -> on.read(on.raw("GET /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n"))),
        new Way(
            "unknown path",
            "refused.unknown_path",
            on -> on.read(on.raw("GET /else HTTP/1.1\r\nHost: localhost\r\n\r\n"))),
        new Way(
            "foreign origin",
            "refused.origin",
            on -> on.ask(MODERN + "Origin: https://evil.example\r\n", modern("a", Mode.PLAIN))),
        new Way(
            "unknown key",
            "refused.unauthenticated",
            on -> on.ask(MODERN + "Authorization: Bearer wrong\r\n", modern("a", Mode.PLAIN))),
        new Way(
            "unknown session",
            "refused.unknown_session",
            on ->
                on.ask(
                    "Mcp-Session-Id: none\r\n",
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}")),
        new Way(
            "header mismatch",
            "refused.header_mismatch",
            on -> on.ask(MODERN + "Mcp-Name: b\r\n", modern("a", Mode.PLAIN))),
        new Way(
            "unknown version",
            "refused.version",
            on ->
                on.ask(
                    MODERN.replace("2026-07-28", "1900-01-01"),
                    modern("a", Mode.PLAIN).replace("2026-07-28", "1900-01-01"))),
        new Way(
            "unknown method",
            "refused.unknown_method",
            on ->
                on.ask(
                    MODERN.replace("tools/call", "tools/sing"),
                    modern("a", Mode.PLAIN).replace("tools/call", "tools/sing"))),
        new Way("too large", "refused.too_large", on -> on.ask(MODERN, " ".repeat(MAX_BODY + 1))),
        new Way("draining", "refused.draining", EveryEndIsRecordedTest::callWhileDraining),

        // Turned away at the gates.
        new Way("denied", "refused.denied", on -> on.ask("denied", Mode.PLAIN)),
        new Way("a full queue", "refused.over_limit", EveryEndIsRecordedTest::fillTheQueue),
        new Way(
            "the queue's deadline",
            "refused.over_limit",
            SHORT,
            LONG,
            on -> {
              on.holdThePlace();
              on.ask("a", Mode.PLAIN);
            }),
        new Way(
            "the client leaves while it waits",
            "refused.abandoned",
            on -> {
              on.holdThePlace();
              Socket waiting = on.post("a", Mode.PLAIN);
              on.awaitWaiting(1);
              waiting.close();
              on.awaitWaiting(0);
            }),
        new Way(
            "the client cancels while it waits",
            "refused.abandoned",
            on -> {
              LegacyClient client = LegacyClient.open(on.proxy.address());
              on.holdThePlace();
              int id = client.nextId();
              var answer = client.call("a", "{}");
              on.awaitWaiting(1);
              assertThat(client.cancel(id).join().statusCode()).isEqualTo(202);
              assertThat(answer.join()).as("who cancelled gets no answer").isEmpty();
              assertThat(on.upstream.count("notifications/cancelled")).isZero();
            }),
        new Way(
            "the session ends while it waits",
            "refused.unknown_session",
            on -> {
              LegacyClient client = LegacyClient.open(on.proxy.address());
              on.holdThePlace();
              var answer = client.call("a", "{}");
              on.awaitWaiting(1);
              client.end().join();
              assertThat(answer.join()).contains("Session not found");
            }),
        new Way(
            "the proxy ends while it waits",
            // Or the other call ends first, and this one has the place for a moment.
            "refused.abandoned|failed.client.gone",
            on -> {
              on.holdThePlace();
              on.post("a", Mode.PLAIN);
              on.awaitWaiting(1);
              on.proxy.close();
            }),

        // Forwarded.
        new Way("an answer", "completed", on -> on.ask("a", Mode.PLAIN)),
        new Way("an answer on a stream", "completed", on -> on.ask("a", Mode.STREAM)),
        new Way("a crash", "failed.upstream.closed", on -> on.ask("a", Mode.CRASH)),
        new Way("half an answer", "failed.upstream.closed", on -> on.ask("a", Mode.HALF)),
        new Way("no MCP", "failed.upstream.protocol", on -> on.ask("a", Mode.GARBAGE)),
        new Way("a cut stream", "failed.upstream.closed", on -> on.ask("a", Mode.STREAM_CUT)),
        new Way("silence", "failed.upstream.timeout", LONG, SHORT, on -> on.ask("a", Mode.HANG)),
        new Way("a withheld answer", "failed.withheld", on -> on.ask("withheld", Mode.PLAIN)),
        new Way(
            "no upstream",
            "failed.upstream.unreachable",
            on -> {
              on.upstream.close();
              on.ask("a", Mode.PLAIN);
            }),
        new Way(
            "the client leaves while it runs",
            "failed.client.gone",
            on -> {
              Socket running = on.post("a", Mode.HANG);
              Await.until("the call is there", () -> on.upstream.waitingForClose() == 1);
              running.close();
            }),
        new Way(
            "the client cancels while it runs",
            "failed.client.gone",
            on -> {
              LegacyClient client = LegacyClient.open(on.proxy.address());
              int id = client.nextId();
              var answer = client.call("a", "{\"mode\":\"HANG\"}");
              Await.until("the call is there", () -> on.upstream.waitingForClose() == 1);
              client.cancel(id).join();
              assertThat(answer.join()).isEmpty();
            }),
        new Way(
            "the session ends while it runs",
            "failed.upstream.closed",
            on -> {
              LegacyClient client = LegacyClient.open(on.proxy.address());
              var answer = client.call("a", "{\"mode\":\"HANG\"}");
              Await.until("the call is there", () -> on.upstream.waitingForClose() == 1);
              client.end().join();
              assertThat(answer.join()).contains("\"error\"");
            }),
        new Way(
            "the proxy ends while it runs",
            "failed.client.gone",
            on -> {
              on.post("a", Mode.HANG);
              Await.until("the call is there", () -> on.upstream.waitingForClose() == 1);
              on.proxy.close();
            }));
  }

  @BeforeEach
  void startUpstream() {
    upstream = new FakeUpstream();
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    proxy.close();
    upstream.close();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void leavesItsMark(Way way) throws Exception {
    proxy = RunningProxy.start(upstream, folder, s -> settings(s, way), POLICY);

    way.scene.play(this);
    upstream.release();
    Await.until(
        "the end",
        () ->
            way.slugs().stream().anyMatch(slug -> proxy.outcomes(slug) > 0)
                && proxy.outrider().running() == 0);

    List<Leaf> log = proxy.closeAndReadLog();
    List<String> intents = calls(log, "intent");
    assertThat(calls(log, "outcome"))
        .as("an outcome for every intent, and one only")
        .containsExactlyInAnyOrderElementsOf(intents);
    assertThat(calls(log, "refusal")).doesNotHaveDuplicates().noneMatch(intents::contains);
    List<String> refused = way.slugs().stream().filter(s -> s.startsWith("refused")).toList();
    if (slugs(log, "refusal").isEmpty()) {
      assertThat(slugs(log, "outcome")).containsAnyElementsOf(way.slugs());
    } else {
      assertThat(slugs(log, "refusal")).isEqualTo(refused);
    }
    for (String slug :
        Stream.concat(slugs(log, "refusal").stream(), slugs(log, "outcome").stream())
            .distinct()
            .toList()) {
      long recorded = log.stream().filter(leaf -> leaf.text("out").orElse("").equals(slug)).count();
      assertThat(proxy.outcomes(slug)).as("counted: %s", slug).isEqualTo(recorded);
    }
    assertThat(proxy.gauge("outrider.limit.held")).as("places held").isZero();
  }

  private static Settings.Builder settings(Settings.Builder settings, Way way) {
    TimeoutSettings t = TimeoutSettings.defaults();
    SizeSettings s = SizeSettings.defaults();
    return settings
        .limits(new LimitSettings(1, 1, 1, 1, way.queueWait, null))
        .sizes(
            new SizeSettings(MAX_BODY, s.maxMessage(), s.maxDepth(), s.maxHeaders(), s.offLoop()))
        .timeouts(
            new TimeoutSettings(
                t.connect(), way.idle, t.absolute(), t.session(), t.keepAlive(), t.drain()));
  }

  private static List<String> calls(List<Leaf> log, String kind) {
    return log.stream()
        .filter(leaf -> leaf.kind().equals(kind))
        .map(leaf -> leaf.text("call").orElse(""))
        .toList();
  }

  private static List<String> slugs(List<Leaf> log, String kind) {
    return log.stream()
        .filter(leaf -> leaf.kind().equals(kind))
        .map(leaf -> leaf.text("out").orElse(""))
        .toList();
  }

  // --- scenes

  private void holdThePlace() throws IOException {
    post("holder", Mode.HOLD);
    Await.until("the place is taken", () -> upstream.calls() == 1);
  }

  private void awaitWaiting(int calls) {
    Await.until(calls + " calls wait", () -> proxy.gauge("outrider.limit.waiting") == calls);
  }

  private void fillTheQueue() throws IOException {
    holdThePlace();
    post("a", Mode.PLAIN);
    awaitWaiting(1);
    ask("b", Mode.PLAIN);
  }

  private void callWhileDraining() throws IOException {
    Socket kept = post("a", Mode.PLAIN);
    read(kept);
    assertThat(proxy.outrider().drain(LONG)).isTrue();
    send(kept, MODERN + "Mcp-Name: a\r\n", modern("a", Mode.PLAIN));
    assertThat(read(kept).status()).isEqualTo(503);
  }

  // --- the wire

  private static final String MODERN =
      "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\n";

  private static String modern(String tool, Mode mode) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\""
        + tool
        + "\",\"arguments\":{\"mode\":\""
        + mode
        + "\"},\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
  }

  private RawHttp.Message ask(String tool, Mode mode) throws IOException {
    return read(post(tool, mode));
  }

  private void ask(String headers, String body) throws IOException {
    Socket socket = raw("");
    send(socket, headers.contains("Mcp-Name") ? headers : headers + "Mcp-Name: a\r\n", body);
    assertThat(read(socket).status()).isPositive();
  }

  private Socket post(String tool, Mode mode) throws IOException {
    Socket socket = raw("");
    send(socket, MODERN + "Mcp-Name: " + tool + "\r\n", modern(tool, mode));
    return socket;
  }

  private static void send(Socket socket, String headers, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    String head =
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
            + headers
            + "Content-Length: "
            + bytes.length
            + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(UTF_8));
    socket.getOutputStream().write(bytes);
  }

  private Socket raw(String text) throws IOException {
    Socket socket = new Socket();
    sockets.add(socket);
    socket.connect(proxy.address());
    socket.getOutputStream().write(text.getBytes(UTF_8));
    return socket;
  }

  private RawHttp.Message read(Socket socket) throws IOException {
    return Objects.requireNonNull(new RawHttp(socket.getInputStream()).read());
  }
}
