package io.outrider.sinks.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.sinks.Delivery;
import io.outrider.sinks.TestLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest {
  @TempDir private Path temp;
  private TestLog log;
  private Path file;

  @BeforeEach
  void aLog() throws Exception {
    log = new TestLog(temp.resolve("log"));
    log.write(300);
    file = temp.resolve("out/audit.jsonl");
  }

  @Test
  void linesAreTheLeavesAndTheFileIsTheOwners() throws Exception {
    try (FileSink sink = new FileSink(file, 1 << 30)) {
      for (Delivery delivery : log.deliveries(100)) {
        sink.deliver(delivery);
      }
    }

    assertThat(Files.readAllLines(file)).isEqualTo(log.lines());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void fullFilesArePutAsideInOrder() throws Exception {
    try (FileSink sink = new FileSink(file, 10_000)) {
      for (Delivery delivery : log.deliveries(50)) {
        sink.deliver(delivery);
      }
    }

    List<String> lines = new ArrayList<>();
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(temp.resolve("out"))) {
      for (Path part :
          files
              .sorted((a, b) -> a.equals(file) ? 1 : b.equals(file) ? -1 : a.compareTo(b))
              .toList()) {
        names.add(part.getFileName().toString());
        lines.addAll(Files.readAllLines(part));
      }
    }
    assertThat(names).hasSizeGreaterThan(2).contains("audit.jsonl.before-000000000100");
    assertThat(lines).isEqualTo(log.lines());
  }

  @Test
  void halfALineOfACrashIsCutAndItsRecordComesAgain() throws Exception {
    List<Delivery> deliveries = log.deliveries(100);
    try (FileSink sink = new FileSink(file, 1 << 30)) {
      sink.deliver(deliveries.get(0));
    }
    Files.writeString(file, "{\"half\":", java.nio.file.StandardOpenOption.APPEND);

    try (FileSink sink = new FileSink(file, 1 << 30)) {
      for (Delivery delivery : deliveries.subList(1, deliveries.size())) {
        sink.deliver(delivery);
      }
    }

    assertThat(Files.readAllLines(file)).isEqualTo(log.lines());
  }

  @Test
  void aFileOfSomethingElseIsLeftAlone() throws Exception {
    Files.createDirectories(temp.resolve("out"));
    Files.write(file, new byte[1 << 18]);

    try (FileSink sink = new FileSink(file, 1 << 30)) {
      assertThatThrownBy(() -> sink.deliver(log.deliveries(10).getFirst()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("expected: a file of JSON lines");
    }

    assertThat(Files.size(file)).isEqualTo(1 << 18);
  }
}
