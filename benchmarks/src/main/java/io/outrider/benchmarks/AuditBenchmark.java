package io.outrider.benchmarks;

import io.outrider.audit.AppendListener;
import io.outrider.audit.AuditException;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.AuditUnavailable;
import io.outrider.audit.Durability;
import io.outrider.audit.Receipt;
import io.outrider.audit.record.AuditRecord;
import io.outrider.audit.record.CallFacts;
import io.outrider.audit.record.Client;
import io.outrider.audit.record.Decision;
import io.outrider.audit.record.Intent;
import io.outrider.audit.record.Outcome;
import io.outrider.audit.record.Payload;
import io.outrider.audit.record.Principal;
import io.outrider.audit.record.Rule;
import io.outrider.audit.record.Source;
import io.outrider.audit.record.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// One call's two records: what a caller waits for, beside what the disk alone takes for as many
/// bytes. The figures mean something only side by side: a flush costs what this disk makes of it.
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class AuditBenchmark {

  /// Bytes the two records of [#record] take in the journal, so that the probe writes as much.
  private static final int PROBE_BYTES = 1_536;

  /// Preallocated, as the journal is: a growing file would add metadata to each flush.
  private static final int PROBE_FILE = 16 << 20;

  /// The bare minimum: a write into a preallocated file, and `fdatasync`.
  @Benchmark
  public void probe(Disk disk) throws IOException {
    disk.writeAndSync();
  }

  /// The intent is awaited, the outcome is not: what a call waits for under `durability: group`.
  @Benchmark
  public void groupOneCaller(GroupLog log) throws InterruptedException {
    log.call();
  }

  /// The same from 64 callers at once: they share flushes.
  @Benchmark
  @org.openjdk.jmh.annotations.Threads(64)
  public void group64Callers(GroupLog log) throws InterruptedException {
    log.call();
  }

  /// Both records handed over, nothing awaited: what a call costs its event loop under `durability:
  /// async`. A full queue is waited for, so this cannot run ahead of the writer.
  @Benchmark
  public void asyncOneCaller(AsyncLog log) throws InterruptedException {
    log.call();
  }

  /// A log under `durability: group`.
  public static class GroupLog extends Log {
    public GroupLog() {
      super(Durability.GROUP);
    }
  }

  /// A log under `durability: async`.
  public static class AsyncLog extends Log {
    public AsyncLog() {
      super(Durability.ASYNC);
    }
  }

  /// A log in a folder of its own.
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init") // JMH calls open() before anything else
  public abstract static class Log {
    private final Durability durability;
    private final AtomicLong calls = new AtomicLong();
    private Path folder;
    private AuditLog log;

    Log(Durability durability) {
      this.durability = durability;
    }

    @Setup
    public void open() throws IOException, AuditException {
      folder = Files.createTempDirectory(Path.of("."), "audit-benchmark-");
      log = AuditLog.open(AuditOptions.in(folder).withDurability(durability));
    }

    @TearDown
    public void close() throws IOException {
      log.close();
      delete(folder);
    }

    void call() throws InterruptedException {
      String id = "bench-" + calls.incrementAndGet();
      Append intent = new Append();
      for (append(intent, intent(id)); !intent.taken(); append(intent, intent(id))) {
        LockSupport.parkNanos(50_000); // the queue is full
      }
      log.append(outcome(id), Runnable::run, new Append());
    }

    private void append(Append append, AuditRecord record) {
      log.append(record, Runnable::run, append);
    }
  }

  private static final class Append implements AppendListener {
    private final Semaphore told = new Semaphore(0);
    private volatile @Nullable AuditUnavailable failure;

    @Override
    public void durable(Receipt receipt) {
      failure = null;
      told.release();
    }

    @Override
    public void failed(AuditUnavailable reason) {
      failure = reason;
      told.release();
    }

    /// Waits for the acknowledgement.
    boolean taken() throws InterruptedException {
      told.acquire();
      AuditUnavailable reason = failure;
      if (reason != null && reason.reason() != AuditUnavailable.Reason.OVERLOADED) {
        throw new IllegalStateException(reason.toString());
      }
      return reason == null;
    }
  }

  /// A file beside the logs.
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init") // JMH calls open() before anything else
  public static class Disk {
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(PROBE_BYTES);
    private Path file;
    private FileChannel channel;
    private long at;

    @Setup(Level.Trial)
    public void open() throws IOException {
      file = Files.createTempFile(Path.of("."), "fdatasync-", ".probe");
      channel = FileChannel.open(file, StandardOpenOption.WRITE);
      channel.write(ByteBuffer.allocate(PROBE_FILE), 0);
      channel.force(true);
    }

    @TearDown
    public void close() throws IOException {
      channel.close();
      Files.delete(file);
    }

    void writeAndSync() throws IOException {
      bytes.clear();
      channel.write(bytes, at);
      channel.force(false);
      at = (at + PROBE_BYTES) % (PROBE_FILE - PROBE_BYTES);
    }
  }

  private static Intent intent(String id) {
    return new Intent(
        new CallFacts(
            id,
            Instant.now(),
            new Principal("ada", "user", "api-key:ada"),
            new Client("bench", "1"),
            new Source("http", "127.0.0.1", null, "5f2b8c1d9e3a4b67", "1000123", null),
            new Target("legacy", "2025-11-25", "files", "tools/call", "echo", null),
            new Payload(
                Messages.call().length,
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "{\"jsonrpc\":\"2.0\",\"id\":1000123,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"text\":\"hello\"}}}")),
        new Decision(
            Decision.Verdict.ALLOW,
            List.of(new Rule("data.outrider.allow", "policies/starter/starter.rego", 9)),
            "sha256:3fc9b689459d738f8c88a3a48aa9e33542016b7a4052e001aaa536fca74813cb",
            "sha256:0000000000000000000000000000000000000000000000000000000000000000",
            List.of(),
            List.of(),
            Map.of(),
            List.of(),
            2_000,
            0));
  }

  private static Outcome outcome(String id) {
    return new Outcome(
        id,
        Instant.now(),
        OptionalLong.empty(),
        "completed",
        35_000,
        60_000,
        false,
        OptionalInt.empty(),
        new Payload(
            98,
            "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
            "{\"jsonrpc\":\"2.0\",\"id\":1000123,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"ok\"}],\"isError\":false}}"),
        List.of(),
        null);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
