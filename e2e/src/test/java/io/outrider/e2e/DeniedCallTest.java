package io.outrider.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A denied call never reaches the server, asked at the server itself.
class DeniedCallTest {
  /// What each client tries: see the tools, call the one it may, call the one it may not.
  private static final Play TRY_IT =
      Play.of(
          "try it",
          step("listTools"),
          call("allowed", "echo", "hello"),
          call("denied", "forbidden", "let me in"),
          call("still served", "echo", "again"));

  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource(Client.class)
  void deniedCallNeverReachesTheServerOverHttp(Client client) {
    Runtimes.need(client.runtime);
    try (CallRecorder server = CallRecorder.start();
        OutriderProcess outrider =
            OutriderProcess.in(dir)
                .upstream(server.link())
                .policy(OutriderProcess.Setup.deny("forbidden"))
                .run()) {
      Played played = client.play(outrider.link(), TRY_IT);

      assertThat(server.called()).containsExactly("echo", "echo");
      assertThat(server.all()).doesNotContain("let me in");
      toldTheClient(played);
      outrider.stop();
      assertThat(records(outrider.setup(), "deny")).contains("forbidden");
      assertThat(records(outrider.setup(), "none")).contains("tools/list").doesNotContain("echo");
      outrider.setup().auditIsWhole(outrider.stderr());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Client.class,
      names = {"TS1", "TS2_MODERN", "JAVA_SDK"})
  void deniedCallNeverReachesTheServerOverStdio(Client client) throws IOException {
    Runtimes.need(client.runtime);
    Path log = dir.resolve("received.jsonl");
    OutriderProcess.Setup setup =
        OutriderProcess.in(dir)
            .upstream(RecordingServer.stdio(log))
            .policy(OutriderProcess.Setup.deny("forbidden"));

    Played played = client.play(setup.stdio(), TRY_IT);

    List<JsonNode> received = Files.readAllLines(log).stream().map(Json::parse).toList();
    assertThat(received)
        .filteredOn(m -> m.path("method").stringValue("").equals("tools/call"))
        .extracting(m -> m.path("params").path("name").stringValue(""))
        .containsExactly("echo", "echo");
    assertThat(Files.readString(log)).doesNotContain("let me in");
    toldTheClient(played);
    setup.auditIsWhole("");
  }

  /// With the official inspector, which is told by its exit code.
  @Test
  void inspectorSeesAndCallsOnlyWhatItMay() {
    Runtimes.need("node");
    try (CallRecorder server = CallRecorder.start();
        OutriderProcess outrider =
            OutriderProcess.in(dir)
                .upstream(server.link())
                .policy(OutriderProcess.Setup.deny("forbidden"))
                .run()) {
      String url = outrider.link().url();

      Child.Done list = inspector(url, "--method", "tools/list");
      assertThat(list.stdout()).contains("\"echo\"").doesNotContain("forbidden");
      Child.Done allowed =
          inspector(
              url, "--method", "tools/call", "--tool-name", "echo", "--tool-arg", "message=hello");
      assertThat(allowed.stdout()).contains("hello");
      Child.Done denied =
          inspector(
              url, "--method", "tools/call", "--tool-name", "forbidden", "--tool-arg", "message=x");

      assertThat(denied.code()).isNotZero();
      assertThat(server.called()).containsExactly("echo");
      outrider.stop();
      outrider.setup().auditIsWhole(outrider.stderr());
    }
  }

  private static void toldTheClient(Played played) {
    assertThat(played.toolNames("listTools")).contains("echo").doesNotContain("forbidden");
    assertThat(played.result("allowed").toString()).contains("hello");
    JsonNode denied = played.step("denied");
    assertThat(denied.has("error")).as("%s", denied).isTrue();
    assertThat(denied.toString()).doesNotContain("you should not have come here");
    assertThat(played.result("still served").toString()).contains("again");
  }

  private static String records(OutriderProcess.Setup setup, String verdict) {
    Child.Done done = setup.records("--verdict", verdict);
    assertThat(done.code()).as("%s", done.stderr()).isZero();
    return done.stdout();
  }

  static Child.Done inspector(String... args) {
    List<String> line = Runtimes.npm("mcp-inspector", "--cli");
    line.addAll(List.of(args));
    return Child.run("inspector", new ProcessBuilder(line), "");
  }

  static ObjectNode step(String op) {
    return Json.object().put("op", op);
  }

  static ObjectNode call(String name, String tool, String message) {
    ObjectNode call = step("call").put("name", name).put("tool", tool);
    call.putObject("arguments").put("message", message);
    return call;
  }
}
