package io.outrider.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.AuditLog;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.LogSource;
import io.outrider.sinks.file.FileSink;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a real process that writes a log and ships it to a file, again and again at random
/// moments, and looks for every record of the log in the file. `-Dsinks.kills=N` says how often.
class KillTest {
  @TempDir private Path temp;

  @Test
  void aKilledProcessLeavesNoHoleAtTheReceiver() throws Exception {
    int kills = Integer.getInteger("sinks.kills", 4);
    long seed = Long.getLong("sinks.kill.seed", 1);
    Random random = new Random(seed);
    TestLog log = new TestLog(temp.resolve("log"));
    Path file = temp.resolve("out.jsonl");
    for (int kill = 0; kill < kills; kill++) {
      runAndKill(log.folder(), file, random);
    }
    AuditLog last = log.open();
    Export export = export(log.folder(), file);
    last.close();
    export.close(Duration.ofMinutes(1));

    List<String> lines = log.lines();
    Set<String> sent = new HashSet<>(lines);
    List<String> arrived = Files.readAllLines(file);
    assertThat(AuditVerifier.verify(LogSource.folder(log.folder()), log.key()).problems())
        .isEmpty();
    assertThat(arrived).as("seed %s", seed).containsAll(lines).allMatch(sent::contains);
    System.out.printf(
        "kill -9: %d kills, %d records, 0 missing at the receiver, %d twice (seed %d)%n",
        kills, lines.size(), arrived.size() - lines.size(), seed);
  }

  private static Export export(Path folder, Path file) throws Exception {
    return Export.start(
        folder,
        List.of(
            new SinkSpec(
                "lines",
                "file",
                new SinkSpec.Pace(64, 1 << 20, Duration.ofMillis(10)),
                SinkSpec.OnRefusal.WAIT,
                log -> new FileSink(file, 1 << 30))),
        (sink, from, to, why) -> {},
        UnaryOperator.identity());
  }

  private static void runAndKill(Path folder, Path file, Random random) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                folder.toString(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader told =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      // Counted in records that the receiver has, so that the kill falls into deliveries.
      int after = 1 + random.nextInt(10);
      for (int i = 0; i < after && told.readLine() != null; i++) {
        // The next.
      }
      LockSupport.parkNanos(random.nextLong(60_000_000L));
      process.toHandle().destroyForcibly();
      process.waitFor();
    }
  }

  /// The process that dies.
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) throws Exception {
      AuditLog log = new TestLog(Path.of(args[0])).open();
      Export export = export(Path.of(args[0]), Path.of(args[1]));
      long said = 0;
      while (true) {
        TestLog.append(log, 50);
        long next = export.reports().getFirst().next();
        if (next > said) {
          said = next;
          System.out.println(next);
        }
      }
    }
  }
}
