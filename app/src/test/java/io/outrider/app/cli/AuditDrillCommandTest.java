package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditDrillCommandTest {
  @TempDir private Path folder;

  @BeforeEach
  void aLog() throws Exception {
    AuditLog.open(AuditOptions.in(folder.resolve("var/audit"))).close();
  }

  @Test
  void everyTamperingIsShownAndTheDrillItselfIsRecorded() throws Exception {
    Ran ran = Ran.in(folder, "audit", "drill");
    assertThat(ran.status()).as(ran.out()).isZero();
    assertThat(ran.out())
        .contains("flip bit", "[has the key]", "needs a full tile")
        .containsPattern("OK  ([0-9]+) of \\1 tamperings detected, on all 3 records")
        .doesNotContain("UNDETECTED");
    assertThat(Ran.in(folder, "audit", "query").out())
        .containsPattern("drill +baseline=ok +command=audit drill +detected=[0-9]+");
    assertThat(Ran.in(folder, "audit", "verify").status()).isZero();
  }

  @Test
  void programsGetOneDocument() throws Exception {
    JsonNode report =
        JsonMapper.shared()
            .readTree(Ran.in(folder, "audit", "drill", "--seed", "5", "--format", "json").out());
    assertThat(report.get("all_detected").asBoolean()).isTrue();
    assertThat(report.get("seed").asLong()).isEqualTo(5);
    assertThat(report.get("trials").size()).isGreaterThan(12);
    for (JsonNode trial : report.get("trials")) {
      assertThat(trial.get("detected").asBoolean()).isTrue();
      assertThat(trial.get("exit_code").asInt()).isPositive();
    }
  }

  @Test
  void spoiltCopiesCanBeCheckedByHand() throws Exception {
    assertThat(Ran.in(folder, "audit", "drill", "--out", "spoilt").status()).isZero();
    Path out = folder.resolve("spoilt");
    assertThat(Files.getPosixFilePermissions(out))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    Ran reworded =
        Ran.in(
            folder,
            "audit",
            "verify",
            "spoilt/record-reworded/log",
            "--key",
            "spoilt/record-reworded/key");
    assertThat(reworded.status()).isEqualTo(1);
    String fork = "spoilt/fork-signed/";
    Ran alone = Ran.in(folder, "audit", "verify", fork + "log", "--key", fork + "key");
    assertThat(alone.status()).as("the owner of the key needs a witness to be caught").isZero();
    Ran witnessed =
        Ran.in(
            folder,
            "audit",
            "verify",
            fork + "log",
            "--key",
            fork + "key",
            "--since",
            fork + "saved-checkpoint");
    assertThat(witnessed.status()).isEqualTo(1);
    assertThat(witnessed.out()).contains("two different trees");
    assertThat(Ran.in(folder, "audit", "drill", "--out", "spoilt").status()).isEqualTo(2);
  }

  @Test
  void logThatIsSpoiltAlreadyIsNotDrilled() throws Exception {
    Path checkpoint = folder.resolve("var/audit/checkpoint");
    Files.writeString(checkpoint, Files.readString(checkpoint).replaceFirst("\n3\n", "\n2\n"));
    Ran ran = Ran.in(folder, "audit", "drill");
    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.out() + ran.err()).containsIgnoringCase("not intact");
  }
}
