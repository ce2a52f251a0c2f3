package io.outrider.app.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.ConfigFile;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.PolicyContent;
import io.outrider.audit.verify.AuditQuery;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.Filter;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.PolicyStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens to a proxy that is not a call is in its log, too, and with it what a reviewer needs
/// to understand the calls.
class ServiceAuditTest {
  private static final String CONFIG =
      """
      listen: { address: "127.0.0.1:0" }
      upstreams: { a: { url: "http://127.0.0.1:1/mcp" } }
      policy: { bundles: main.rego }
      audit: { directory: log }
      """;
  private static final String FIRST = "package outrider\n\nallow if input.mcp.name == \"first\"\n";
  private static final String SECOND = FIRST.replace("first", "second");

  @TempDir private Path folder;

  @BeforeEach
  void files() throws Exception {
    write("outrider.yaml", CONFIG);
    write("main.rego", FIRST);
  }

  private void write(String name, String text) throws Exception {
    Files.writeString(folder.resolve(name), text);
  }

  private Configuration configuration() throws ConfigException {
    ConfigFile.Loaded loaded = ConfigFile.read(folder.resolve("outrider.yaml"), Map.of());
    return new Configuration(
        loaded.settings(), loaded.digest(), loaded.files(), this::configuration);
  }

  private LogSource log() {
    return LogSource.folder(folder.resolve("log"));
  }

  private List<Leaf> records() throws Exception {
    List<Leaf> records = new ArrayList<>();
    AuditQuery.run(log(), 0, Filter.ALL, entry -> records.add(entry.leaf()));
    return records;
  }

  /// The last record that has this value there, when it has come.
  private Leaf awaited(String field, String value) throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (System.nanoTime() < until) {
      for (Leaf record : records().reversed()) {
        if (record.text(field).equals(Optional.of(value))) {
          return record;
        }
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    throw new AssertionError("no record with " + field + " = " + value + " within 30 s");
  }

  private static int post(Service service, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:"
                        + Objects.requireNonNull(service.address()).getPort()
                        + "/mcp"))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString()).statusCode();
    }
  }

  private String policyText(String digest) throws Exception {
    return PolicyStore.read(log(), digest).orElseThrow().stream()
        .map(PolicyContent.File::text)
        .collect(Collectors.joining());
  }

  @Test
  void startChangesAndStopAreRecordedWithTheRulesInForce() throws Exception {
    Configuration configuration = configuration();
    Service service = Service.start(configuration);
    Leaf start = awaited("ev", "start");
    assertThat(start.text("f.config_digest")).contains(configuration.digest());
    assertThat(start.text("f.redaction_digest").orElse("")).hasSizeGreaterThan(31);
    assertThat(policyText(start.text("f.policy_digest").orElseThrow())).isEqualTo(FIRST);

    write("main.rego", SECOND);
    Leaf policy = awaited("ev", "policy");
    assertThat(policyText(policy.text("f.policy_digest").orElseThrow())).isEqualTo(SECOND);

    write("outrider.yaml", CONFIG + "limits: { concurrency: { per_tool: 3 } }\n");
    Leaf config = awaited("ev", "config");
    assertThat(config.text("f.config_digest")).contains(configuration().digest());
    assertThat(config.text("f.policy_digest")).isEqualTo(policy.text("f.policy_digest"));

    service.close();
    awaited("ev", "stop");
    assertThat(records().getFirst().text("ev")).contains("genesis");
    assertThat(AuditVerifier.verify(log(), null).problems()).isEmpty();
  }

  @Test
  void whoIsNotKnownAndWhatCannotBeReadIsRecorded() throws Exception {
    try (Service service = Service.start(configuration())) {
      assertThat(post(service, "{nonsense")).isEqualTo(400);
      Leaf unreadable = awaited("out", "refused.malformed");
      assertThat(unreadable.text("src.addr")).contains("127.0.0.1");
      assertThat(unreadable.number("in.bytes")).hasValue(9);

      assertThat(post(service, "{}", "Authorization", "Bearer wrong")).isEqualTo(401);
      Leaf unknown = awaited("out", "refused.unauthenticated");
      assertThat(unknown.list("why").toString()).contains("not in identity.api_keys");
      assertThat(unknown.json()).doesNotContain("Bearer wrong");
    }
    assertThat(AuditVerifier.verify(log(), null).problems()).isEmpty();
  }

  @Test
  void aStartThatFailsLateGivesTheLogBackAndSaysStop() throws Exception {
    write(
        "outrider.yaml",
        CONFIG.replace(
            "directory: log",
            "directory: log, anchors: { timestamps: { authorities: { a: { url: \"http://127.0.0.1:1/\", ca: absent.pem } } } }"));
    assertThatThrownBy(() -> Service.start(configuration()))
        .isInstanceOf(Unusable.class)
        .hasMessageContaining("absent.pem");

    assertThat(records().getLast().text("ev")).contains("stop");
    AuditLog.open(AuditOptions.in(folder.resolve("log"))).close();
  }

  @Test
  void aProcessThatDiedIsRecordedByTheNext() throws Exception {
    try (Service service = Service.start(configuration())) {
      post(service, "{nonsense");
      awaited("out", "refused.malformed");
      awaitTheCheckpoint(); // from then on nothing is written, and a copy is of one moment
      copyAsAKillWouldLeaveIt();
    }
    write("outrider.yaml", CONFIG.replace("directory: log", "directory: killed"));
    Service.start(configuration()).close();
    List<Leaf> records = new ArrayList<>();
    LogSource killed = LogSource.folder(folder.resolve("killed"));
    AuditQuery.run(killed, 0, Filter.ALL, entry -> records.add(entry.leaf()));
    assertThat(records).anyMatch(r -> r.text("ev").equals(Optional.of("recovery")));
    assertThat(AuditVerifier.verify(killed, null).problems()).isEmpty();
  }

  private void copyAsAKillWouldLeaveIt() throws Exception {
    Path from = folder.resolve("log");
    Path to = folder.resolve("killed");
    try (var files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  private void awaitTheCheckpoint() {
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (AuditVerifier.verify(log(), null).tail() > 0) {
      assertThat(System.nanoTime()).as("a checkpoint within 30 s").isLessThan(until);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }
}
