package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditDoctorCommandTest {
  @TempDir private Path folder;

  @Test
  void eachLineSaysHowItIsAndWhatToDo() throws Exception {
    AuditLog.open(AuditOptions.in(folder.resolve("var/audit"))).close();
    Ran ran = Ran.in(folder, "audit", "doctor");
    assertThat(ran.out())
        .containsPattern("(ok|BAD|warn) +file system +\\w+ on ")
        .containsPattern("flush latency +p50 [0-9.]+ ms, p99")
        .contains("key, log and last signed state are on one disk", "configure witnesses");

    Files.setPosixFilePermissions(
        folder.resolve("var/audit/signing.key"), PosixFilePermissions.fromString("rw-r--r--"));
    Ran bad = Ran.in(folder, "audit", "doctor", "--format", "json");
    assertThat(bad.status()).isEqualTo(1);
    JsonNode findings = JsonMapper.shared().readTree(bad.out());
    assertThat(findings.valueStream())
        .anySatisfy(f -> {
          assertThat(f.get("name").asString()).isEqualTo("key rights");
          assertThat(f.get("level").asString()).isEqualTo("bad");
          assertThat(f.get("advice").asString()).contains("chmod 600");
        });
  }
}
