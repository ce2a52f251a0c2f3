package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.sinks.Export;
import io.outrider.sinks.SinkSpec;
import io.outrider.sinks.file.FileSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditSinksCommandTest {
  @TempDir private Path folder;

  private void log() throws Exception {
    AuditLog.open(AuditOptions.in(folder.resolve("var/audit"))).close();
  }

  private void run(String name, Path to) throws Exception {
    send(folder, name, to);
  }

  /// Sends the log below `folder` to a file until all of it is there or it fails.
  static void send(Path folder, String name, Path to) throws Exception {
    Export.start(
            folder.resolve("var/audit"),
            List.of(
                new SinkSpec(
                    name,
                    "file",
                    new SinkSpec.Pace(100, 1 << 20, Duration.ofMillis(10)),
                    SinkSpec.OnRefusal.WAIT,
                    log -> new FileSink(to, 1 << 20))),
            (sink, from, until, why) -> {},
            UnaryOperator.identity())
        .close(Duration.ofSeconds(20));
  }

  @Test
  void saysWhereEachSinkIs() throws Exception {
    log();
    assertThat(Ran.in(folder, "audit", "sinks").out()).contains("no sink has ever run");

    run("siem", folder.resolve("siem.jsonl"));
    Ran ran = Ran.in(folder, "audit", "sinks");

    assertThat(ran.status()).isZero();
    assertThat(ran.out()).containsPattern("siem +file +stopped +3 +0\n");
  }

  @Test
  void whatFailsIsSaidAndIsTheExitCode() throws Exception {
    log();
    run("siem", Files.createDirectory(folder.resolve("a-folder")));
    Path cursor = folder.resolve("var/audit/export/lines.cursor");
    Files.writeString(cursor, "next 7\n");

    Ran ran = Ran.in(folder, "audit", "sinks", "--format", "json");

    assertThat(ran.status()).isEqualTo(1);
    JsonNode sinks = JsonMapper.shared().readTree(ran.out());
    assertThat(sinks.get(0).get("name").asString()).isEqualTo("lines");
    assertThat(sinks.get(0).get("next").asLong()).isEqualTo(-1);
    assertThat(sinks.get(0).get("error").asString()).contains("lines.cursor: is not whole");
    assertThat(sinks.get(1).get("state").asString()).isEqualTo("failing");
    assertThat(sinks.get(1).get("lag").asLong()).isEqualTo(3);
    assertThat(sinks.get(1).get("error").asString()).contains("a-folder");
    assertThat(Ran.in(folder, "audit", "sinks").out())
        .containsPattern("lines +- +unknown +\\? +\\?\n");
  }
}
