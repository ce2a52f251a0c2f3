package io.outrider.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.settings.AdminSettings;
import io.outrider.settings.AnchorSettings;
import io.outrider.settings.AuditSettings;
import io.outrider.settings.ConsoleSettings;
import io.outrider.settings.IdentitySettings.Anonymous;
import io.outrider.settings.LimitSettings;
import io.outrider.settings.PolicySettings.Mode;
import io.outrider.settings.RedactionSettings.OnMatch;
import io.outrider.settings.Secret;
import io.outrider.settings.Settings;
import io.outrider.settings.SinkSettings;
import io.outrider.settings.SizeSettings;
import io.outrider.settings.UpstreamSettings.Era;
import io.outrider.settings.UpstreamSettings.Http;
import io.outrider.settings.UpstreamSettings.Stdio;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  @TempDir private Path folder;

  private ConfigFile.Loaded read(String yaml, Map<String, String> environment) throws Exception {
    return ConfigFile.read(Files.writeString(folder.resolve("outrider.yaml"), yaml), environment);
  }

  @Test
  void whoVouchesForTheLogIsRead() throws Exception {
    String key = "w.example/one+b88403db+BHewKeMmmyRbPV5AIXiR/20b0OdgFuLuYKKGNBkAvznn";
    String yaml =
        """
        upstreams: { a: { url: "https://a.test/mcp" } }
        audit:
          anchors:
            interval: 30s
            witnesses:
              one: { vkey: "KEY", url: "https://w.example/" }
            timestamps:
              authorities: { tsa: { url: "http://tsa.example/", ca: tsa.pem } }
        """
            .replace("KEY", key);
    AnchorSettings anchors = read(yaml, Map.of()).settings().audit().anchors();
    assertThat(anchors.interval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(anchors.policy().quorum().met(Set.of("one"))).isTrue();
    assertThat(anchors.policy().quorum().met(Set.of())).isFalse();
    assertThat(anchors.policy().witnesses().getFirst().key()).hasToString(key);
    assertThat(anchors.authorities())
        .containsExactly(
            new AnchorSettings.Authority(
                "tsa", URI.create("http://tsa.example/"), folder.resolve("tsa.pem")));

    assertThatThrownBy(() -> read(yaml.replace("interval: 30s", "quorum: 2"), Map.of()))
        .hasMessageContaining("audit.anchors.quorum");
    assertThatThrownBy(() -> read(yaml.replace("+", "-"), Map.of()))
        .hasMessageContaining("audit.anchors.witnesses.one.vkey");
  }

  @Test
  void everyKeyReachesItsSetting() throws Exception {
    Files.writeString(folder.resolve("key"), "from-file\n");
    Settings settings =
        read(
                """
                listen: { address: "[::1]:0", allowed_hosts: MCP.example, allowed_origins: [https://Chat.example], tls: { cert: c.pem, key: k.pem } }
                upstreams:
                  files:
                    path: /files
                    era: legacy
                    stdio: { command: [server, "8"], env: { API_KEY: "${file:key}", LEVEL: info }, cwd: data, shared: true }
                  tickets:
                    url: https://tickets.internal/mcp
                    transport: sse
                    headers: { Authorization: "Bearer ${env:TOKEN}" }
                policy: { engine: embedded, bundles: [policies], packages: [platform, team], mode: shadow }
                redaction: { rules: [builtin, company.toml], directions: response, on_match: tokenise, detectors: [email] }
                limits:
                  concurrency: { per_upstream: 1, per_tool: 2, per_principal: 3, queue: 0, queue_wait: 250ms }
                  rate: { per_principal: 10/s }
                audit: { directory: log, durability: async, on_failure: continue, payloads: digest, retention: 400d,
                         export: { lines: { file: { path: out/audit.jsonl, rotate: 1MiB }, on_refusal: set-aside } } }
                identity:
                  anonymous: never
                  api_keys: [ { id: ci, sha256: "%s", roles: [reader], groups: dev } ]
                admin: { address: "0.0.0.0:9999" }
                timeouts: { connect: 1s, idle: 2s, absolute: 3s, session: 4s, keep_alive: 5s, drain: 0s }
                sizes: { max_body: 1KiB, max_message: 2KiB, max_depth: 8, max_headers: 4096, off_loop: 1MiB }
                """
                    .formatted("ab".repeat(32)),
                Map.of("TOKEN", "from-env"))
            .settings();

    assertThat(settings.listen().host()).isEqualTo("::1");
    assertThat(settings.listen().allowedHosts()).containsExactly("mcp.example");
    assertThat(settings.listen().allowedOrigins()).containsExactly("https://chat.example");
    assertThat(settings.listen().tls()).isNotNull();
    assertThat(settings.upstreams().get(0).target())
        .isEqualTo(
            new Stdio(
                List.of("server", "8"),
                Map.of("API_KEY", Secret.of("from-file"), "LEVEL", Secret.of("info")),
                folder.resolve("data"),
                true,
                Stdio.DEFAULT_IDLE));
    assertThat(settings.upstreams().get(0).era()).isEqualTo(Era.LEGACY);
    assertThat(settings.upstreams().get(1).path()).isEqualTo("/tickets/mcp");
    assertThat(settings.upstreams().get(1).target())
        .isInstanceOfSatisfying(
            Http.class,
            http ->
                assertThat(http.headers())
                    .containsEntry("Authorization", Secret.of("Bearer from-env")));
    assertThat(settings.policy().bundles()).containsExactly(folder.resolve("policies"));
    assertThat(settings.policy().packages()).containsExactly("platform", "team");
    assertThat(settings.policy().mode()).isEqualTo(Mode.SHADOW);
    assertThat(settings.redaction().rules())
        .containsExactly("builtin", folder.resolve("company.toml").toString());
    assertThat(settings.redaction().onMatch()).isEqualTo(OnMatch.TOKENISE);
    assertThat(settings.limits())
        .isEqualTo(
            new LimitSettings(
                1,
                2,
                3,
                0,
                Duration.ofMillis(250),
                new LimitSettings.Rate(10, Duration.ofSeconds(1))));
    assertThat(settings.audit())
        .isEqualTo(
            new AuditSettings(
                folder.resolve("log"),
                AuditSettings.Durability.ASYNC,
                AuditSettings.OnFailure.CONTINUE,
                AuditSettings.Payloads.DIGEST,
                Duration.ofDays(400),
                List.of(
                    new SinkSettings(
                        "lines",
                        new SinkSettings.File(folder.resolve("out/audit.jsonl"), 1 << 20),
                        SinkSettings.OnRefusal.SET_ASIDE)),
                AnchorSettings.NONE));
    assertThat(settings.identity().anonymous()).isEqualTo(Anonymous.NEVER);
    assertThat(settings.identity().apiKeys().getFirst().groups()).containsExactly("dev");
    assertThat(settings.timeouts().drain()).isZero();
    assertThat(settings.sizes()).isEqualTo(new SizeSettings(1024, 2048, 8, 4096, 1 << 20));
  }

  @Test
  void whatIsNotSaidKeepsItsDefault() throws Exception {
    Settings settings =
        read("upstreams: { one: { url: \"http://127.0.0.1:3000/mcp\" } }", Map.of()).settings();

    assertThat(settings.upstreams().getFirst().path()).isEqualTo("/mcp");
    assertThat(settings.limits()).isEqualTo(LimitSettings.defaults());
    assertThat(settings.audit().directory()).isEqualTo(folder.resolve("var/audit"));
    assertThat(settings.policy().mode()).isEqualTo(Mode.ENFORCE);
  }

  @Test
  void theAdminPortCanBeLeftOut() throws Exception {
    assertThat(
            read(
                    "admin: { enabled: false }\nupstreams: { one: { url: \"http://h/mcp\" } }",
                    Map.of())
                .settings()
                .admin())
        .isNull();
  }

  @Test
  void filesACredentialCameFromAreWatchedToo() throws Exception {
    Files.writeString(folder.resolve("key"), "k");

    assertThat(
            read(
                    "upstreams: { one: { url: \"http://h/mcp\", headers: { X-Key: \"${file:key}\" } } }",
                    Map.of())
                .files())
        .containsExactlyInAnyOrder(folder.resolve("outrider.yaml"), folder.resolve("key"));
  }

  @Test
  void everyKindOfSinkReachesItsSetting() throws Exception {
    List<SinkSettings> sinks =
        read(
                """
                upstreams: { one: { url: "http://127.0.0.1:3000/mcp" } }
                audit:
                  export:
                    a: { file: { path: a.jsonl } }
                    b: { http: { url: "https://siem.example/in", headers: { Authorization: "Bearer ${env:TOKEN}" }, format: cloudevents, compression: gzip, ca: ca.pem, timeout: 5s, batch: 7 } }
                    c: { otlp: { url: "http://127.0.0.1:4318/v1/logs" } }
                    d: { syslog: { address: "[::1]:6514", ca: ca.pem, cert: c.pem, key: k.pem, facility: 16, hostname: edge-1 } }
                    e: { syslog: { address: "siem.example:514", transport: tcp } }
                    f: { kafka: { servers: ["b1:9092", "[::1]:9093"], topic: audit, compression: gzip, properties: { security.protocol: SASL_SSL, sasl.jaas.config: "${env:JAAS}" } } }
                    g: { s3: { bucket: evidence } }
                    h: { s3: { bucket: evidence, prefix: proxy-1/, region: eu-central-1, endpoint: "https://s3.example", path_style: true, access_key: "${env:ID}", secret_key: "${env:TOKEN}", object_lock: { mode: governance, retain: 365d }, interval: 5m } }
                """,
                Map.of("TOKEN", "from-env", "JAAS", "jaas", "ID", "id"))
            .settings()
            .audit()
            .export();

    assertThat(sinks)
        .extracting(SinkSettings::name)
        .containsExactly("a", "b", "c", "d", "e", "f", "g", "h");
    assertThat(sinks)
        .extracting(SinkSettings::target)
        .containsExactly(
            new SinkSettings.File(folder.resolve("a.jsonl"), 256 << 20),
            new SinkSettings.Http(
                new SinkSettings.Endpoint(
                    URI.create("https://siem.example/in"),
                    Map.of("Authorization", Secret.of("Bearer from-env")),
                    SinkSettings.Compression.GZIP,
                    folder.resolve("ca.pem"),
                    Duration.ofSeconds(5)),
                SinkSettings.Http.Format.CLOUDEVENTS,
                7),
            new SinkSettings.Otlp(
                new SinkSettings.Endpoint(
                    URI.create("http://127.0.0.1:4318/v1/logs"),
                    Map.of(),
                    SinkSettings.Compression.NONE,
                    null,
                    Duration.ofSeconds(30)),
                500),
            new SinkSettings.Syslog(
                "::1",
                6514,
                new SinkSettings.Tls(
                    folder.resolve("ca.pem"), folder.resolve("c.pem"), folder.resolve("k.pem")),
                16,
                "edge-1"),
            new SinkSettings.Syslog("siem.example", 514, null, 13, null),
            new SinkSettings.Kafka(
                List.of("b1:9092", "[::1]:9093"),
                "audit",
                SinkSettings.Compression.GZIP,
                Map.of(
                    "security.protocol",
                    Secret.of("SASL_SSL"),
                    "sasl.jaas.config",
                    Secret.of("jaas"))),
            new SinkSettings.S3(
                "evidence", "", null, null, false, null, null, Duration.ofMinutes(1)),
            new SinkSettings.S3(
                "evidence",
                "proxy-1/",
                "eu-central-1",
                URI.create("https://s3.example"),
                true,
                new SinkSettings.S3.Keys(Secret.of("id"), Secret.of("from-env")),
                new SinkSettings.S3.Lock(
                    SinkSettings.S3.Lock.Mode.GOVERNANCE, Duration.ofDays(365)),
                Duration.ofMinutes(5)));
  }

  @Test
  void whereTheLogIsCanBeReadWithoutTheCredentialsOfItsReceivers() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("outrider.yaml"),
            """
            audit:
              directory: log
              export: { siem: { http: { url: "https://siem.example", headers: { Authorization: "${env:NOT_SET}" } } } }
            """);

    assertThat(ConfigFile.auditDirectory(file, Map.of())).isEqualTo(folder.resolve("log"));
  }

  @Test
  void theConsolesTokensAreReadAndMistakesInThemNamed() throws Exception {
    String head = "upstreams: { one: { url: \"http://h/mcp\" } }\nadmin: { console: ";

    assertThat(console(head + "{ tokens: [ { id: rita, sha256: " + "a".repeat(64) + " } ] } }"))
        .isEqualTo(
            new ConsoleSettings(true, List.of(new ConsoleSettings.Token("rita", "a".repeat(64)))));
    assertThat(console(head + "{ enabled: false } }").enabled()).isFalse();
    assertThatThrownBy(() -> console(head + "{ tokens: [ { id: rita, sha256: short } ] } }"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("sha256 of 'rita' has 5 characters");
  }

  private ConsoleSettings console(String yaml) throws Exception {
    AdminSettings admin = read(yaml, Map.of()).settings().admin();
    return Objects.requireNonNull(admin).console();
  }
}
