package io.outrider.audit;

import io.outrider.audit.record.AuditRecord;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A process for the scripts to maltreat: writes calls with several threads and says on standard
/// output which records were acknowledged, one `index call .` on a line. Arguments: the folder, a
/// name for this run, how many threads, how many calls each makes. Ends with 3 when the log refused
/// something, as it must after an error. `-Daudit.careless=MUTANT` makes it a bad writer.
final class ScriptedWriter {
  private ScriptedWriter() {}

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    AuditLog log;
    try {
      log = AuditLog.open(options(Path.of(args[0])));
    } catch (AuditException e) {
      System.err.println(e.getMessage());
      System.exit(3);
      return;
    }
    out.println("open");
    List<Thread> threads = new ArrayList<>();
    boolean[] refused = new boolean[1];
    for (int t = 0; t < Integer.parseInt(args[2]); t++) {
      String name = args[1] + "-" + t + "-";
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                if (!calls(log, name, Integer.parseInt(args[3]), out)) {
                  refused[0] = true;
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    log.close();
    System.exit(refused[0] ? 3 : 0);
  }

  static AuditOptions options(Path folder) {
    return AuditOptions.in(folder)
        .withOrigin("example.com/script")
        .withSegmentBytes(1 << 18)
        .withCheckpointInterval(Duration.ofMillis(20))
        .withFiles(CarelessFiles.of(System.getProperty("audit.careless", "none")));
  }

  private static boolean calls(AuditLog log, String name, int count, PrintStream out) {
    for (int i = 0; i < count; i++) {
      String call = name + i;
      if (!told(log, Samples.intent(call), call, out)
          || !told(log, Samples.outcome(call), call, out)) {
        return false;
      }
    }
    return true;
  }

  private static boolean told(AuditLog log, AuditRecord record, String call, PrintStream out) {
    Listening told = new Listening();
    long began = System.nanoTime();
    log.append(record, Runnable::run, told);
    if (!(told.answer() instanceof Receipt(long index))) {
      System.err.printf(
          "refused after %d ms: %s%n",
          (System.nanoTime() - began) / 1_000_000, told.refusal().detail());
      return false;
    }
    byte[] line = (index + " " + call + " .\n").getBytes(StandardCharsets.US_ASCII);
    out.write(line, 0, line.length);
    out.flush();
    return true;
  }
}
