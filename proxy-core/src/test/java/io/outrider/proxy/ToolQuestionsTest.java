package io.outrider.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.format.Leaf;
import io.outrider.fixture.Await;
import io.outrider.fixture.FakeUpstream;
import io.outrider.fixture.FakeUpstream.Mode;
import io.outrider.fixture.LegacyClient;
import io.outrider.fixture.ModernClient;
import io.outrider.fixture.RunningProxy;
import io.outrider.settings.SizeSettings;
import io.outrider.settings.TimeoutSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that call a tool without having listed it, under a policy that decides by what the
/// server says of it.
@NullUnmarked // JUnit sets the fields before each test
class ToolQuestionsTest {

  private static final String READ_ONLY =
      "package outrider\n\nallow if input.tool.annotations.readOnlyHint == true\n";

  private static final String READER =
      "{\"name\":\"reader\",\"inputSchema\":{},\"annotations\":{\"readOnlyHint\":true}}";
  private static final String WRITER =
      "{\"name\":\"writer\",\"inputSchema\":{},\"annotations\":{\"readOnlyHint\":false}}";
  private static final String LATE =
      "{\"name\":\"late\",\"inputSchema\":{},\"annotations\":{\"readOnlyHint\":true}}";

  @TempDir private Path folder;
  private FakeUpstream upstream;
  private RunningProxy proxy;
  private ModernClient modern;
  private LegacyClient legacy;

  @BeforeEach
  void startUpstream() {
    upstream = new FakeUpstream();
    upstream.listTools(Mode.PLAIN, READER, WRITER);
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    upstream.close();
  }

  private void start(String policy, Duration connect) throws IOException {
    TimeoutSettings t = TimeoutSettings.defaults();
    proxy =
        RunningProxy.start(
            upstream,
            folder,
            s ->
                s.timeouts(
                    new TimeoutSettings(
                        connect, t.idle(), t.absolute(), t.session(), t.keepAlive(), t.drain())),
            policy);
    modern = new ModernClient(proxy.address());
    legacy = LegacyClient.open(proxy.address());
  }

  private void start(String policy) throws IOException {
    start(policy, TimeoutSettings.DEFAULT_CONNECT);
  }

  private String legacy(String tool) {
    return legacy.call(tool, "{}").join();
  }

  @Test
  void aModernClientNeedNotListFirst() throws Exception {
    start(READ_ONLY);
    assertThat(modern.call("reader", "{}")).contains("\"result\"");
    assertThat(modern.call("writer", "{}")).contains("Denied by policy");
    assertThat(modern.call("reader", "{}")).contains("\"result\"");
    assertThat(upstream.count("tools/list")).as("two pages, once").isEqualTo(2);
  }

  @Test
  void aLegacyClientNeedNotListFirst() throws Exception {
    start(READ_ONLY);
    assertThat(legacy("reader")).contains("\"result\"");
    assertThat(legacy("writer")).contains("Denied by policy");
    assertThat(upstream.count("tools/list")).isEqualTo(2);
    assertThat(
            legacy.send("{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"tools/list\"}").join().body())
        .as("the client's own list is its own")
        .contains("\"id\":77")
        .contains("reader");
  }

  @Test
  void aLongListIsReadByAWorker() throws Exception {
    SizeSettings s = SizeSettings.defaults();
    SizeSettings allIsLong =
        new SizeSettings(s.maxBody(), s.maxMessage(), s.maxDepth(), s.maxHeaders(), 1);
    proxy = RunningProxy.start(upstream, folder, settings -> settings.sizes(allIsLong), READ_ONLY);
    modern = new ModernClient(proxy.address());
    legacy = LegacyClient.open(proxy.address());

    assertThat(modern.call("reader", "{}")).contains("\"result\"");
    assertThat(legacy("writer")).contains("Denied by policy");
    assertThat(upstream.count("tools/list")).as("two pages, once").isEqualTo(2);
  }

