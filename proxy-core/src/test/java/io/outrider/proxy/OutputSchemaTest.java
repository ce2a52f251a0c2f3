package io.outrider.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
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
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Results with secrets in them, of tools that promise a shape, over sockets.
@NullUnmarked // fields are set before each test
class OutputSchemaTest {
  private static final String SECRET = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc";
  private static final String STARS = "*".repeat(SECRET.length());
  private static final String LABEL = "[REDACTED:stripe-key]";

  @TempDir private Path folder;
  private HttpServer upstream;
  private Outrider proxy;
  private AuditLog audit;
  private ModernClient client;
  private volatile String schema;
  private volatile String content;

  @BeforeEach
  void start() throws Exception {
    upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    upstream.createContext("/mcp", this::answer);
    upstream.start();
    URI url = URI.create("http://127.0.0.1:" + upstream.getAddress().getPort() + "/mcp");
    Settings settings =
        Settings.builder()
            .listen(ListenSettings.at("127.0.0.1", 0))
            .upstream(UpstreamSettings.of("up", "/mcp", UpstreamSettings.Http.at(url)))
            .build();
    audit = AuditLog.open(AuditOptions.in(folder));
    PolicySet allowed =
        PolicySet.compile(
            LoadedPolicies.of(new PolicySource("test.rego", "package outrider\n\nallow := true")),
            PolicyOptions.DEFAULT);
    Redactor redactor = Redactor.compile(RuleSet.builtin(), RedactionOptions.defaults());
    Rules rules = new Rules(allowed, false, redactor, true, true, Rules.Payloads.REDACTED, "test");
    proxy =
        Outrider.start(
            OutriderParts.of(settings, new LiveRules(rules), audit, new SimpleMeterRegistry()));
    client = new ModernClient(proxy.address());
  }

  @AfterEach
  void stop() {
    proxy.close();
    audit.close();
    upstream.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String result =
        switch (Json.tree(body).path("method").asString("")) {
          case "server/discover" -> "\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{}";
          case "tools/list" ->
              "\"ttlMs\":0,\"cacheScope\":\"private\",\"tools\":[{\"name\":\"keys\",\"inputSchema\":{\"type\":\"object\"},"
                  + "\"outputSchema\":"
                  + schema
                  + "}]";
          default ->
              "\"content\":[{\"type\":\"text\",\"text\":"
                  + Json.object().stringNode(content)
                  + "}],\"structuredContent\":"
                  + content;
        };
    byte[] answer =
        ("{\"jsonrpc\":\"2.0\",\"id\":"
                + Json.tree(body).path("id")
                + ",\"result\":{\"resultType\":\"complete\","
                + result
                + "}}")
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  /// What the client gets of a tool that promises this of `key`, and gives a secret there.
  private String got(String keySchema) throws IOException {
    return got(
        "{\"type\":\"object\",\"properties\":{\"key\":" + keySchema + "},\"required\":[\"key\"]}",
        "{\"key\":\"" + SECRET + "\"}");
  }

  private String got(String whole, String structured) throws IOException {
    schema = whole;
    content = structured;
    assertThat(client.ask("tools/list", "", "")).contains("outputSchema");
    return client.call("keys", "{}");
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
  void aLabelStandsWhereTheSchemaTakesIt() throws Exception {
    assertThat(got("{\"type\":\"string\"}"))
        .contains("\"structuredContent\":{\"key\":\"" + LABEL + "\"}")
        .doesNotContain(SECRET);
  }

  @Test
  void starsOfTheSameLengthStandWhereALabelBreaksTheSchema() throws Exception {
    assertThat(got("{\"type\":\"string\",\"minLength\":32,\"maxLength\":32}"))
        .contains("\"structuredContent\":{\"key\":\"" + STARS + "\"}")
        .contains("{\\\"key\\\":\\\"" + STARS + "\\\"}") // the text mirror
        .doesNotContain(SECRET, LABEL);
  }

  @Test
  void charactersOfTheSameKindStandWhereStarsBreakTheSchema() throws Exception {
    String shape = shape(SECRET);
    assertThat(got("{\"type\":\"string\",\"pattern\":\"^[a-z]{2}_[a-z]{4}_[A-Za-z0-9]{24}$\"}"))
        .contains("\"structuredContent\":{\"key\":\"" + shape + "\"}")
        .contains("{\\\"key\\\":\\\"" + shape + "\\\"}")
        .doesNotContain(SECRET, LABEL, STARS);
  }

  private static String shape(String text) {
    return text.replaceAll("[a-z]", "a").replaceAll("[A-Z]", "A").replaceAll("[0-9]", "0");
  }

  @Test
  void aResultThatNoMaskFitsIsWithheldAndTheErrorSaysWhere() throws Exception {
    assertThat(got("{\"type\":\"string\",\"pattern\":\"^sk_live_\"}"))
        .contains("schema_broken", "The result is withheld", "outputSchema: key: pattern")
        .doesNotContain(SECRET, "structuredContent");
    assertThat(recorded()).contains("outputSchema: key: pattern").doesNotContain(SECRET);
  }

  @Test
  void theDialectIsTheOneOfTheProtocol() throws Exception {
    // prefixItems, a reference with something beside it and $defs: all newer than draft 7.
    assertThat(
            got(
                "{\"type\":\"object\",\"$defs\":{\"k\":{\"type\":\"string\"}},\"properties\":{\"keys\":{\"type\":\"array\","
                    + "\"prefixItems\":[{\"type\":\"integer\"},{\"$ref\":\"#/$defs/k\",\"pattern\":\"^sk_\"}]}}}",
                "{\"keys\":[1,\"" + SECRET + "\"]}"))
        .contains("schema_broken", "keys.1: pattern")
        .doesNotContain(SECRET);
  }

  @Test
  void aSchemaThatCannotBeCheckedIsTakenAsBroken() throws Exception {
    assertThat(got("{\"$ref\":\"https://schemas.test/key.json\"}"))
        .contains("schema_broken", "cannot be checked")
        .doesNotContain(SECRET);
    // Nothing was masked here, so nothing is checked.
    assertThat(
            got(
                "{\"type\":\"object\",\"properties\":{\"key\":{\"$ref\":\"https://schemas.test/key.json\"}}}",
                "{\"key\":\"plain\"}"))
        .contains("\"structuredContent\":{\"key\":\"plain\"}");
  }

  @Test
  void aPromiseThatTheServerItselfBreaksIsNotOursToKeep() throws Exception {
    assertThat(got("{\"type\":\"integer\"}")).contains(LABEL).doesNotContain(SECRET);
  }

  @Test
  void aNewDefinitionTakesThePlaceOfTheOld() throws Exception {
    assertThat(got("{\"enum\":[\"" + "sk_test" + "\",\"" + SECRET + "\"]}"))
        .contains("key: enum")
        .doesNotContain(SECRET);
    assertThat(got("{\"type\":\"string\"}")).contains(LABEL);
  }
}
