package io.outrider.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.fixture.FakeUpstream;
import io.outrider.fixture.LegacyClient;
import io.outrider.fixture.ModernClient;
import io.outrider.fixture.RunningProxy;
import io.outrider.jsonrpc.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// How a client of either era is told of a denial: by what the policy says in `answer`.
@NullUnmarked // JUnit sets the fields before each test
class DenialMannerTest {

  private static final String POLICY =
      """
      package outrider

      allow if not startswith(input.mcp.name, "nobody")
      allow if input.mcp.uri

      deny contains {"code": "h", "msg": "internal", "answer": "hidden"} if input.mcp.name == "secret"
      deny contains {"code": "h", "answer": "hidden"} if input.mcp.uri == "file:///secret"
      deny contains {"code": "m", "msg": "at most 10", "public": true, "answer": "model"} if input.mcp.name in {"big", "both", "odd", "plainly"}
      deny contains {"code": "m2", "msg": "internal"} if input.mcp.name == "big"
      deny contains {"code": "h", "msg": "internal", "answer": "hidden"} if input.mcp.name == "both"
      deny contains {"code": "o", "msg": "internal", "answer": "hiden"} if input.mcp.name == "odd"
      deny contains {"code": "e", "msg": "internal", "answer": "error"} if input.mcp.name == "plainly"
      """;

  @TempDir private Path folder;
  private FakeUpstream upstream;
  private RunningProxy proxy;
  private ModernClient modern;
  private LegacyClient legacy;

  @BeforeEach
  void start() throws IOException {
    upstream = new FakeUpstream();
    proxy = RunningProxy.start(upstream, folder, s -> s, POLICY);
    modern = new ModernClient(proxy.address());
    legacy = LegacyClient.open(proxy.address());
  }

  @AfterEach
  void nothingReachedTheServer() throws IOException {
    assertThat(upstream.calls()).isZero();
    proxy.close();
    upstream.close();
  }

  /// What clients of both eras are answered.
  private Stream<JsonNode> call(String tool) throws IOException {
    return Stream.of(modern.call(tool, "{}"), legacy.call(tool, "{}").join()).map(this::tree);
  }

  private JsonNode tree(String json) {
    return Json.tree(json.getBytes(UTF_8));
  }

  @Test
  void aHiddenDenialIsWhatAServerSaysOfAnUnknownTool() throws Exception {
    assertThat(call("secret"))
        .allSatisfy(answer ->
            assertThat(answer.path("error"))
                .isEqualTo(tree("{\"code\":-32602,\"message\":\"Unknown tool: secret\"}")));
    assertThat(proxy.closeAndReadLog().stream().map(leaf -> leaf.json()))
        .as("the record knows better")
        .anyMatch(json -> json.contains("refused.denied") && json.contains("told as unknown"));
  }

  @Test
  void aHiddenResourceIsNotFoundInTheWordsOfItsEra() throws Exception {
    JsonNode answer =
        tree(modern.ask("resources/read", "file:///secret", "\"uri\":\"file:///secret\""));
    assertThat(answer.path("error"))
        .isEqualTo(
            tree(
                "{\"code\":-32602,\"message\":\"Resource not found\",\"data\":{\"uri\":\"file:///secret\"}}"));
    String old =
        legacy
            .send(
                "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"resources/read\",\"params\":{\"uri\":\"file:///secret\"}}")
            .join()
            .body();
    assertThat(tree(old).path("error").path("code").asInt()).isEqualTo(-32002);
  }

  @Test
  void aDenialForTheModelIsAToolResultWithWhatIsPublic() throws Exception {
    assertThat(call("big"))
        .allSatisfy(answer -> {
          JsonNode result = answer.path("result");
          assertThat(result.path("isError").asBoolean()).isTrue();
          assertThat(result.path("content").get(0).path("text").asString())
              .matches("Denied by policy: at most 10 \\(decision [0-9A-Z]{26}\\)");
        });
    assertThat(tree(modern.call("big", "{}")).path("result").path("resultType").asString())
        .isEqualTo("complete");
  }

  @Test
  void ofSeveralAnswersTheMostReservedIsGiven() throws Exception {
    assertThat(call("both"))
        .allSatisfy(
            answer -> assertThat(answer.path("error").path("code").asInt()).isEqualTo(-32602));
    assertThat(call("plainly"))
        .allSatisfy(answer -> assertThat(answer.path("error").path("code").asInt()).isEqualTo(403));
  }

  @Test
  void aWordNobodyKnowsHides() throws Exception {
    assertThat(call("odd"))
        .allSatisfy(
            answer -> assertThat(answer.path("error").path("code").asInt()).isEqualTo(-32602));
  }

  @Test
  void whatNoRuleAllowsIsAnErrorThatSaysSo() throws Exception {
    assertThat(call("nobody"))
        .allSatisfy(answer -> assertThat(answer.path("error").path("code").asInt()).isEqualTo(403));
  }
}
