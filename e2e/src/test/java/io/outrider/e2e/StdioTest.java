package io.outrider.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `outrider stdio`, line by line.
class StdioTest {
  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"lines","version":"1"}}}
      """;
  private static final String INITIALIZED =
      """
      {"jsonrpc":"2.0","method":"notifications/initialized"}
      """;
  private static final String ECHO =
      """
      {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo","arguments":{"message":"hello"}}}
      """;

  @TempDir Path dir;

  /// As a script does that pipes its lines in; servers take it, so Outrider must.
  @Test
  void messagesWrittenBeforeTheAnswerToInitializeAreServed() {
    OutriderProcess.Setup setup = setup();
    try (Talk talk = new Talk(setup)) {
      talk.say(INITIALIZE + INITIALIZED + ECHO);

      assertThat(talk.hear(2).toString()).contains("hello");
      assertThat(talk.heard()).hasSize(2).allMatch(m -> m.path("id").isNumber());
      assertThat(talk.end()).isZero();
    }
    setup.auditIsWhole("");
  }

  @Test
  void notificationThatIsRefusedIsNotAnswered() {
    OutriderProcess.Setup setup = setup();
    try (Talk talk = new Talk(setup)) {
      talk.say(INITIALIZED + INITIALIZE);

      assertThat(talk.hear(1).has("result")).isTrue();
      assertThat(talk.heard()).hasSize(1);
      assertThat(talk.end()).isZero();
    }
    setup.auditIsWhole("");
  }

  /// The client closes the pipe while its call is under way: the record still says how it ended.
  @Test
  void hangingUpInTheMiddleLeavesAWholeRecord() {
    OutriderProcess.Setup setup = setup();
    try (Talk talk = new Talk(setup)) {
      talk.say(INITIALIZE);

      assertThat(talk.end()).isZero();
    }
    setup.auditIsWhole("");
  }

  private OutriderProcess.Setup setup() {
    return OutriderProcess.in(dir).upstream(RecordingServer.stdio(dir.resolve("received.jsonl")));
  }

  /// A conversation over the pipe of one `outrider stdio`.
  private static final class Talk implements AutoCloseable {
    private final Child child;

    Talk(OutriderProcess.Setup setup) {
      child = Child.start("outrider stdio", setup.command(setup.stdioArgs()));
    }

    void say(String lines) {
      try {
        OutputStream in = child.process().getOutputStream();
        in.write(lines.getBytes(StandardCharsets.UTF_8));
        in.flush();
      } catch (IOException e) {
        throw new AssertionError(child.stderr(), e);
      }
    }

    /// Waits for the answer to a request.
    JsonNode hear(int id) {
      return Json.parse(child.awaitPrinted(line -> isFor(line, id)));
    }

    private static boolean isFor(String line, int id) {
      return Json.parse(line).path("id").intValue(-1) == id;
    }

    List<JsonNode> heard() {
      List<JsonNode> heard = new ArrayList<>();
      Stream.of(child.stdout().split("\n"))
          .filter(l -> !l.isBlank())
          .forEach(l -> heard.add(Json.parse(l)));
      return heard;
    }

    /// Closes the pipe and gives the exit code.
    int end() {
      try {
        child.process().getOutputStream().close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      return child.awaitExit(Child.PATIENCE);
    }

    @Override
    public void close() {
      child.close();
    }
  }
}
