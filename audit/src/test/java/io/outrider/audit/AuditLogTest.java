package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  @TempDir Path folder;

  private AuditOptions options() {
    return AuditOptions.in(folder.resolve("log"))
        .withOrigin("example.com/outrider/test")
        .withSegmentBytes(1 << 18);
  }

  @Test
  void acknowledgedRecordHasThePlaceItWasTold() throws Exception {
    try (AuditLog log = AuditLog.open(options())) {
      Listening intent = new Listening();
      Listening outcome = new Listening();
      log.append(Samples.intent("c-1"), Runnable::run, intent);
      assertThat(intent.index()).isEqualTo(2);
      log.append(Samples.outcome("c-1"), Runnable::run, outcome);
      assertThat(outcome.index()).isEqualTo(3);
      assertThat(log.health().state()).isEqualTo(Health.State.OK);
    }
    assertThat(Files.readString(folder.resolve("log/checkpoint")))
        .startsWith("example.com/outrider/test\n5\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("log"))))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("log/signing.key"))))
        .isEqualTo("rw-------");
  }

  @Test
  void restartContinuesTheTree() throws Exception {
    for (int run = 0; run < 4; run++) {
      try (AuditLog log = AuditLog.open(options())) {
        for (int i = 0; i < 300; i++) {
          Listening told = new Listening();
          log.append(Samples.refusal("c-" + run + "-" + i), Runnable::run, told);
          assertThat(told.index()).isEqualTo(run * 302 + i + 2);
        }
      }
    }
    assertThat(Files.readString(folder.resolve("log/checkpoint"))).contains("\n1209\n");
  }
}
