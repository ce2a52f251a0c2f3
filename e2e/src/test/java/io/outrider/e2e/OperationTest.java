package io.outrider.e2e;

import static io.outrider.e2e.WireClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Running it: the one-line forms, policies that change, limits, keys.
class OperationTest {
  @TempDir Path dir;

  @Test
  void oneLinePutsItInFrontOfAUrl() {
    try (CallRecorder server = CallRecorder.start()) {
      OutriderProcess.Setup setup = OutriderProcess.in(dir);
      try (OutriderProcess outrider =
              setup.run(
                  "run",
                  "--upstream",
                  server.link().url(),
                  "--listen",
                  "127.0.0.1:0",
                  "--admin",
                  "127.0.0.1:0");
          WireClient client = WireClient.connect(outrider.link())) {

        assertThat(client.call("echo", message("hello")).last().toString()).contains("hello");
        outrider.stop();
      }
      assertThat(server.called()).containsExactly("echo");
    }
  }

  @Test
  void oneLinePutsItInFrontOfACommand() {
    Path log = dir.resolve("received.jsonl");
    OutriderProcess.Setup setup = OutriderProcess.in(dir);
    List<String> line =
        new ArrayList<>(List.of("run", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--"));
    line.addAll(RecordingServer.stdio(log).command());
    try (OutriderProcess outrider = setup.run(line.toArray(String[]::new));
        WireClient client = WireClient.connect(outrider.link())) {

      assertThat(client.call("echo", message("hello")).last().toString()).contains("hello");
      outrider.stop();
    }
  }

  /// The form that stands in the configuration of a desktop client.
  @Test
  void oneLineIsAServerOnStandardInputForADesktopClient() {
    List<String> line = new ArrayList<>(OutriderProcess.Setup.launcher());
    line.addAll(List.of("stdio", "--"));
    line.addAll(RecordingServer.stdio(dir.resolve("received.jsonl")).command());
    OutriderProcess.Setup setup = OutriderProcess.in(dir);

    Played played =
        Client.JAVA_SDK.play(
            setup.inItsFolder(line),
            Play.of("say hello", DeniedCallTest.call("hello", "echo", "hi")));

    assertThat(played.result("hello").toString()).contains("hi");
  }

  @Test
  void changedPolicyTakesEffectWithoutARestart() {
    try (CallRecorder server = CallRecorder.start();
        OutriderProcess outrider = OutriderProcess.in(dir).upstream(server.link()).run();
        WireClient client = WireClient.connect(outrider.link())) {
      assertThat(client.call("forbidden", message("1")).last().has("result")).isTrue();

      outrider.setup().policy(OutriderProcess.Setup.deny("forbidden"));
      outrider
          .child()
          .awaitLine(Pattern.compile("(?i)polic(y|ies).*(loaded|changed|effect|reloaded)"));

      JsonNode denied = client.call("forbidden", message("2")).last();
      assertThat(denied.path("error").path("code").intValue(0)).as("%s", denied).isNotZero();
      assertThat(server.called()).containsExactly("forbidden");
      outrider.stop();
      outrider.setup().auditIsWhole(outrider.stderr());
    }
  }

  /// A denial is a JSON-RPC error the client can read, with the id of the decision in the log.
  @Test
  void denialSaysWhichDecisionItIs() {
    try (CallRecorder server = CallRecorder.start();
        OutriderProcess outrider =
            OutriderProcess.in(dir)
                .upstream(server.link())
                .policy(
                    """
                    package outrider

                    allow := true

                    deny contains {"code": "too_much", "msg": "at most 100", "public": true} if {
                      input.mcp.name == "echo"
                      to_number(input.arguments.message) > 100
                    }
                    """)
                .run();
        WireClient client = WireClient.connect(outrider.link())) {
      assertThat(client.call("echo", message("99")).last().has("result")).isTrue();

      WireClient.Answer denied = client.call("echo", message("101"));

      assertThat(denied.status()).isEqualTo(200);
      JsonNode error = denied.last().path("error");
      assertThat(error.path("code").intValue(0)).isEqualTo(403);
      assertThat(error.toString()).contains("too_much");
      String decision = error.path("data").path("decisionId").stringValue("");
      assertThat(decision).isNotEmpty();
      outrider.stop();
      OutriderProcess.Setup setup = outrider.setup();
      Child.Done export = setup.records();
      assertThat(export.stdout()).contains(decision).contains("too_much").contains("policy.rego");
      setup.auditIsWhole(outrider.stderr());
    }
  }

  /// An error in a policy is a refusal: here `to_number` of text that is none.
  @Test
  void policyThatFailsRefusesTheCall() {
    try (CallRecorder server = CallRecorder.start();
        OutriderProcess outrider =
            OutriderProcess.in(dir)
                .upstream(server.link())
                .policy(
                    """
                    package outrider

                    allow if to_number(input.arguments.message) > 1
                    """)
                .run();
        WireClient client = WireClient.connect(outrider.link())) {

      JsonNode refused = client.call("echo", message("not a number")).last();

      assertThat(refused.has("error")).as("%s", refused).isTrue();
      assertThat(server.called()).isEmpty();
      outrider.stop();
      outrider.setup().auditIsWhole(outrider.stderr());
    }
  }

  @Test
  void callOverTheLimitIsRefusedWithAdviceAndNeverReachesTheServer() {
    try (CallRecorder server = CallRecorder.start();
        OutriderProcess outrider =
            OutriderProcess.in(dir)
                .upstream(server.link())
                .set("limits.concurrency.per_tool", 1)
                .set("limits.concurrency.queue", 0)
                .run();
        WireClient client = WireClient.connect(outrider.link())) {
      CompletableFuture<WireClient.Answer> held =
          CompletableFuture.supplyAsync(
              () -> client.call("held", message("x")), Thread::startVirtualThread);
      server.await("tools/call", 1);

      JsonNode refused = client.call("held", message("y")).last().path("error");

      assertThat(refused.path("code").intValue(0)).as("%s", refused).isEqualTo(429);
      assertThat(refused.path("data").has("retryAfterSeconds")).as("%s", refused).isTrue();
      server.release();
      assertThat(Child.within(held, Child.PATIENCE).last().has("result")).isTrue();
      assertThat(client.call("held", message("z")).last().has("result")).isTrue();
      assertThat(server.called()).hasSize(2);
      outrider.stop();
      outrider.setup().auditIsWhole(outrider.stderr());
    }
  }

  /// With a port nobody answers at, the call fails as what it is, and the next upstream is served.
  @Test
  void serverThatIsNotThereIsSaidToBeUnreachable() {
    try (OutriderProcess outrider =
        OutriderProcess.in(dir)
            .upstream(new Link.Http("http://127.0.0.1:" + Ports.free() + "/mcp"))
            .run()) {
      JsonNode error = WireClient.hello(outrider.link()).last().path("error");

      assertThat(error.path("code").intValue(0)).as("%s", error).isEqualTo(502);
      outrider.stop();
      outrider.setup().auditIsWhole(outrider.stderr());
    }
  }
}