  @Test
  void callsThatComeMeanwhileWaitForTheSameAnswer() throws Exception {
    upstream.listTools(Mode.HOLD, READER);
    start(READ_ONLY);
    List<CompletableFuture<String>> answers =
        Stream.generate(() -> legacy.call("reader", "{}")).limit(5).toList();
    Await.until("all are at the gates", () -> proxy.outrider().running() >= 6);
    upstream.release();

    assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).contains("\"result\""));
    assertThat(upstream.count("tools/list")).isEqualTo(1);
  }

  @Test
  void whatIsInNoListStaysUnknownAndIsNotAskedForAgainAtOnce() throws Exception {
    start(READ_ONLY);
    for (int i = 0; i < 3; i++) {
      assertThat(modern.call("invented", "{}")).contains("Denied by policy");
      assertThat(legacy("invented")).contains("Denied by policy");
    }
    assertThat(upstream.count("tools/list")).as("two pages for each client").isEqualTo(4);
  }

  @Test
  void aServerThatRefusesLeavesTheToolUnknown() throws Exception {
    upstream.listTools(Mode.GARBAGE);
    start(READ_ONLY);
    assertThat(modern.call("reader", "{}")).contains("Denied by policy");
    assertThat(modern.call("reader", "{}")).contains("Denied by policy");
    assertThat(upstream.count("tools/list")).isEqualTo(1);
    assertThat(upstream.calls()).isZero();
  }

  @Test
  void aServerThatDoesNotAnswerIsNotWaitedForForLong() throws Exception {
    upstream.listTools(Mode.HANG);
    start(READ_ONLY, Duration.ofSeconds(1));
    assertThat(modern.call("reader", "{}")).contains("Denied by policy");
    assertThat(legacy("reader")).contains("Denied by policy");
    Await.until("the questions are over", () -> proxy.outrider().running() == 0);
    assertThat(upstream.calls()).isZero();
  }

  @Test
  void aChangeOfTheToolsIsAskedAbout() throws Exception {
    start(READ_ONLY);
    assertThat(legacy("late")).contains("Denied by policy");
    upstream.listTools(Mode.PLAIN, READER, LATE);
    assertThat(legacy.call("reader", "{\"mode\":\"STREAM_CHANGED\"}").join()).contains("result");

    assertThat(legacy("late")).contains("\"result\"");
    assertThat(upstream.count("tools/list")).isEqualTo(4);
  }

  @Test
  void aPolicyThatDoesNotLookAtToolsCostsNoQuestion() throws Exception {
    start("package outrider\n\nallow if input.mcp.name == \"reader\"\n");
    assertThat(modern.call("reader", "{}")).contains("\"result\"");
    assertThat(legacy("reader")).contains("\"result\"");
    assertThat(upstream.count("tools/list")).isZero();
  }

  @Test
  void theQuestionIsOnRecordAsTheProxysOwn() throws Exception {
    start(READ_ONLY);
    modern.call("reader", "{}");
    List<Leaf> log = proxy.closeAndReadLog();
    assertThat(log)
        .filteredOn(leaf -> leaf.text("meth").orElse("").equals("tools/list"))
        .hasSize(2)
        .allSatisfy(leaf -> assertThat(leaf.json()).contains("\"proxy\""));
    assertThat(log.stream().filter(leaf -> leaf.kind().equals("outcome")).count()).isEqualTo(4);
  }

  @Test
  void aCallCanBeTakenBackMeanwhile() throws Exception {
    upstream.listTools(Mode.HOLD, READER);
    start(READ_ONLY);
    int id = legacy.nextId();
    CompletableFuture<String> answer = legacy.call("reader", "{}");
    Await.until("the question is there", () -> upstream.count("tools/list") == 1);

    legacy.cancel(id).join();

    assertThat(answer.join()).isEmpty();
    assertThat(proxy.outcomes("refused.abandoned")).isEqualTo(1);
    upstream.release();
  }
}
