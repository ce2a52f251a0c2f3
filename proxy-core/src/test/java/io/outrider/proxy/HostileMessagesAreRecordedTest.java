package io.outrider.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.format.Leaf;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.SafeText;
import io.outrider.fixture.FakeUpstream;
import io.outrider.fixture.RawHttp;
import io.outrider.fixture.RunningProxy;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Messages that mean harm to whoever reads of them later: each is one record, one line, of bounded
/// size, safe to print, in a log that verifies.
@NullUnmarked // JUnit sets the fields before each test
class HostileMessagesAreRecordedTest {
  /// Leaves stay below the limit of the format, whatever was sent.
  private static final int MAX_LEAF = 48 << 10;

  @TempDir private Path folder;
  private FakeUpstream upstream;
  private RunningProxy proxy;

  /// @param body as bytes: one character each
  record Message(String name, String body) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Message> messages() {
    return Stream.of(
        new Message(
            "newlines in the tool's name", call("a\\nb\\r\\n{\\\"k\\\":\\\"stop\\\"}", "{}")),
        new Message("terminal codes", call("\\u001b[2J\\u001b]0;owned\\u0007", "{}")),
        new Message("bidi", call(utf8("x\u202egpj.exe\u2066"), "{}")),
        new Message("no character at all", call("\\ud800", "{}")),
        new Message("NUL", call("a\\u0000b", "{}")),
        new Message("64 KiB of name", call("n".repeat(65_536), "{}")),
        new Message("64 KiB of key", call("a", "{\"" + "k".repeat(65_536) + "\":1}")),
        new Message("invalid UTF-8", call("a\u00c3\u0028\u00ff", "{}")),
        new Message("duplicate keys", call("a\",\"name\":\"b", "{\"x\":1,\"x\":2}")),
        new Message("a million deep", call("a", "[".repeat(1_000_000) + "]".repeat(1_000_000))),
        new Message("a million deep and cut", "[".repeat(1_000_000)),
        new Message("a number without end", call("a", "{\"n\":" + "9".repeat(100_000) + "}")));
  }

  private static String utf8(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  private static String call(String tool, String arguments) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\""
        + tool
        + "\",\"arguments\":"
        + arguments
        + ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
  }

  @BeforeEach
  void start() throws Exception {
    upstream = new FakeUpstream();
    proxy = RunningProxy.start(upstream, folder, settings -> settings);
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    upstream.close();
  }

  @ParameterizedTest
  @MethodSource("messages")
  void isOneRecordOnOneSafeLine(Message message) throws Exception {
    byte[] body = message.body.getBytes(ISO_8859_1);
    try (Socket socket = new Socket()) {
      socket.connect(proxy.address());
      // Nothing in the headers says what the body calls: a mismatch is a refusal like any other.
      String head =
          "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
              + "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: a\r\nContent-Length: "
              + body.length
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(UTF_8));
      socket.getOutputStream().write(body);
      assertThat(Objects.requireNonNull(new RawHttp(socket.getInputStream()).read()).status())
          .isPositive();
    }

    List<Leaf> log = proxy.closeAndReadLog();

    List<Leaf> calls =
        log.stream().filter(leaf -> List.of("intent", "refusal").contains(leaf.kind())).toList();
    assertThat(calls).as("%s", log).hasSize(1);
    assertThat(upstream.calls())
        .as("what reached the server has an intent")
        .isEqualTo(calls.getFirst().kind().equals("intent") ? 1 : 0);
    for (Leaf leaf : log) {
      assertThat(leaf.bytes().length).isLessThan(MAX_LEAF);
      assertThat(leaf.json()).doesNotContain("\n").doesNotContain("\r").doesNotContain("\u001b");
      assertThat(SafeText.of(leaf.text("tool").orElse("")))
          .doesNotContainPattern("[\\p{Cntrl}\u202a-\u202e\u2066-\u2069]");
    }
    assertThat(AuditVerifier.verify(LogSource.folder(folder.resolve("log")), null).problems())
        .isEmpty();
  }
}
