package io.outrider.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.enforce.LiveRules;
import io.outrider.enforce.Rules;
import io.outrider.enforce.Treatments;
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
import io.outrider.settings.RedactionSettings.Then;
import io.outrider.settings.RedactionSettings.Treatment;
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
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What settings and policies say about findings, on calls over sockets.
@NullUnmarked // fields are set by each test
class TreatmentsTest {
  private static final String SECRET = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc";

  private static final String TOOLS =
      """
      {"resultType":"complete","tools":[{"name":"file","inputSchema":{"type":"object","properties":\
      {"ssn":{"type":"string","x-mcp-header":"Ssn"}}}}]}\
      """;

  private final List<String> mirrored = new CopyOnWriteArrayList<>();
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  @TempDir private Path folder;
  private HttpServer upstream;
  private Outrider proxy;
  private AuditLog audit;

  private void start(String policy, Treatment... treatments) throws Exception {
    upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    upstream.createContext(
        "/mcp",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String method =
              Json.tree(body.getBytes(StandardCharsets.UTF_8)).path("method").asString();
          if (method.equals("tools/call")) {
            mirrored.add(String.valueOf(exchange.getRequestHeaders().getFirst("Mcp-Param-Ssn")));
          }
          String result =
              method.equals("tools/list")
                  ? TOOLS
                  : method.equals("server/discover")
                      ? "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{}}"
                      : "{\"resultType\":\"complete\",\"content\":[],\"structuredContent\":{\"key\":\""
                          + SECRET
                          + "\",\"other\":\"x "
                          + SECRET
                          + "\"}}";
          if (!method.equals("server/discover")) {
            received.add(body);
          }
          byte[] answer =
              ("{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"result\":" + result + "}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    upstream.start();
    URI url = URI.create("http://127.0.0.1:" + upstream.getAddress().getPort() + "/mcp");
    Settings settings =
        Settings.builder()
            .listen(ListenSettings.at("127.0.0.1", 0))
            .upstream(UpstreamSettings.of("up", "/mcp", UpstreamSettings.Http.at(url)))
            .build();
    audit = AuditLog.open(AuditOptions.in(folder));
    PolicySet set =
        PolicySet.compile(
            LoadedPolicies.of(new PolicySource("test.rego", "package outrider\n\n" + policy)),
            PolicyOptions.DEFAULT);
    Redactor redactor = Redactor.compile(RuleSet.builtin(), RedactionOptions.defaults());
    Rules rules =
        new Rules(set, false, redactor, true, true, Rules.Payloads.REDACTED, "test")
            .with(new Treatments(List.of(treatments)));
    proxy = Outrider.start(OutriderParts.of(settings, new LiveRules(rules), audit, meters));
  }

  @AfterEach
  void stop() {
    proxy.close();
    audit.close();
    upstream.stop(0);
  }

  private static Treatment treatment(Then then, String tool, String... paths) {
    return new Treatment(
        Set.of("stripe-key"), Set.of(), Set.of("up"), Set.of(tool), Set.of(), List.of(paths), then);
  }

  private String call(String tool, String arguments, String... headers) throws IOException {
    return new ModernClient(proxy.address()).call(tool, arguments, headers);
  }

  private String recorded() throws IOException {
    proxy.close();
    audit.close();
    var all = new StringBuilder();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void anExceptionHoldsForItsToolAndPlaceAndNeverForTheRecord() throws Exception {
    start("allow := true", treatment(Then.IGNORE, "keys", "/result/structuredContent/key"));
    assertThat(call("keys", "{}"))
        .contains("\"key\":\"" + SECRET + "\"")
        .contains("\"other\":\"x [REDACTED:stripe-key]\"");
    assertThat(call("other", "{}")).doesNotContain(SECRET);
    assertThat(recorded())
        .doesNotContain(SECRET)
        .containsPattern("\"red\":\\[\\{\"at\":\"[^\"]+\",\"digest\":\"[0-9a-f]{16}\",\"len\":32,");
    assertThat(meters.get("outrider.redactions").tag("rule", "stripe-key").counters()).isNotEmpty();
  }

  @Test
  void aTokenThatComesBackIsTurnedBackWhereThePolicyAllowsIt() throws Exception {
    start(
        "allow := true\nobligations contains {\"type\": \"restore\"} if input.mcp.name == \"use\"",
        treatment(Then.TOKENISE, "keys"));
    String answer = call("keys", "{}");
    assertThat(answer).doesNotContain(SECRET);
    String token =
        Json.tree(answer.getBytes(StandardCharsets.UTF_8))
            .path("result")
            .path("structuredContent")
            .path("key")
            .asString();
    assertThat(token).matches("\\[REDACTED:stripe-key:[0-9a-f]{8}]");

    assertThat(call("use", "{\"key\":\"" + token + "\"}")).doesNotContain(SECRET);
    assertThat(received.getLast()).contains("\"key\":\"" + SECRET + "\"");

    call("elsewhere", "{\"key\":\"" + token + "\"}");
    assertThat(received.getLast()).contains(token).doesNotContain(SECRET);

    String unknown = token.substring(0, token.length() - 9) + "00000000]";
    int before = received.size();
    assertThat(call("use", "{\"key\":\"" + unknown + "\"}")).contains("token_unknown");
    assertThat(received).hasSize(before);
    assertThat(recorded()).contains(token).doesNotContain(SECRET);
  }

  @Test
  void aRuleCanBlockWhatOneToolIsGiven() throws Exception {
    start("allow := true", treatment(Then.BLOCK, "keys", "/params/arguments"));
    assertThat(call("keys", "{\"a\":\"" + SECRET + "\"}")).contains("secret_blocked");
    assertThat(received).isEmpty();
    assertThat(recorded()).doesNotContain(SECRET);
  }

  /// An argument that leaves in a header, too, is masked in both alike.
  @Test
  void whatAPolicyWantsTakenOutOfArgumentsDoesNotLeaveInAHeader() throws Exception {
    start(
        """
        default allow := true

        obligations contains {"type": "redact", "target": "arguments", "paths": ["/ssn"]} if {
          input.mcp.method == "tools/call"
        }
        """);
    assertThat(new ModernClient(proxy.address()).ask("tools/list", "", "")).contains("Ssn");
    received.clear();
    call("file", "{\"ssn\":\"078-05-1120\"}", "Mcp-Param-Ssn", "078-05-1120");
    assertThat(received).hasSize(1);
    assertThat(received.getFirst()).doesNotContain("078-05-1120");
    String sent =
        Json.tree(received.getFirst().getBytes(StandardCharsets.UTF_8))
            .at("/params/arguments/ssn")
            .asString();
    assertThat(mirrored).containsExactly(sent);
  }
}
