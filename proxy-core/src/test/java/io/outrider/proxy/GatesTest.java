package io.outrider.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.enforce.LiveRules;
import io.outrider.enforce.Rules;
import io.outrider.fixture.ModernClient;
import io.outrider.jsonrpc.Json;
import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyOptions;
import io.outrider.policy.PolicySet;
import io.outrider.policy.PolicySource;
import io.outrider.redaction.RedactionOptions;
import io.outrider.redaction.Redactor;
import io.outrider.redaction.RuleSet;
import io.outrider.settings.ListenSettings;
import io.outrider.settings.Settings;
import io.outrider.settings.UpstreamSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What each gate does to one real call over sockets, in front of a server that echoes.
@NullUnmarked // JUnit sets the fields before each test
class GatesTest {

  /// Not a secret anybody uses; put together here so that no scanner stops at this file.
  private static final String SECRET = "ghp_" + randomDigits();

  private static String randomDigits() {
    Random random = new Random(7);
    String digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    return random
        .ints(36, 0, digits.length())
        .mapToObj(i -> digits.substring(i, i + 1))
        .collect(Collectors.joining());
  }

  private final List<String> received = new CopyOnWriteArrayList<>();
  @TempDir private Path folder;
  private HttpServer upstream;
  private Outrider proxy;
  private AuditLog audit;

