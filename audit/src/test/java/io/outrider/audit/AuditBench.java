package io.outrider.audit;

import io.outrider.audit.format.LeafEncoder;
import io.outrider.audit.record.AuditRecord;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Verification;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// What the log costs, beside what the disk and the processor cost in the same second. Not a test;
/// run its `main` with a folder on the disk to be measured.
public final class AuditBench {
  private AuditBench() {}

  private static final int ROUNDS = 5;
  private static final int COMMITS = 2_000;

  public static void main(String[] args) throws Exception {
    Path folder = args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("audit-bench");
    encoding();
    oneCaller(folder);
    for (int callers : new int[] {64, 512, 2_048}) {
      closedLoop(folder, callers, Durability.GROUP);
    }
    closedLoop(folder, 512, Durability.ASYNC);
    callerCost(folder);
    verifying(folder);
  }

  private static void encoding() {
    LeafEncoder encoder = new LeafEncoder(1, 1 << 20);
    AuditRecord[] records = {Samples.intent("c-1"), Samples.outcome("c-1")};
    for (int round = 0; round < ROUNDS; round++) {
      long bytes = 0;
      long began = System.nanoTime();
      int count = 200_000;
      for (int i = 0; i < count; i++) {
        encoder.encode(records[i & 1], i, i, -1);
        bytes += encoder.leafLength();
      }
      print(
          "encode",
          "%.2f us/record, %d bytes",
          (System.nanoTime() - began) / 1e3 / count,
          bytes / count);
    }
  }

