package io.outrider.benchmarks;

import io.outrider.audit.verify.AuditTail;
import io.outrider.review.index.LogIndex;
import io.outrider.review.index.Progress;
import io.outrider.review.query.Field;
import io.outrider.review.query.Query;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// What the reviewer's index costs: building it beside only reading the records, its size, and how
/// long searches take over millions of records. Run by `benchmarks/review.sh`.
public final class ReviewTable {
  private static final int ROUNDS = 15;
  private static final int PAGE = 50;
  private static final long GOAL_MILLIS = 200;
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  private static final List<String> QUERIES =
      List.of(
          "",
          "user:user7@example.com",
          "user:user1900@example.com",
          "user:user1900@example.com tool:server3.tool_3 verdict:deny",
          "verdict:deny since:-7d",
          "tool:server5.* outcome:failed since:-30d",
          "user:user19* verdict:deny",
          "outcome:failed -user:user0@example.com -tool:*_1",
          "rule:data.outrider.deny file:policies/files.rego:22",
          "\"not allowed to tool_29\"",
          "latency:>145ms outcome:failed",
          "since:2026-01-15T10:00:00Z until:2026-01-15T11:00:00Z",
          "session:s-1500-40",
          "tool:server1.tool_2");

  private ReviewTable() {}

  /// Takes a folder for the index and how many records there shall be.
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    long wanted = args.length > 1 ? Long.parseLong(args[1]) : 10_000_000;
    long size = Math.ceilDiv(wanted, GeneratedLog.PERIOD) * GeneratedLog.PERIOD;
    delete(folder);
    Path file = folder.resolve("audit.sqlite");
    build(file);
    GeneratedLog log = new GeneratedLog(size);
    IndexCopies.fill(file, log, size);
    print("index: %,d records", size);
    try (LogIndex index = LogIndex.open(log, file)) {
      index.refresh(Progress.NONE);
      search(index, log, size);
    } finally {
      delete(folder);
    }
  }

  /// Indexes one period.
  private static void build(Path file) throws Exception {
    GeneratedLog log = new GeneratedLog(GeneratedLog.PERIOD);
    long some = GeneratedLog.PERIOD;
    making(log, some);
    double making = making(log, some);
    reading(log, some);
    double reading = reading(log, some);
    try (LogIndex index = LogIndex.open(log, file)) {
      long began = System.nanoTime();
      long cpu = cpu();
      long records = index.refresh(Progress.NONE);
      double perRecord = (cpu() - cpu) / (double) records;
      print(
          "build: %,d records/s of CPU (%,d/s by the clock), without making up the records",
          Math.round(1e9 / (perRecord - making)),
          Math.round(records / ((System.nanoTime() - began) / 1e9)));
      print(
          "build: %.2f times the CPU that reading and parsing the records takes",
          (perRecord - making) / (reading - making));
      Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
      print("size: %.0f bytes/record", bytes(folder) / (double) records);
    }
  }

  private static void search(LogIndex index, GeneratedLog log, long size) throws Exception {
    List<Double> clock = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    for (String text : QUERIES) {
      Query query = Query.parse(text, NOW);
      log.keep();
      index.search(query, null, PAGE);
      Times times = time("search " + text, () -> index.search(query, null, PAGE).rows().size());
      clock.addAll(times.clock());
      cpu.addAll(times.cpu());
    }
    Times call =
        time("one call", () -> index.call(GeneratedLog.callId(size / 4)).orElseThrow().records());
    clock.addAll(call.clock());
    cpu.addAll(call.cpu());
    double p95 = percentile(clock, 0.95);
    print("all searches by the clock: p50 %.1f ms, p95 %.1f ms", percentile(clock, 0.5), p95);
    print(
        "all searches, CPU: p50 %.1f ms, p95 %.1f ms", percentile(cpu, 0.5), percentile(cpu, 0.95));
    time("histogram of all", () -> index.histogram(Query.ALL, null, null, 100).size());
    Query denied = Query.parse("verdict:deny", NOW);
    time("histogram of denials", () -> index.histogram(denied, null, null, 100).size());
    time("users of denials", () -> index.facets(denied, Field.USER, 10).size());
    time("tools of all", () -> index.facets(Query.ALL, Field.TOOL, 10).size());
    time("count of denials", () -> index.count(denied));
    if (p95 > GOAL_MILLIS) {
      System.out.println("goal missed: p95 at most " + GOAL_MILLIS + " ms");
      System.exit(1);
    }
  }

  /// Nanoseconds of CPU to make up a record.
  private static double making(GeneratedLog log, long records) {
    long began = cpu();
    for (long bundle = 0; bundle < records / 256; bundle++) {
      log.bundle(bundle);
    }
    return (cpu() - began) / (double) records;
  }

  /// Nanoseconds of CPU for a record when nothing is done with it, making it up included.
  private static double reading(GeneratedLog log, long records) throws Exception {
    long began = cpu();
    AuditTail tail = new AuditTail(log, 0);
    while (tail.position() < records) {
      tail.poll();
    }
    return (cpu() - began) / (double) records;
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /// What each round took: by the clock, and of the processor.
  private record Times(List<Double> clock, List<Double> cpu) {}

  private static Times time(String what, Callable<?> task) throws Exception {
    Object result = "";
    List<Double> clock = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      long began = System.nanoTime();
      long cpuBegan = cpu();
      result = task.call();
      cpu.add((cpu() - cpuBegan) / 1e6);
      clock.add((System.nanoTime() - began) / 1e6);
    }
    print(
        "%8.1f ms, %8.1f of CPU   %s%s",
        percentile(clock, 0.5),
        percentile(cpu, 0.5),
        what,
        result instanceof Number ? "  -> " + result : "");
    return new Times(clock, cpu);
  }

  private static double percentile(List<Double> millis, double share) {
    return millis.stream().sorted().toList().get((int) (millis.size() * share));
  }

  private static long bytes(Path folder) throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
    }
  }

  private static void delete(Path folder) throws Exception {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void print(String format, Object... args) {
    System.out.println(String.format(Locale.ROOT, format, args));
  }
}
