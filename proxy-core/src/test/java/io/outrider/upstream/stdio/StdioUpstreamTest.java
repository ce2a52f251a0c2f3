package io.outrider.upstream.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.fixture.Await;
import io.outrider.fixture.FakeUpstream;
import io.outrider.fixture.ModernClient;
import io.outrider.fixture.RunningProxy;
import io.outrider.settings.Secret;
import io.outrider.settings.UpstreamSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The processes of a stdio upstream, through the whole proxy: when they are started and ended.
@NullUnmarked // JUnit sets the fields before each test
class StdioUpstreamTest {

  /// An MCP server of both eras in a few lines of shell. Leaves a file named after its process.
  private static final String SERVER =
      """
      : > "$PIDS/$$"
      while IFS= read -r line; do
        id=$(printf '%s' "$line" | sed -n 's/.*"id": *\\("[^"]*"\\|[0-9]*\\).*/\\1/p')
        case $line in
          *'"server/discover"'*) result='"supportedVersions":["2026-07-28"],"capabilities":{},"resultType":"complete"' ;;
          *'"initialize"'*) test -z "$CRASH" || exit 3
            result='"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"sh","version":"1"}' ;;
          *'"tools/call"'*) result='"resultType":"complete","content":[{"type":"text","text":"'$$'"}]' ;;
          *) continue ;;
        esac
        printf '{"jsonrpc":"2.0","id":%s,"result":{%s}}\\n' "$id" "$result"
      done
      """;

  @TempDir private Path folder;
  private Path pids;
  private FakeUpstream unused;
  private RunningProxy proxy;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void prepare() throws IOException {
    pids = Files.createDirectory(folder.resolve("pids"));
    Files.writeString(folder.resolve("server.sh"), SERVER);
    unused = new FakeUpstream();
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    unused.close();
    Await.until("no process is left", () -> started().noneMatch(StdioUpstreamTest::lives));
  }

  private void start(Duration idle, Map<String, Secret> env) throws IOException {
    Map<String, Secret> all = new HashMap<>(env);
    all.put("PIDS", Secret.of(pids.toString()));
    UpstreamSettings.Stdio stdio =
        new UpstreamSettings.Stdio(
            List.of("sh", folder.resolve("server.sh").toString()), all, null, false, idle);
    proxy =
        RunningProxy.start(
            unused,
            folder,
            settings -> settings.upstream(UpstreamSettings.of("sh", "/mcp", stdio)));
  }

  private Stream<Long> started() {
    try (Stream<Path> files = Files.list(pids)) {
      return files.map(file -> Long.valueOf(file.getFileName().toString())).toList().stream();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean lives(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private HttpResponse<String> initialize() throws Exception {
    return send(
        "POST",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}",
        "");
  }

  private HttpResponse<String> send(String method, String body, String session) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.address().getPort() + "/mcp"))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!session.isEmpty()) {
      request.header("Mcp-Session-Id", session);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aModernProcessEndsWhenItIsIdleAndTheNextCallStartsAnother() throws Exception {
    start(Duration.ofMillis(400), Map.of());
    ModernClient client = new ModernClient(proxy.address());
    String first = client.call("a", "{}");
    assertThat(first).contains("\"result\"");

    Await.until("all have ended", () -> started().noneMatch(StdioUpstreamTest::lives));

    String second = client.call("a", "{}");
    assertThat(second).contains("\"result\"").isNotEqualTo(first);
    assertThat(proxy.outcomes("completed")).isEqualTo(2);
  }

  @Test
  void aLegacyServerThatKeepsEndingIsNotStartedAgainAtOnce() throws Exception {
    start(Duration.ofMinutes(1), Map.of("CRASH", Secret.of("yes")));
    assertThat(initialize().body()).contains("Upstream closed");
    assertThat(initialize().body()).contains("Upstream closed");

    assertThat(initialize().body())
        .contains("Upstream unreachable: upstream 'sh' is down after 2 ends in a row")
        .contains("next start in");
    assertThat(started().count()).isEqualTo(2);
  }

  @Test
  void oneClientCannotFillTheMachineWithServers() throws Exception {
    start(Duration.ofMinutes(1), Map.of());
    String session = "";
    for (int i = 0; i < StdioUpstream.MAX_PROCESSES; i++) {
      HttpResponse<String> opened = initialize();
      assertThat(opened.body()).contains("\"result\"");
      session = opened.headers().firstValue("Mcp-Session-Id").orElseThrow();
    }

    assertThat(initialize().body())
        .contains("upstream 'sh' has 64 processes, the most it may have");

    send("DELETE", "", session);
    Await.until(
        "a place is free",
        () -> {
          try {
            return initialize().body().contains("\"result\"");
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }
}
