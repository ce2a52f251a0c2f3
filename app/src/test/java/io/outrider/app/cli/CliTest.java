package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliTest {
  @TempDir private Path folder;

  @Test
  void withoutACommandItShowsHelpAndSaysUsage() {
    Ran ran = Ran.in(folder);

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err()).contains("Usage: outrider", "outrider demo");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void anUnknownCommandIsAUsageError() {
    Ran ran = Ran.in(folder, "frobnicate");

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err()).contains("frobnicate", "outrider --help");
  }

  @Test
  void anUnknownOptionNamesTheCommandsOwnHelp() {
    Ran ran = Ran.in(folder, "key", "new", "--id", "a", "--frob");

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err()).contains("--frob", "outrider key new --help");
  }

  @Test
  void helpNamesEveryCommand() {
    Ran ran = Ran.in(folder, "--help");

    assertThat(ran.status()).isZero();
    assertThat(ran.out())
        .contains(List.of("run", "stdio", "check", "policy", "audit", "redact", "key", "version"));
  }

  @Test
  void versionPrintsTheBuildsVersion() {
    assertThat(Ran.in(folder, "version").out())
        .matches("(?s)outrider \\d+\\.\\d+.*\\(Java \\d+.*\\)\n");
  }

  @Test
  void aNewKeyIsPrintedOnceWithTheLineForTheConfiguration() throws Exception {
    Ran ran = Ran.in(folder, "key", "new", "--id", "ci", "--role", "reader", "--role", "on call");

    assertThat(ran.status()).isZero();
    String key = ran.out().lines().findFirst().orElseThrow();
    String line = ran.out().lines().skip(1).findFirst().orElseThrow();
    assertThat(key).matches("ork_[A-Za-z0-9_-]{43}");
    assertThat(line).contains(KeyCommand.sha256(key)).doesNotContain(key);
    Files.writeString(
        folder.resolve("outrider.yaml"),
        "upstreams: { a: { url: \"http://h/mcp\" } }\nidentity:\n  api_keys:\n    " + line + "\n");
    assertThat(Ran.in(folder, "check").status()).isZero();
    assertThat(line).contains("roles: [reader, \"on call\"]");
  }

  @Test
  void checkPrintsEveryProblemAndExitsWithTwo() throws Exception {
    Files.writeString(
        folder.resolve("outrider.yaml"), "upstreams: {}\nlimit: {}\nsizes: { max_depth: 0 }\n");

    Ran ran = Ran.in(folder, "check");

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err())
        .contains(":2:1: limit: unknown key", ":3:21: sizes.max_depth", "2 problems");
  }

  @Test
  void checkFindsProblemsOfPoliciesAndRulesToo() throws Exception {
    Files.writeString(folder.resolve("broken.rego"), "package outrider\n\nallow if {\n");
    Files.writeString(
        folder.resolve("outrider.yaml"),
        "upstreams: { a: { url: \"http://h/mcp\" } }\npolicy: { bundles: broken.rego }\nredaction: { rules: [builtin, absent.toml], detectors: [emial] }\n");

    Ran ran = Ran.in(folder, "check");

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err()).contains("broken.rego:", "absent.toml: no such file", "'emial'");
  }

  @Test
  void aStartThatFailedForItsRulesIsInTheLog() throws Exception {
    Files.writeString(folder.resolve("broken.rego"), "package outrider\n\nallow if {\n");
    Files.writeString(
        folder.resolve("outrider.yaml"),
        "upstreams: { a: { url: \"http://h/mcp\" } }\npolicy: { bundles: broken.rego }\naudit: { directory: log }\n");

    Ran ran = Ran.in(folder, "run");

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err()).contains("broken.rego:", "not started");
    Ran log = Ran.in(folder, "audit", "query", "--kind", "start", "--format", "json");
    assertThat(log.out()).contains("\"not_started\":\"the rules are unusable\"");
    assertThat(Ran.in(folder, "audit", "verify").status()).isZero();
  }

  @Test
  void runAndStdioSayWhatToGiveWhenNothingIsThere() {
    assertThat(Ran.in(folder, "run").err()).contains("no outrider.yaml here", "outrider demo");
    assertThat(Ran.in(folder, "stdio").status()).isEqualTo(2);
    assertThat(Ran.in(folder, "run", "-c", "x.yaml", "--upstream", "http://h/mcp").err())
        .contains("either");
    assertThat(Ran.in(folder, "run", "--upstream", "ftp://h").err()).contains("http or https");
    assertThat(Ran.in(folder, "run", "--policy", "absent", "--upstream", "http://h/mcp").err())
        .contains("absent: no such file");
    assertThat(Ran.in(folder, "run", "--policy", "p").err())
        .contains("--listen and --admin go with");
  }

  @Test
  void checkWithoutAFileSaysWhichFileIsMissing() {
    Ran ran = Ran.in(folder, "check", "-c", "absent.yaml");

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err()).contains("absent.yaml:1:1: no such file");
  }

  @Test
  void checkNamesEveryKeyAndCertificateThatCannotBeUsed(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("text.pem"), "no certificate");
    Files.writeString(
        folder.resolve("outrider.yaml"),
        """
        listen: { address: "127.0.0.1:0", tls: { cert: a.pem, key: a.key } }
        upstreams: { a: { url: "http://127.0.0.1:1/mcp" } }
        audit:
          anchors:
            timestamps:
              authorities: { tsa: { url: "http://127.0.0.1:1/tsr", ca: text.pem } }
          export:
            s: { syslog: { address: "127.0.0.1:6514", ca: text.pem } }
            h: { http: { url: "https://127.0.0.1:1/x", ca: none.pem } }
        admin: { address: "127.0.0.1:0", tls: { cert: b.pem, key: b.key, client_ca: c.pem } }
        """);

    Ran ran = Ran.in(folder, "check");

    assertThat(ran.status()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err().lines())
        .anyMatch(line -> line.startsWith("listen.tls: ") && line.contains("a.key"))
        .anyMatch(line -> line.startsWith("admin.tls: "))
        .anyMatch(line -> line.startsWith("audit.anchors.timestamps.authorities.tsa.ca: "))
        .anyMatch(line -> line.startsWith("audit.export.s: ") && line.contains("text.pem"))
        .anyMatch(line -> line.startsWith("audit.export.h: ") && line.contains("none.pem"))
        .anyMatch(line -> line.equals("5 problems"));
    assertThat(folder.resolve("var")).doesNotExist();
  }
}
