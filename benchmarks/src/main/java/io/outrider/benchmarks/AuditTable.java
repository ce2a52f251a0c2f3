package io.outrider.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.outrider.audit.AppendListener;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.AuditUnavailable;
import io.outrider.audit.Receipt;
import io.outrider.audit.record.AuditRecord;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Verification;
import io.outrider.audit.verify.VerifyOptions;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// What the audit log costs, as ratios to what disk and processor cost in the same second, beside
/// the goals. Arguments: a folder on the disk to be measured, and rounds (default 5).
public final class AuditTable {
  private static final int APPENDS = 1_000;
  private static final int VERIFIED = 200_000;

  /// Three and a half segments of the journal; with four a checkpoint is due.
  private static final int UNPUBLISHED = 50_000;

  private static final long ROUND_NANOS = 1_000_000_000L;

  /// Bytes of a record in the journal.
  private static final int RECORD_BYTES = 1_024;

  private final Path folder;
  private final int rounds;
  private boolean met = true;

  private AuditTable(Path folder, int rounds) {
    this.folder = folder;
    this.rounds = rounds;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory(Path.of(args[0]), "audit-table-");
    AuditTable table = new AuditTable(folder, args.length > 1 ? Integer.parseInt(args[1]) : 5);
    try {
      System.out.println("| Measured | Figures | Ratio | Goal | |");
      System.out.println("|---|---|---|---|---|");
      table.oneCaller();
      double[] cpu = new double[2];
      table.callers(64, cpu);
      table.callers(512, cpu);
      table.row(
          "CPU for each record, 512 callers (whole process, callers too)",
          String.format(Locale.ROOT, "%.2f us", cpu[0]),
          "",
          "at most 6 us",
          cpu[0] <= 6);
      table.row(
          "full records, 512 callers",
          String.format(Locale.ROOT, "%,.0f/s", cpu[1]),
          "",
          "at least 100,000/s",
          cpu[1] >= 100_000);
      table.verifyAndOpen();
      table.openAfterAKill();
      table.buffers();
    } finally {
      delete(folder);
    }
    System.exit(table.met ? 0 : 1);
  }

  private void row(String what, String figures, String ratio, String goal, boolean reached) {
    met &= reached;
    System.out.printf(
        "| %s | %s | %s | %s | %s |%n",
        what, figures, ratio, goal, goal.isEmpty() ? "" : reached ? "met" : "**missed**");
  }

  /// One append after the other, each beside a bare write and fdatasync of as many bytes.
  private void oneCaller() throws Exception {
    Path dir = folder.resolve("one");
    List<double[]> ratios = new ArrayList<>();
    List<double[]> figures = new ArrayList<>();
    try (AuditLog log = AuditLog.open(AuditOptions.in(dir));
        FileChannel bare =
            FileChannel.open(
                folder.resolve("bare"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE)) {
      FlushLoop.fill(bare, 16 << 20);
      ByteBuffer bytes = ByteBuffer.allocateDirect(RECORD_BYTES);
      Told told = new Told();
      for (int round = 0; round <= rounds; round++) {
        long[] own = new long[APPENDS];
        long[] disk = new long[APPENDS];
        for (int i = 0; i < APPENDS; i++) {
          long began = System.nanoTime();
          bare.write(bytes.clear(), (long) i * RECORD_BYTES);
          bare.force(false);
          disk[i] = System.nanoTime() - began;
          AuditRecord record =
              (i & 1) == 0
                  ? AuditRecords.intent("c-" + round + "-" + i)
                  : AuditRecords.outcome("c-" + round + "-" + (i - 1));
          began = System.nanoTime();
          log.append(record, Runnable::run, told);
          told.await(1);
          own[i] = System.nanoTime() - began;
        }
        Arrays.sort(own);
        Arrays.sort(disk);
        int p99 = APPENDS * 99 / 100;
        if (round > 0) { // the first is the warm-up
          ratios.add(
              new double[] {
                (double) own[APPENDS / 2] / disk[APPENDS / 2], (double) own[p99] / disk[p99]
              });
          figures.add(new double[] {own[APPENDS / 2], disk[APPENDS / 2], own[p99], disk[p99]});
        }
      }
    }
    delete(dir);
    latency("p50", ratios, 0, figures, 0, 1.5);
    latency("p99", ratios, 1, figures, 2, 2);
  }

  private void latency(
      String name, List<double[]> ratios, int ratio, List<double[]> figures, int at, double goal) {
    double median = median(ratios, ratio);
    row(
        "durable append, one caller, " + name,
        String.format(
            Locale.ROOT,
            "%.0f us beside %.0f us for write and fdatasync",
            median(figures, at) / 1e3,
            median(figures, at + 1) / 1e3),
        String.format(Locale.ROOT, "%.2f", median),
        String.format(Locale.ROOT, "at most %.1f", goal),
        median <= goal);
  }

  private static double median(List<double[]> rows, int column) {
    return rows.stream().mapToDouble(r -> r[column]).sorted().toArray()[rows.size() / 2];
  }

  /// Callers that append again as soon as they were told, and the loop that only hashes and
  /// flushes, in turn, each for a second.
  ///
  /// @param best CPU for each record and records a second, of the median round
  private void callers(int callers, double[] best) throws Exception {
    Path dir = folder.resolve("loop");
    List<double[]> measured = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      double own;
      double cpu;
      try (AuditLog log = AuditLog.open(AuditOptions.in(dir))) {
        AtomicLong acknowledged = new AtomicLong();
        Ended ended = new Ended();
        for (int i = 0; i < callers; i++) {
          new Caller(log, "r" + round + "-" + i + "-", acknowledged, ended).start();
        }
        rate(acknowledged); // warm-up
        long cpuBefore = cpuNanos();
        long before = acknowledged.get();
        own = rate(acknowledged);
        cpu = (cpuNanos() - cpuBefore) / 1e3 / Math.max(1, acknowledged.get() - before);
        ended.now = true;
      }
      double limit;
      try (FlushLoop loop = new FlushLoop(folder.resolve("limit"), callers, RECORD_BYTES)) {
        long before = loop.done();
        long began = System.nanoTime();
        Thread.sleep(ROUND_NANOS / 1_000_000);
        limit = (loop.done() - before) * 1e9 / (System.nanoTime() - began);
      }
      if (round > 0) {
        measured.add(new double[] {own / limit, own, limit, cpu});
      }
      delete(dir);
    }
    double ratio = median(measured, 0);
    best[0] = median(measured, 3);
    best[1] = median(measured, 1);
    row(
        callers + " callers",
        String.format(
            Locale.ROOT,
            "%,.0f records/s beside %,.0f of a loop that only hashes and flushes",
            median(measured, 1),
            median(measured, 2)),
        String.format(Locale.ROOT, "%.0f %%", ratio * 100),
        "at least 50 %",
        ratio >= 0.5);
  }