  /// One append after the other, interleaved with bare write+fdatasync of as many bytes into a
  /// zero-filled file.
  private static void oneCaller(Path folder) throws Exception {
    Path dir = folder.resolve("one");
    try (AuditLog log = AuditLog.open(AuditOptions.in(dir));
        FileChannel bare =
            FileChannel.open(
                folder.resolve("bare"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      bare.write(ByteBuffer.allocate(16 << 20), 0);
      bare.force(true);
      ByteBuffer bytes = ByteBuffer.allocateDirect(1_264);
      Semaphore told = new Semaphore(0);
      AppendListener listener = new Counting(told, new AtomicLong());
      for (int round = 0; round < ROUNDS; round++) {
        long[] own = new long[COMMITS];
        long[] disk = new long[COMMITS];
        long at = 4_096;
        for (int i = 0; i < COMMITS; i++) {
          long began = System.nanoTime();
          bare.write(bytes.clear(), at);
          bare.force(false);
          disk[i] = System.nanoTime() - began;
          at += bytes.capacity();
          AuditRecord record =
              (i & 1) == 0
                  ? Samples.intent("c-" + round + "-" + i)
                  : Samples.outcome("c-" + round + "-" + (i - 1));
          began = System.nanoTime();
          log.append(record, Runnable::run, listener);
          told.acquire();
          own[i] = System.nanoTime() - began;
        }
        Arrays.sort(own);
        Arrays.sort(disk);
        print(
            "one caller",
            "append p50 %.0f us p99 %.0f us; bare p50 %.0f us p99 %.0f us; ratio p50 %.2f p99 %.2f",
            own[COMMITS / 2] / 1e3,
            own[COMMITS * 99 / 100] / 1e3,
            disk[COMMITS / 2] / 1e3,
            disk[COMMITS * 99 / 100] / 1e3,
            own[COMMITS / 2] / (double) disk[COMMITS / 2],
            own[COMMITS * 99 / 100] / (double) disk[COMMITS * 99 / 100]);
      }
    }
    delete(dir);
    Files.delete(folder.resolve("bare"));
  }

  /// `callers` appends always in flight; each acknowledgement begins the next.
  private static void closedLoop(Path folder, int callers, Durability durability) throws Exception {
    Path dir = folder.resolve("loop");
    try (AuditLog log =
        AuditLog.open(AuditOptions.in(dir).withDurability(durability).withSegmentBytes(64 << 20))) {
      AtomicLong acknowledged = new AtomicLong();
      AuditRecord record = Samples.refusal("c");
      for (int i = 0; i < callers; i++) {
        new Looping(log, record, acknowledged).next();
      }
      for (int round = 0; round < ROUNDS; round++) {
        long count = acknowledged.get();
        long began = System.nanoTime();
        long cpu = cpu();
        Thread.sleep(1_000);
        double seconds = (System.nanoTime() - began) / 1e9;
        long done = acknowledged.get() - count;
        print(
            durability + " x" + callers,
            "%.0f records/s, %.2f us CPU/record (whole process)",
            done / seconds,
            (cpu() - cpu) / 1e3 / Math.max(done, 1));
      }
    }
    delete(dir);
  }

  private static void callerCost(Path folder) throws Exception {
    Path dir = folder.resolve("caller");
    try (AuditLog log = AuditLog.open(AuditOptions.in(dir).withMaxQueued(100_000))) {
      Semaphore told = new Semaphore(0);
      AppendListener listener = new Counting(told, new AtomicLong());
      AuditRecord record = Samples.refusal("c");
      for (int round = 0; round < ROUNDS; round++) {
        int count = 5_000;
        long spent = 0;
        for (int i = 0; i < count; i++) {
          long began = System.nanoTime();
          log.append(record, Runnable::run, listener);
          spent += System.nanoTime() - began;
        }
        told.acquire(count);
        print("caller", "%.2f us/append", spent / 1e3 / count);
      }
    }
    delete(dir);
  }

  private static void verifying(Path folder) throws Exception {
    Path dir = folder.resolve("verify");
    int count = 200_000;
    try (AuditLog log = AuditLog.open(AuditOptions.in(dir))) {
      Semaphore told = new Semaphore(0);
      AppendListener listener = new Counting(told, new AtomicLong());
      for (int i = 0; i < count; i += 1_000) {
        for (int k = 0; k < 500; k++) {
          log.append(Samples.intent("c-" + (i + k)), Runnable::run, listener);
          log.append(Samples.outcome("c-" + (i + k)), Runnable::run, listener);
        }
        told.acquire(1_000);
      }
    }
    for (int round = 0; round < ROUNDS; round++) {
      long began = System.nanoTime();
      Verification result = AuditVerifier.verify(LogSource.folder(dir), null);
      double seconds = (System.nanoTime() - began) / 1e9;
      print("verify", "%s, %.0f records/s", result.verdict(), result.records() / seconds);
    }
    for (int round = 0; round < ROUNDS; round++) {
      long began = System.nanoTime();
      AuditLog log = AuditLog.open(AuditOptions.in(dir));
      print("open", "%.0f ms", (System.nanoTime() - began) / 1e6);
      log.close();
    }
    delete(dir);
  }

  private record Counting(Semaphore told, AtomicLong failures) implements AppendListener {
    @Override
    public void durable(Receipt receipt) {
      told.release();
    }

    @Override
    public void failed(AuditUnavailable reason) {
      failures.incrementAndGet();
      told.release();
    }
  }

  private record Looping(AuditLog log, AuditRecord record, AtomicLong acknowledged)
      implements AppendListener {
    void next() {
      log.append(record, Runnable::run, this);
    }

    @Override
    public void durable(Receipt receipt) {
      acknowledged.incrementAndGet();
      if (receipt.isAssigned()) {
        next();
      } else {
        // Asynchronous acknowledgements come before the append returns; a thread of its own keeps
        // the stack flat.
        Thread.ofVirtual().start(this::next);
      }
    }

    @Override
    public void failed(AuditUnavailable reason) {
      if (reason.retryable()) {
        Thread.ofVirtual().start(this::next);
      }
    }
  }

  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean)
            java.lang.management.ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void print(String what, String format, Object... values) {
    System.out.printf("%-14s %s%n", what, String.format(Locale.ROOT, format, values));
  }

  private static void delete(Path dir) throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
