package io.outrider.e2e;

import static io.outrider.e2e.WireClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/// What is on the wire while a call runs.
class StreamingTest {
  @TempDir Path dir;

  /// The server does not end its reply before the client has told that the first event came.
  @Test
  void progressReachesTheClientWhileTheCallStillRuns() {
    try (CallRecorder server = CallRecorder.start();
        OutriderProcess outrider = OutriderProcess.in(dir).upstream(server.link()).run();
        WireClient client = WireClient.connect(outrider.link())) {

      WireClient.Answer answer =
          client.call(
              "held",
              message("x"),
              "my-token",
              message -> {
                if (message.path("method").stringValue("").equals("notifications/progress")) {
                  server.release();
                }
              });

      assertThat(answer.messages()).hasSize(2);
      assertThat(answer.messages().getFirst().path("params").path("progressToken").stringValue(""))
          .isEqualTo("my-token");
      assertThat(answer.last().toString()).contains("held, and let go");
      outrider.stop();
      outrider.setup().auditIsWhole(outrider.stderr());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Upstream.class,
      names = {"EVERYTHING_HTTP", "EVERYTHING_STDIO"})
  void everyProgressNotificationOfARealServerArrivesInOrder(Upstream kind) {
    Runtimes.need(kind.runtime);
    try (Upstream.Running server = kind.start(dir);
        OutriderProcess outrider = OutriderProcess.in(dir).upstream(server.link()).run();
        WireClient client = WireClient.connect(outrider.link())) {

      WireClient.Answer answer =
          client.call(
              "trigger-long-running-operation",
              Map.of("duration", 0.2, "steps", 10),
              "my-token",
              m -> {});

      assertThat(answer.messages().stream().map(StreamingTest::progress).toList())
          .isEqualTo(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -1));
      outrider.stop();
    }
  }

  /// A service manager that stops Outrider does not cut off the call it is serving.
  @Test
  void aCallUnderWayEndsWellWhenOutriderIsAskedToStop() {
    try (CallRecorder server = CallRecorder.start();
        OutriderProcess outrider = OutriderProcess.in(dir).upstream(server.link()).run();
        WireClient client = WireClient.connect(outrider.link())) {
      CompletableFuture<WireClient.Answer> answer =
          CompletableFuture.supplyAsync(
              () -> client.call("held", message("x")), Thread::startVirtualThread);
      server.await("tools/call", 1);

      outrider.child().askToEnd();
      outrider.child().awaitLine(Pattern.compile("shutting down"));
      server.release();

      assertThat(Child.within(answer, Child.PATIENCE).last().toString())
          .contains("held, and let go");
      outrider.stop();
      outrider.setup().auditIsWhole(outrider.stderr());
    }
  }

  /// Clients open their stream and say "initialized" as soon as they have read the head of the
  /// answer to `initialize`, which may come long before the answer.
  @Test
  void sessionIsThereAsSoonAsTheClientHearsItsName() throws Exception {
    try (CallRecorder server = CallRecorder.start();
        OutriderProcess outrider = OutriderProcess.in(dir).upstream(server.link()).run()) {
      var head = WireClient.head(outrider.link(), "held");
      server.await("initialize", 1);
      try {
        // Long enough to see a head that comes too early; one that waits for the answer does not.
        head.get(2, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        server.release();
      }

      String session =
          Child.within(head, Child.PATIENCE).headers().firstValue("mcp-session-id").orElseThrow();
      try (WireClient client = WireClient.in(outrider.link(), session)) {
        assertThat(client.call("echo", message("hello")).status()).isEqualTo(200);
      }
      outrider.stop();
    }
  }

  private static int progress(JsonNode message) {
    return message.path("params").path("progress").intValue(-1);
  }
}
