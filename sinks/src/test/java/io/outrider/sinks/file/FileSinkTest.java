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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"boot\":\"00", "{", "{\"boot\":\"0123\0\0\0", "\0\0\0\0", "{\"from\":12"})
  void halfALineOfACrashIsCutAndItsRecordComesAgain(String half) throws Exception {
    List<Delivery> deliveries = log.deliveries(100);
    try (FileSink sink = new FileSink(file, 1 << 30)) {
      sink.deliver(deliveries.get(0));
    }
    Files.writeString(file, half, java.nio.file.StandardOpenOption.APPEND);

    try (FileSink sink = new FileSink(file, 1 << 30)) {
      for (Delivery delivery : deliveries.subList(1, deliveries.size())) {
        sink.deliver(delivery);
      }
    }

    assertThat(Files.readAllLines(file)).isEqualTo(log.lines());
  }

  @Test
  void aFirstLineThatACrashCutIsWrittenAgain() throws Exception {
    Files.createDirectories(temp.resolve("out"));
    Files.writeString(file, log.lines().getFirst().substring(0, 40));

    deliverAll();

    assertThat(Files.readAllLines(file)).isEqualTo(log.lines());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "precious",
        "line one\nline two",
        "{\"some\":\"settings\"}",
        "{\"level\":\"info\"}\n",
        "{\"k\":\"gap\"}\n",
        "{\n  \"i\": 1\n}\n",
        "{\"i\":9000,\"k\":\"event\",\"v\":1}\n",
        "{\"i\":3,\"k\":\"event\",\"v\":1}\nand something else",
        "\n"
      })
  void aFileOfSomethingElseIsLeftAlone(String content) throws Exception {
    Files.createDirectories(temp.resolve("out"));
    Files.writeString(file, content);

    assertThatThrownBy(this::deliverAll)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + " ends with ")
        .hasMessageContaining("(expected: a file that this sink wrote, or none)");

    assertThat(file).hasContent(content);
  }

  @Test
  void aLargeFileWithoutLinesIsLeftAlone() throws Exception {
    Files.createDirectories(temp.resolve("out"));
    Files.writeString(file, "x".repeat(1 << 18));

    assertThatThrownBy(this::deliverAll).hasMessageContaining("(expected: a file that this sink");

    assertThat(Files.size(file)).isEqualTo(1 << 18);
  }

  /// What a power cut during the first delivery may leave.
  @Test
  void zerosAloneAreWrittenOver() throws Exception {
    Files.createDirectories(temp.resolve("out"));
    Files.write(file, new byte[1 << 18]);

    deliverAll();

    assertThat(Files.readString(file)).startsWith("{\"boot\":").doesNotContain("\0");
  }

  @Test
  void aNameThatIsTakenDoesNotStopTheSink() throws Exception {
    List<Delivery> deliveries = log.deliveries(50);
    try (FileSink sink = new FileSink(file, 10_000)) {
      for (Delivery delivery : deliveries) {
        sink.deliver(delivery);
      }
    }
    Path first = temp.resolve("out/audit.jsonl.before-000000000100");
    byte[] before = Files.readAllBytes(first);

    // As after a crash that lost the cursor: all of it comes again, and so do the names.
    try (FileSink sink = new FileSink(file, 10_000)) {
      for (Delivery delivery : deliveries) {
        sink.deliver(delivery);
      }
    }

    assertThat(Files.readAllBytes(first)).isEqualTo(before);
    assertThat(temp.resolve("out/audit.jsonl.before-000000000100.001")).exists();
  }

  @Test
  void twoSinksDoNotWriteOneFile() throws Exception {
    try (FileSink one = new FileSink(file, 1 << 30);
        FileSink two = new FileSink(file, 1 << 30)) {
      List<Delivery> deliveries = log.deliveries(100);
      one.deliver(deliveries.get(0));

      assertThatThrownBy(() -> two.deliver(deliveries.get(0)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another sink is writing it");

      for (Delivery delivery : deliveries.subList(1, deliveries.size())) {
        one.deliver(delivery);
      }
    }
    assertThat(Files.readAllLines(file)).isEqualTo(log.lines());
  }

  private void deliverAll() throws Exception {
    try (FileSink sink = new FileSink(file, 1 << 30)) {
      for (Delivery delivery : log.deliveries(100)) {
        sink.deliver(delivery);
      }
    }
  }
}
