package io.outrider.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The official conformance suite: with a policy that allows everything, each of its checks must
/// come out through Outrider as it does directly.
class ConformanceTest {
  @TempDir Path temp;

  @BeforeEach
  void needsNode() {
    Runtimes.need("node");
  }

  /// Outrider in the place of the server. The figures are those of the suite against the fixture
  /// itself: should a new version of either change them, the comparison must be looked at again.
  @ParameterizedTest(name = "server requirements of {0}")
  @CsvSource({"2025-11-25, 84, 0", "2026-07-28, 164, 30"})
  void asAServerItComesOutAsTheServerBehindIt(String revision, int passed, int failed)
      throws IOException {
    Path work = Files.createTempDirectory(temp, "work");
    try (Upstream.Running fixture = Upstream.CONFORMANCE_HTTP.start(work);
        OutriderProcess outrider = OutriderProcess.in(temp).upstream(fixture.link()).run()) {
      Conformance direct = judgeServer(fixture.link(), revision, "direct");
      Conformance through = judgeServer(outrider.link(), revision, "through");
      outrider.stop();

      System.out.printf("conformance %s directly:         %s%n", revision, direct.counts());
      System.out.printf("conformance %s through Outrider: %s%n", revision, through.counts());
      assertThat(direct.count("SUCCESS")).as("passed directly").isEqualTo(passed);
      assertThat(direct.count("FAILURE")).as("failed directly").isEqualTo(failed);
      assertThat(through.differencesTo(direct)).isEmpty();
      outrider.setup().auditIsWhole(outrider.stderr());
    }
  }

  private Conformance judgeServer(Link server, String revision, String name) {
    return Conformance.run(
        temp.resolve(name),
        Map.of(),
        "server",
        "--url",
        ((Link.Http) server).url(),
        "--requirements",
        revision);
  }

  /// Outrider in the place of the client: a real client speaks to `outrider stdio`, which is then
  /// the HTTP client that the suite's own server judges.
  @ParameterizedTest(name = "client scenario {0} of {1}")
  @CsvSource({
    "initialize, 2025-11-25",
    "tools_call, 2025-11-25",
    "elicitation-sep1034-client-defaults, 2025-11-25",
    "sse-retry, 2025-11-25",
    "request-metadata, 2026-07-28",
    "sep-2322-client-request-state, 2026-07-28",
    "http-standard-headers, 2026-07-28",
    "http-custom-headers, 2026-07-28",
    "http-invalid-tool-headers, 2026-07-28",
    "json-schema-ref-no-deref, 2026-07-28",
    "json-schema-2020-12-preservation, 2026-07-28"
  })
  void asAClientItComesOutAsTheClientBeforeIt(String scenario, String revision) throws IOException {
    // The suite tells the client its URL only when it starts it.
    Path config = OutriderProcess.in(temp).upstream(new Link.Http("URL")).write();
    Path wrapper =
        Files.writeString(
            temp.resolve("outrider-to"),
            """
            #!/bin/sh
            dir=$(mktemp -d "%s/run-XXXXXX")
            sed -e "s|\\"URL\\"|\\"$1\\"|" -e "s|%s|$dir/audit|" %s >"$dir/outrider.yaml"
            exec %s stdio -c "$dir/outrider.yaml"
            """
                .formatted(
                    temp,
                    temp.resolve("audit"),
                    config,
                    OutriderProcess.Setup.launcher().getFirst()));
    assertThat(wrapper.toFile().setExecutable(true)).isTrue();

    Conformance direct = judgeClient(scenario, revision, Map.of(), "direct");
    Conformance through =
        judgeClient(
            scenario,
            revision,
            Map.of(
                "OUTRIDER_STDIO_CMD",
                wrapper + " {url}",
                "JAVA_HOME",
                System.getProperty("java.home")),
            "through");

    assertThat(direct.count("SUCCESS")).as("passed directly").isPositive();
    assertThat(through.differencesTo(direct)).isEmpty();
  }

  private Conformance judgeClient(
      String scenario, String revision, Map<String, String> env, String name) {
    return Conformance.run(
        temp.resolve(name),
        env,
        "client",
        "--command",
        "node fixtures/conformance-client.mjs",
        "--scenario",
        scenario,
        "--spec-version",
        revision);
  }
}
