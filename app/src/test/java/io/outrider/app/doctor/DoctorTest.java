package io.outrider.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
  @TempDir private Path temp;

  private Path log() throws Exception {
    Path folder = temp.resolve("audit");
    AuditLog.open(AuditOptions.in(folder)).close();
    return folder;
  }

  private static Finding find(Path folder, String name) throws Exception {
    return new Doctor(InstantSource.system(), System::nanoTime)
        .examine(folder).stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void healthyLogIsExaminedAndLeftAsItWas() throws Exception {
    Path folder = log();
    List<String> before = names(folder);
    List<Finding> findings = new Doctor(InstantSource.system(), System::nanoTime).examine(folder);
    assertThat(findings)
        .extracting(Finding::name)
        .contains("file system", "flush latency", "locks", "folder flush", "space", "clock");
    assertThat(findings)
        .filteredOn(f -> !f.name().equals("file system") && !f.name().equals("space"))
        .noneMatch(f -> f.level() == Finding.Level.BAD);
    assertThat(findings).allMatch(f -> f.level() == Finding.Level.OK == f.advice().isEmpty());
    assertThat(names(folder)).isEqualTo(before);
  }

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  @Test
  void logInUseSaysSoAndHasItsSpare() throws Exception {
    Path folder = temp.resolve("audit");
    try (AuditLog log = AuditLog.open(AuditOptions.in(folder))) {
      assertThat(find(folder, "writer").what()).contains("a process has the log open");
      Files.setLastModifiedTime(
          folder.resolve("checkpoint"), FileTime.from(Instant.now().minus(Duration.ofMinutes(20))));
      assertThat(find(folder, "checkpoint").level()).isEqualTo(Finding.Level.BAD);
      assertThat(log.health().queueDepth()).isZero();
    }
    assertThat(find(folder, "checkpoint").level()).isEqualTo(Finding.Level.OK);
    assertThat(find(folder, "writer").what()).contains("no process");
  }

  @Test
  void keyThatOthersCanReadIsBad() throws Exception {
    Path folder = log();
    Files.setPosixFilePermissions(
        folder.resolve("signing.key"), PosixFilePermissions.fromString("rw-r-----"));
    assertThat(find(folder, "key rights").level()).isEqualTo(Finding.Level.BAD);
    assertThat(find(folder, "key rights").advice()).contains("chmod 600");
    assertThat(find(folder, "folder rights").level()).isEqualTo(Finding.Level.OK);
  }

  @Test
  void whatWasSetAsideIsMentioned() throws Exception {
    Path folder = log();
    Files.createDirectories(folder.resolve("quarantine"));
    Files.writeString(folder.resolve("quarantine/1-4096.bin"), "x");
    assertThat(find(folder, "quarantine").level()).isEqualTo(Finding.Level.WARN);
  }

  @ParameterizedTest
  @CsvSource({
    "ext4, 'rw,relatime', OK",
    "xfs, 'rw,noatime', OK",
    "ext4, 'ro', BAD",
    "ext4, 'rw,nobarrier', BAD",
    "tmpfs, rw, BAD",
    "nfs4, 'rw,hard', WARN",
    "cifs, rw, WARN",
    "fuse.sshfs, rw, WARN",
    "overlay, rw, WARN"
  })
  void fileSystemsAreJudgedByWhatTheyCanPromise(String type, String options, Finding.Level level) {
    String line =
        "36 35 98:0 / /var/lib\\040x %s shared:1 - %s /dev/sda1 rw".formatted(options, type);
    List<String> mounts = List.of("1 1 8:1 / / rw - ext4 /dev/root rw", line, "nonsense");
    Mount mount = Mount.of(Path.of("/var/lib x/audit"), mounts).orElseThrow();
    assertThat(mount.type()).isEqualTo(type);
    assertThat(DiskCheck.fileSystem("file system", mount).level()).isEqualTo(level);
    assertThat(Mount.of(Path.of("/var/library"), mounts).orElseThrow().type()).isEqualTo("ext4");
  }

  @Test
  void spaceIsMeasuredInDays() {
    assertThat(SpaceCheck.judge(100L << 30, Optional.of(1e9)).level()).isEqualTo(Finding.Level.OK);
    assertThat(SpaceCheck.judge(100L << 30, Optional.of(1e9)).what()).contains("107 days");
    assertThat(SpaceCheck.judge(5L << 30, Optional.of(1e9)).level()).isEqualTo(Finding.Level.WARN);
    assertThat(SpaceCheck.judge(1L << 20, Optional.empty()).level()).isEqualTo(Finding.Level.BAD);
  }

  @Test
  void clockIsHeldAgainstTheMonotonicOneTheLogAndTheKernel() {
    Instant now = Instant.parse("2026-11-28T12:00:00Z");
    Duration second = Duration.ofSeconds(1);
    Optional<ClockCheck.Kernel> fine = Optional.of(new ClockCheck.Kernel(true, 1_500));
    assertThat(ClockCheck.judge(now, now.plus(second), second, Optional.empty(), fine).what())
        .isEqualTo("synchronised, maximum error 1.5 ms");
    assertThat(ClockCheck.judge(now, now.plusSeconds(3_600), second, Optional.empty(), fine).what())
        .contains("jumped by 3599000 ms");
    assertThat(
            ClockCheck.judge(now, now.minusSeconds(3_600), second, Optional.empty(), fine).level())
        .isEqualTo(Finding.Level.WARN);
    assertThat(
            ClockCheck.judge(now, now.plus(second), second, Optional.of(now.plusSeconds(60)), fine)
                .what())
        .contains("before the last checkpoint");
    assertThat(
            ClockCheck.judge(
                    now,
                    now.plus(second),
                    second,
                    Optional.empty(),
                    Optional.of(new ClockCheck.Kernel(false, 0)))
                .what())
        .contains("not synchronised");
  }

  @Test
  void flushesThatAreTooFastOrTooSlowAreDoubted() {
    assertThat(DiskCheck.latency(100_000, 300_000, 300).level()).isEqualTo(Finding.Level.OK);
    assertThat(DiskCheck.latency(900, 3_000, 300).level()).isEqualTo(Finding.Level.WARN);
    assertThat(DiskCheck.latency(40_000_000, 90_000_000, 80).level()).isEqualTo(Finding.Level.WARN);
  }
}
