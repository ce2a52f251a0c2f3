package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.format.PolicyContent;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditReviewCommandsTest {
  private static final String POLICY =
      """
      package outrider

      import rego.v1



      deny contains "no_cmd" if {
        startswith(input.tool, "=cmd")
      }

      allow := true
      """;

  @TempDir private Path folder;

  /// Writes the sample log with the text of its policy in the folder.
  private void logWithPolicy() throws Exception {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(content);
    for (String part : List.of("module", "main.rego", POLICY)) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
    }
    String digest = PolicyContent.digest(content.toByteArray());
    Path log = folder.resolve("var/audit");
    SampleLog.write(log, digest);
    Path file = log.resolve(PolicyContent.path(digest).orElseThrow());
    Files.createDirectories(file.getParent());
    Files.write(file, content.toByteArray());
  }

  @Test
  void showTellsTheStoryOfACallWithTheRuleAsItWas() throws Exception {
    logWithPolicy();

    Ran denied = Ran.in(folder, "audit", "show", SampleLog.DENIED);

    assertThat(denied.status()).isZero();
    assertThat(denied.out())
        .contains(
            "call " + SampleLog.DENIED + "  refused.denied",
            "mallory, user, verified by api_key, from 127.0.0.1:5000 over http",
            "calls itself claude-desktop 1.4",
            "tickets tools/call =cmd()<U+001B>[2J<U+202E><U+000A>xx",
            "\"not on a work day\"",
            "by data.outrider.deny (main.rego:7)",
            "    7  deny contains \"no_cmd\" if {",
            "    9  }",
            "policy took 0.02 ms  waited 2.00 ms for its turn",
            "proven: ")
        .doesNotContain("\u001b", "\u202e", "allow := true");
    assertThat(Ran.in(folder, "audit", "show", "4", "--records").out())
        .contains("call " + SampleLog.DENIED, "\"verdict\" : \"deny\"")
        .doesNotContain("\u001b", "\u202e");

    assertThat(Ran.in(folder, "audit", "show", "3").out())
        .contains(
            "call " + SampleLog.ALLOWED + "  completed",
            "server took 11.00 ms  all together 12.00 ms  2048 bytes",
            "1 in the answer at /result/content/0/text by rule email");
    assertThat(Ran.in(folder, "audit", "show", "5").out()).contains("auth_failure", "proven: ");
    assertThat(Ran.in(folder, "audit", "search", "event:review").out())
        .contains("command=show", "asked=" + SampleLog.DENIED);
  }

  @Test
  void aPolicyWhoseTextIsNotKeptIsNamedByItsDigest() throws Exception {
    SampleLog.write(folder.resolve("var/audit"));

    assertThat(Ran.in(folder, "audit", "show", SampleLog.DENIED).out())
        .contains("sha256:" + "ab".repeat(32), "its text is not in this log's folder");
  }

  @Test
  void statsCountWhatHappened() throws Exception {
    SampleLog.write(folder.resolve("var/audit"));

    JsonNode stats =
        JsonMapper.shared().readTree(Ran.in(folder, "audit", "stats", "-f", "json").out());
    assertThat(stats.at("/verdicts/allow").asInt()).isEqualTo(1);
    assertThat(stats.at("/verdicts/deny").asInt()).isEqualTo(1);
    assertThat(stats.at("/reasons/no_cmd").asInt()).isEqualTo(1);
    assertThat(stats.at("/latency_ms/p50").asDouble()).isEqualTo(12.0);
    assertThat(stats.at("/days/2026-11-20/deny").asInt()).isEqualTo(1);
    assertThat(stats.at("/bytes/tile").asLong()).isPositive();

    String out = Ran.in(folder, "audit", "stats", "user:mallory").out();
    assertThat(out)
        .contains("1 calls and events", "deny", "=cmd()<U+001B>", "2026-11-20  deny 1")
        .doesNotContain("\u001b[2J");
  }

  @Test
  void gapsNamesWhatIsMissing() throws Exception {
    Path log = folder.resolve("var/audit");
    SampleLog.write(log);
    Ran whole = Ran.in(folder, "audit", "gaps");
    assertThat(whole.status()).isZero();
    assertThat(whole.out()).endsWith("nothing is missing in 7 records\n");

    try (AuditLog open = AuditLog.open(AuditOptions.in(log))) {
      // An intent for which no outcome ever comes is missing one once the log was closed in order.
      SampleLog.openCall(open);
    }
    Ran gaps = Ran.in(folder, "audit", "gaps", "--format", "json");
    assertThat(gaps.status()).isEqualTo(3);
    JsonNode json = JsonMapper.shared().readTree(gaps.out());
    assertThat(json.get("complete").asBoolean()).isFalse();
    assertThat(json.get("gaps"))
        .filteredOn(gap -> gap.get("missing").asBoolean())
        .singleElement()
        .satisfies(gap -> {
          assertThat(gap.get("what").asString()).contains("was let through and has no outcome");
          assertThat(gap.get("time").asString()).startsWith("2026-11-20T12:00:00");
        });
    // The command opened the log to record that it read it, and that closed the call.
    assertThat(Ran.in(folder, "audit", "gaps").out())
        .contains("note     nobody knows how call ", "nothing is missing in ");
  }
}
