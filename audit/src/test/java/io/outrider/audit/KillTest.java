package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.verify.AuditQuery;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.Filter;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Verification;
import io.outrider.audit.verify.VerifyOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a real process that writes with eight threads, again and again, at random moments, and
/// looks for every record it had acknowledged, for records that changed between two looks, and for
/// a log that no longer begins with a checkpoint that was read meanwhile. `-Daudit.kills=N` says
/// how often.
class KillTest {
  private static final int WRITERS = 8;

  /// Checkpoints a verification is held to; each costs a signature and a proof.
  private static final int CHECKPOINTS = 20;

  @TempDir Path temp;

  /// Each record as it was when it was first looked at.
  private final List<String> before = new ArrayList<>();

  private final Deque<byte[]> checkpoints = new ArrayDeque<>();

  @Test
  void killedProcessLosesNothingItAcknowledged() throws Exception {
    int kills = Integer.getInteger("audit.kills", 5);
    long seed = Long.getLong("audit.kill.seed", 1);
    Random random = new Random(seed);
    Path folder = temp.resolve("log");
    Map<Long, String> acknowledged = new HashMap<>();
    int recoveries = 0;
    for (int kill = 0; kill < kills; kill++) {
      runAndKill(folder, kill, random, acknowledged);
      keepCheckpoint(folder);
      // Every tenth time, and at the end, the log is read from the beginning; that is the slow
      // part.
      if (kill % 10 == 9 || kill == kills - 1) {
        AuditLog.open(options(folder)).close();
        recoveries = check(folder, acknowledged, "seed " + seed + " kill " + kill);
      }
    }
    System.out.printf(
        "kill -9: %d kills, %d writers, %d acknowledged records, 0 lost, %d recoveries (seed %d)%n",
        kills, WRITERS, acknowledged.size(), recoveries, seed);
    assertThat(acknowledged).isNotEmpty();
    assertThat(recoveries).isPositive().isLessThanOrEqualTo(kills);
  }

  /// What anybody could have read at the moment of the kill.
  private void keepCheckpoint(Path folder) throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    if (Files.exists(checkpoint)) {
      checkpoints.addLast(Files.readAllBytes(checkpoint));
      if (checkpoints.size() > CHECKPOINTS) {
        checkpoints.removeFirst();
      }
    }
  }

  private static AuditOptions options(Path folder) {
    return AuditOptions.in(folder)
        .withOrigin("example.com/kill")
        .withSegmentBytes(1 << 20)
        .withCheckpointInterval(Duration.ofMillis(20));
  }

  private static void runAndKill(
      Path folder, int kill, Random random, Map<Long, String> acknowledged)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                folder.toString(),
                Integer.toString(kill))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader told =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      // The moment is counted in acknowledgements plus a random rest, so that it falls into work
      // and not into start-up; one in
      // five falls into start-up, where recovery itself is at work.
      int after = random.nextInt(5) == 0 ? 0 : random.nextInt(300);
      for (int i = 0; i < after && told.ready(); i++) {
        note(told.readLine(), acknowledged);
      }
      String first = after == 0 ? null : told.readLine();
      if (first != null) {
        note(first, acknowledged);
      }
      LockSupport.parkNanos(random.nextLong(after == 0 ? 400_000_000L : 60_000_000L));
      // Process.destroyForcibly would close the pipe and what is still in it.
      process.toHandle().destroyForcibly();
      process.waitFor();
      for (String line = told.readLine(); line != null; line = told.readLine()) {
        note(line, acknowledged);
      }
    }
  }

  /// Lines are `index call .`; the last one may be cut by the kill.
  private static void note(String line, Map<Long, String> acknowledged) {
    String[] parts = line.split(" ", -1);
    if (parts.length == 3 && parts[2].equals(".")) {
      acknowledged.put(Long.parseLong(parts[0]), parts[1]);
    }
  }

  private int check(Path folder, Map<Long, String> acknowledged, String when) throws Exception {
    List<LogEntry> entries = new ArrayList<>();
    AuditQuery.run(LogSource.folder(folder), 0, Filter.ALL, entries::add);
    acknowledged.forEach((index, call) -> {
      assertThat(index).as(when).isLessThan(entries.size());
      assertThat(entries.get(index.intValue()).leaf().text("call"))
          .as("%s, record %s", when, index)
          .contains(call);
    });
    List<String> now = entries.stream().map(e -> e.leaf().json()).toList();
    assertThat(now.subList(0, before.size()))
        .as("%s: records that were there", when)
        .isEqualTo(before);
    before.addAll(now.subList(before.size(), now.size()));
    VerifyOptions held = VerifyOptions.DEFAULT;
    for (byte[] checkpoint : checkpoints) {
      held = held.withSaved("read at a kill", checkpoint);
    }
    Verification verification = AuditVerifier.check(LogSource.folder(folder), held);
    assertThat(verification.problems()).as(when).isEmpty();
    assertThat(verification.inFlight()).isZero();
    return recoveries(entries, when);
  }

  /// Counts recoveries; between two starts there must be a stop or one of them, or an unclean end
  /// went unmentioned.
  private static int recoveries(List<LogEntry> entries, String when) {
    int recoveries = 0;
    boolean explained = true;
    for (LogEntry entry : entries) {
      switch (entry.leaf().text("ev").orElse("")) {
        case "recovery" -> {
          recoveries++;
          explained = true;
        }
        case "stop" -> explained = true;
        case "start" -> {
          assertThat(explained)
              .as("%s: what was before the start at %s", when, entry.index())
              .isTrue();
          explained = false;
        }
        default -> {}
      }
    }
    return recoveries;
  }

  /// The process that dies: writes calls as fast as it can and says which were acknowledged.
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) throws Exception {
      AuditLog log = AuditLog.open(options(Path.of(args[0])));
      // One write for each line: what was printed is in the pipe, whatever happens to this process.
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      for (int w = 0; w < WRITERS; w++) {
        String writer = "w" + args[1] + "-" + w + "-";
        Thread.ofPlatform().start(() -> write(log, writer, out));
      }
      new CountDownLatch(1).await();
    }

    private static void write(AuditLog log, String writer, PrintStream out) {
      for (int i = 0; ; i++) {
        String call = writer + i;
        Listening intent = new Listening();
        log.append(Samples.intent(call), Runnable::run, intent);
        if (!say(out, intent, call)) {
          continue; // a crowded disk did not answer in time; there is no call to end
        }
        Listening outcome = new Listening();
        log.append(Samples.outcome(call), Runnable::run, outcome);
        say(out, outcome, call);
      }
    }

    /// @return whether the record was acknowledged; a refusal promises nothing
    private static boolean say(PrintStream out, Listening told, String call) {
      if (!(told.answer() instanceof Receipt(long index))) {
        return false;
      }
      byte[] line = (index + " " + call + " .\n").getBytes(StandardCharsets.US_ASCII);
      out.write(line, 0, line.length);
      out.flush();
      return true;
    }
  }
}