  @BeforeEach
  void startUpstream() throws IOException {
    upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    upstream.createContext(
        "/mcp",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          JsonNode request = Json.tree(body.getBytes(StandardCharsets.UTF_8));
          String method = request.path("method").asString();
          if (!method.equals("server/discover")) {
            received.add(body);
          }
          String result =
              switch (method) {
                case "server/discover" ->
                    "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{}}";
                case "tools/list" ->
                    "{\"resultType\":\"complete\",\"ttlMs\":9,\"cacheScope\":\"public\",\"tools\":[{\"name\":\"echo\",\"inputSchema\":{}},{\"name\":\"wipe\",\"inputSchema\":{}},{\"name\":\"pay\",\"inputSchema\":{}}]}";
                default ->
                    "{\"resultType\":\"complete\",\"structuredContent\":{\"token\":\""
                        + SECRET
                        + "\"},\"content\":[{\"type\":\"text\",\"text\":\"{\\\"token\\\":\\\""
                        + SECRET
                        + "\\\"}\"},{\"type\":\"image\",\"mimeType\":\"image/png\",\"data\":\""
                        + SECRET
                        + "\"}]}";
              };
          byte[] answer =
              ("{\"jsonrpc\":\"2.0\",\"id\":" + request.path("id") + ",\"result\":" + result + "}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    upstream.start();
  }

  private void startProxy(String policy, boolean shadow) throws Exception {
    Settings settings =
        Settings.builder()
            .listen(ListenSettings.at("127.0.0.1", 0))
            .upstream(
                UpstreamSettings.of(
                    "up",
                    "/mcp",
                    UpstreamSettings.Http.at(
                        URI.create(
                            "http://127.0.0.1:" + upstream.getAddress().getPort() + "/mcp"))))
            .build();
    audit = AuditLog.open(AuditOptions.in(folder));
    PolicySet set =
        PolicySet.compile(
            LoadedPolicies.of(new PolicySource("test.rego", "package outrider\n\n" + policy)),
            PolicyOptions.DEFAULT);
    Redactor redactor = Redactor.compile(RuleSet.builtin(), RedactionOptions.defaults());
    LiveRules rules =
        new LiveRules(
            new Rules(set, shadow, redactor, true, true, Rules.Payloads.REDACTED, "test"));
    proxy = Outrider.start(OutriderParts.of(settings, rules, audit, new SimpleMeterRegistry()));
  }

  @AfterEach
  void stop() {
    if (proxy != null) {
      proxy.close();
    }
    if (audit != null) {
      audit.close();
    }
    upstream.stop(0);
  }

  private JsonNode ask(String method, String name, String params) throws Exception {
    String answer = new ModernClient(proxy.address()).ask(method, name, params);
    return Json.tree(answer.getBytes(StandardCharsets.UTF_8));
  }

  private JsonNode call(String tool, String arguments) throws Exception {
    return ask("tools/call", tool, "\"name\":\"" + tool + "\",\"arguments\":" + arguments);
  }

  private String everythingRecorded() throws IOException {
    audit.close();
    StringBuilder all = new StringBuilder();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void deniedCallNeverReachesTheUpstreamAndSaysNoMoreThanIsPublic() throws Exception {
    startProxy(
        """
        allow := true
        deny contains {"code": "no_wipe", "msg": "wiping is off", "public": true} if input.mcp.name == "wipe"
        deny contains {"code": "x", "msg": "internal reason"} if input.mcp.name == "wipe"
        """,
        false);
    JsonNode error = call("wipe", "{}").path("error");
    assertThat(error.path("code").asInt()).isEqualTo(403);
    assertThat(error.path("data").path("message").asString()).isEqualTo("wiping is off");
    assertThat(error.toString()).doesNotContain("internal reason");
    assertThat(received).isEmpty();
    assertThat(everythingRecorded()).contains("refused.denied").contains("internal reason");
  }

  @Test
  void nothingIsAllowedWithoutAnAllow() throws Exception {
    startProxy("allow if input.mcp.name == \"echo\"", false);
    assertThat(call("pay", "{}").path("error").path("data").path("code").asString()).isNotEmpty();
    assertThat(received).isEmpty();
  }

  @Test
  void aPolicyThatBreaksDenies() throws Exception {
    startProxy("allow if to_number(input.arguments.n) > 1", false);
    JsonNode error = call("pay", "{\"n\":\"many\"}").path("error");
    assertThat(error.path("data").path("code").asString()).isEqualTo("policy_error");
    assertThat(received).isEmpty();
  }

  @Test
  void shadowModeLetsADenialPassAndRecordsIt() throws Exception {
    startProxy("allow := false", true);
    assertThat(call("echo", "{}").has("result")).isTrue();
    assertThat(everythingRecorded()).contains("shadow_deny");
  }

  @Test
  void anObligationNobodyUnderstandsDenies() throws Exception {
    startProxy("allow := true\nobligations contains {\"type\": \"sing\"}", false);
    assertThat(call("echo", "{}").path("error").path("data").path("code").asString())
        .isEqualTo("obligation_unsupported");
    assertThat(received).isEmpty();
  }

  @Test
  void secretsGoNeitherWayAndIntoNoRecord() throws Exception {
    startProxy("allow := true", false);
    JsonNode result = call("echo", "{\"text\":\"use " + SECRET + "\"}").path("result");
    assertThat(received).singleElement().asString().doesNotContain(SECRET).contains("[REDACTED:");
    String structured = result.path("structuredContent").path("token").asString();
    assertThat(structured).startsWith("[REDACTED:");
    assertThat(
            Json.tree(
                    result
                        .path("content")
                        .get(0)
                        .path("text")
                        .asString()
                        .getBytes(StandardCharsets.UTF_8))
                .path("token")
                .asString())
        .as("the text mirror says what the structured content says")
        .isEqualTo(structured);
    assertThat(result.path("content").get(1).path("data").asString())
        .as("media are left alone")
        .isEqualTo(SECRET);
    assertThat(everythingRecorded().replace("\"data\":\"" + SECRET, ""))
        .doesNotContain("use " + SECRET);
  }

  @Test
  void listsShowWhatThePolicyCouldAllowAndAreNoLongerPublic() throws Exception {
    startProxy(
        """
        allow if input.mcp.name == "echo"
        allow if { input.mcp.name == "pay"; input.arguments.amount < 10 }
        """,
        false);
    JsonNode result = ask("tools/list", "", "").path("result");
    assertThat(result.path("tools").valueStream().map(t -> t.path("name").asString()))
        .containsExactly("echo", "pay");
    assertThat(result.path("cacheScope").asString()).isEqualTo("private");
    assertThat(call("pay", "{\"amount\":50}").has("error")).isTrue();
    assertThat(call("pay", "{\"amount\":5}").has("result")).isTrue();
  }

  @Test
  void aDeniedAnswerIsWithheldAndSaidToHaveActed() throws Exception {
    startProxy(
        """
        allow := true
        deny contains "too much" if { input.phase == "response"; contains(input.response.text, "token") }
        """,
        false);
    JsonNode error = call("echo", "{}").path("error");
    assertThat(error.path("data").path("code").asString()).isEqualTo("response_denied");
    assertThat(error.path("data").path("acted").asString()).isEqualTo("yes");
    assertThat(everythingRecorded()).contains("failed.withheld");
  }

  @Test
  void withoutARecordNothingIsForwarded() throws Exception {
    startProxy("allow := true", false);
    assertThat(call("echo", "{}").has("result")).isTrue();
    audit.close();
    JsonNode error = call("echo", "{}").path("error");
    assertThat(error.path("code").asInt()).isEqualTo(503);
    assertThat(received).hasSize(1);
  }

  @Test
  void whatTheServerSaidIsForwardedByteForByteWhenNothingChanged() throws Exception {
    startProxy("allow := true", false);
    assertThat(ask("resources/templates/list", "", "\"x\":1.50").toString()).isNotEmpty();
    assertThat(received).singleElement().asString().contains("\"x\":1.50");
  }
}