  private static double rate(AtomicLong count) throws InterruptedException {
    long before = count.get();
    long began = System.nanoTime();
    Thread.sleep(ROUND_NANOS / 1_000_000);
    return (count.get() - before) * 1e9 / (System.nanoTime() - began);
  }

  private static void calls(AuditLog log, int records) throws InterruptedException {
    Told told = new Told();
    for (int i = 0; i < records; i += 1_000) {
      for (int k = 0; k < 500; k++) {
        log.append(AuditRecords.intent("c-" + (i + k)), Runnable::run, told);
        log.append(AuditRecords.outcome("c-" + (i + k)), Runnable::run, told);
      }
      told.await(1_000);
    }
  }

  private void verifyAndOpen() throws Exception {
    Path dir = folder.resolve("verify");
    try (AuditLog log = AuditLog.open(AuditOptions.in(dir))) {
      calls(log, VERIFIED);
    }
    long bytes = bytes(dir.resolve("tile").resolve("entries"));
    long values = bytes(dir.resolve("sealed"));
    int cores = Runtime.getRuntime().availableProcessors();
    List<double[]> alone = new ArrayList<>();
    List<double[]> all = new ArrayList<>();
    for (int round = 0; round <= 2 * rounds; round++) {
      double[] one = verified(dir, bytes, values, 1);
      double[] many = verified(dir, bytes, values, cores);
      if (round > rounds) { // before, the compiler is at work
        alone.add(one);
        all.add(many);
      }
    }
    verification("one thread", alone, "");
    verification(cores + " threads, as many as cores", all, "at least 60 %");
    List<double[]> opened = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      long began = System.nanoTime();
      AuditLog log = AuditLog.open(AuditOptions.in(dir));
      opened.add(new double[] {(System.nanoTime() - began) / 1e6});
      log.close();
    }
    row(
        "opening, with recovery of the journal",
        String.format(Locale.ROOT, "%.0f ms", median(opened, 0)),
        "",
        "under 2,000 ms",
        median(opened, 0) < 2_000);
    delete(dir);
  }

  /// @param bytes of the records
  /// @param values bytes of the values kept beside them, which are verified too
  /// @return bytes a second beside those of SHA-256 alone on one thread, records a second, MB a
  ///   second, microseconds of CPU for each record, and of SHA-256 for it, the ratio without values
  private static double[] verified(Path dir, long bytes, long values, int threads)
      throws Exception {
    double hashingBefore = hashing((int) (bytes / VERIFIED), VERIFIED);
    long cpuBefore = cpuNanos();
    long began = System.nanoTime();
    Verification result =
        AuditVerifier.check(LogSource.folder(dir), VerifyOptions.DEFAULT.withThreads(threads));
    double seconds = (System.nanoTime() - began) / 1e9;
    double cpu = (cpuNanos() - cpuBefore) / 1e9;
    if (result.problemCount() > 0) {
      throw new IllegalStateException(result.problems().toString());
    }
    double hashing = (hashingBefore + hashing((int) (bytes / VERIFIED), VERIFIED)) / 2;
    return new double[] {
      hashing / seconds * (bytes + values) / bytes,
      result.records() / seconds,
      (bytes + values) / seconds / 1e6,
      cpu * 1e6 / result.records(),
      hashing * 1e6 / result.records(),
      hashing / seconds
    };
  }

  private void verification(String how, List<double[]> measured, String goal) {
    double ratio = median(measured, 0);
    row(
        "full verification, " + how,
        String.format(
            Locale.ROOT,
            "%,.0f records/s, %.0f MB/s, %.2f us of CPU for each beside %.2f for its hash",
            median(measured, 1),
            median(measured, 2),
            median(measured, 3),
            median(measured, 4)),
        String.format(
            Locale.ROOT,
            "%.0f %% of SHA-256 over pieces as long as the records (%.0f %% if the bytes of kept values are not counted)",
            ratio * 100,
            median(measured, 5) * 100),
        goal,
        goal.isEmpty() || ratio >= 0.6);
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
    }
  }

  /// The longest start there is after a process died: nearly as much of the journal is not
  /// published as the publisher lets come together. Each round opens another copy of the folder as
  /// it was then.
  private void openAfterAKill() throws Exception {
    Path dir = folder.resolve("killed");
    Path copy = folder.resolve("again");
    List<double[]> opened = new ArrayList<>();
    AuditOptions seldom = AuditOptions.in(dir).withCheckpointInterval(Duration.ofHours(1));
    try (AuditLog log = AuditLog.open(seldom)) {
      calls(log, UNPUBLISHED);
      for (int round = 0; round <= rounds; round++) {
        copy(dir, copy);
        long began = System.nanoTime();
        AuditLog again = AuditLog.open(AuditOptions.in(copy));
        opened.add(new double[] {(System.nanoTime() - began) / 1e6});
        again.close();
        delete(copy);
      }
    }
    row(
        "opening after a kill",
        String.format(
            Locale.ROOT, "%.0f ms with %,d records not published", median(opened, 0), UNPUBLISHED),
        "",
        "under 2,000 ms",
        median(opened, 0) < 2_000);
    delete(dir);
  }

  /// Flushed, as what was acknowledged is: or opening the copy would pay for copying it.
  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        Files.copy(file, target);
        if (Files.isRegularFile(target)) {
          try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            channel.force(true);
          }
        }
      }
    }
  }

  /// Seconds that SHA-256 alone takes over as many pieces of this size.
  private static double hashing(int pieceBytes, long pieces) throws Exception {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    byte[] piece = new byte[pieceBytes];
    long began = System.nanoTime();
    for (long i = 0; i < pieces; i++) {
      sha.update(piece);
      sha.digest();
    }
    return (System.nanoTime() - began) / 1e9;
  }

  /// What the log holds at most: a disk that does not answer, and callers that go on until they are
  /// refused.
  private void buffers() throws Exception {
    Path dir = folder.resolve("buffers");
    StuckFiles files = new StuckFiles();
    try (AuditLog log = AuditLog.open(AuditOptions.in(dir).withFiles(files.files()))) {
      Told warm = new Told();
      log.append(AuditRecords.intent("warm"), Runnable::run, warm);
      warm.await(1);
      long before = memory();
      files.stuck(true);
      AtomicBoolean refused = new AtomicBoolean();
      long taken = 0;
      while (!refused.get()) {
        log.append(
            AuditRecords.withText("b-" + taken++, "x".repeat(20_000)),
            Runnable::run,
            new AppendListener() {
              @Override
              public void durable(Receipt receipt) {}

              @Override
              public void failed(AuditUnavailable reason) {
                refused.set(true);
              }
            });
      }
      double held = (memory() - before) / (double) (1 << 20);
      files.stuck(false);
      row(
          "buffers when the disk does not answer",
          String.format(Locale.ROOT, "%.0f MiB, %d records of 20 kB", held, taken),
          "",
          "at most 64 MiB",
          held <= 64);
    }
    delete(dir);
  }

  private static long memory() {
    System.gc();
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return direct + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static final class Told implements AppendListener {
    private final Semaphore told = new Semaphore(0);

    @Override
    public void durable(Receipt receipt) {
      told.release();
    }

    @Override
    public void failed(AuditUnavailable reason) {
      throw new IllegalStateException(reason.toString());
    }

    void await(int count) throws InterruptedException {
      told.acquire(count);
    }
  }

  private static final class Ended {
    volatile boolean now;
  }

  /// A caller: an intent, then its outcome, then the next call.
  private static final class Caller implements AppendListener {
    private final AuditLog log;
    private final String name;
    private final AtomicLong acknowledged;
    private final Ended ended;
    private int calls;
    private boolean open;

    Caller(AuditLog log, String name, AtomicLong acknowledged, Ended ended) {
      this.log = log;
      this.name = name;
      this.acknowledged = acknowledged;
      this.ended = ended;
    }

    void start() {
      log.append(AuditRecords.intent(name + calls), Runnable::run, this);
    }

    @Override
    public void durable(Receipt receipt) {
      acknowledged.incrementAndGet();
      open = !open;
      if (open) {
        log.append(AuditRecords.outcome(name + calls++), Runnable::run, this);
      } else if (!ended.now) {
        start();
      }
    }

    @Override
    public void failed(AuditUnavailable reason) {
      if (!ended.now) {
        throw new IllegalStateException(reason.toString());
      }
    }
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void delete(Path dir) throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
