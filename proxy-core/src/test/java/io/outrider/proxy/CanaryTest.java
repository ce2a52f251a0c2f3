package io.outrider.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// A secret comes in by some door, and no output has it: neither what the client gets, nor the
/// audit folder, the operator's log or the names and labels of metrics.
@NullUnmarked // fields are set before each test
class CanaryTest {
  private static final String SECRET = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc";

  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          logged.add(
              event.getFormattedMessage()
                  + event.getKeyValuePairs()
                  + (event.getThrowableProxy() == null
                      ? ""
                      : event.getThrowableProxy().getMessage()));
        }
      };
  @TempDir private Path folder;
  private HttpServer upstream;
  private Outrider proxy;
  private AuditLog audit;
  private Logger logger;

  @BeforeEach
  void start() throws Exception {
    logger = (Logger) LoggerFactory.getLogger("io.outrider");
    appender.start();
    logger.addAppender(appender);
    upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    upstream.createContext("/mcp", CanaryTest::answer);
    upstream.start();
    URI url = URI.create("http://127.0.0.1:" + upstream.getAddress().getPort() + "/mcp");
    Settings settings =
        Settings.builder()
            .listen(ListenSettings.at("127.0.0.1", 0))
            .upstream(UpstreamSettings.of("up", "/mcp", UpstreamSettings.Http.at(url)))
            .build();
    audit = AuditLog.open(AuditOptions.in(folder));
    String policy =
        """
        package outrider

        allow := true

        deny contains {"code": "no", "message": sprintf("not %v", [input.mcp.arguments])} if {
          input.mcp.name == "denied"
        }

        deny contains {"code": "no", "message": sprintf("not %v", [input.response])} if {
          input.mcp.name == "withheld"
          input.phase == "response"
        }
        """;
    PolicySet set =
        PolicySet.compile(
            LoadedPolicies.of(new PolicySource("test.rego", policy)), PolicyOptions.DEFAULT);
    Redactor redactor = Redactor.compile(RuleSet.builtin(), RedactionOptions.defaults());
    Rules rules = new Rules(set, false, redactor, true, true, Rules.Payloads.REDACTED, "test");
    proxy = Outrider.start(OutriderParts.of(settings, new LiveRules(rules), audit, meters));
  }

  @AfterEach
  void stop() {
    logger.detachAppender(appender);
    proxy.close();
    audit.close();
    upstream.stop(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String id = Json.tree(body).path("id").toString();
    String tool = Json.tree(body).path("params").path("name").asString("");
    int status = tool.equals("http-error") ? 500 : 200;
    String type = tool.equals("notices") ? "text/event-stream" : "application/json";
    String head = "{\"jsonrpc\":\"2.0\",";
    String done =
        head
            + "\"id\":"
            + id
            + ",\"result\":{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\""
            + SECRET
            + "\"}]}}";
    String answer =
        switch (tool) {
          case "" ->
              head
                  + "\"id\":"
                  + id
                  + ",\"result\":{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{}}}";
          case "http-error", "garbage" -> "oops " + SECRET;
          case "error" ->
              head
                  + "\"id\":"
                  + id
                  + ",\"error\":{\"code\":-32000,\"message\":\"bad key "
                  + SECRET
                  + "\",\"data\":{\"key\":\""
                  + SECRET
                  + "\"}}}";
          case "kind" -> done.replace("\"complete\"", "\"" + SECRET + "\"");
          case "notices" ->
              "data: "
                  + head
                  + "\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":\"key "
                  + SECRET
                  + "\"}}\n\ndata: "
                  + head
                  + "\"method\":\"notifications/progress\",\"params\":{\"progressToken\":1,\"progress\":1,\"message\":\"with "
                  + SECRET
                  + "\"}}\n\ndata: "
                  + head
                  + "\"id\":7,\"method\":\"elicitation/create\",\"params\":{\"message\":\"is it "
                  + SECRET
                  + "?\",\"requestedSchema\":{}}}\n\ndata: "
                  + done
                  + "\n\n";
          default -> done;
        };
    byte[] bytes = answer.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "error",
        "http-error",
        "garbage",
        "kind",
        "notices",
        "denied",
        "withheld"
      })
  void noOutputHasTheSecret(String tool) throws Exception {
    String got =
        new ModernClient(proxy.address()).call(tool, "{\"key\":\"" + SECRET + "\",\"n\":1}");
    assertThat(got).contains("\"id\":\"q\"").doesNotContain(SECRET);

    proxy.close();
    audit.close();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, ISO_8859_1).contains(SECRET)).as("%s", file).isFalse();
      }
    }
    assertThat(logged).isNotEmpty().noneMatch(line -> line.contains(SECRET));
    assertThat(meters.getMeters())
        .isNotEmpty()
        .noneMatch(meter -> meter.getId().toString().contains(SECRET));
  }
}
