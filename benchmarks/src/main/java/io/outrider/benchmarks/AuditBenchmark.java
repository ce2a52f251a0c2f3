package io.outrider.benchmarks;

import io.outrider.audit.AppendListener;
import io.outrider.audit.AuditException;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.AuditUnavailable;
import io.outrider.audit.Durability;
import io.outrider.audit.Receipt;
import io.outrider.audit.record.AuditRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
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

  /// Bytes the two records of [AuditRecords] take in the journal, so that the probe writes as much.
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
      for (append(intent, AuditRecords.intent(id));
          !intent.taken();
          append(intent, AuditRecords.intent(id))) {
        LockSupport.parkNanos(50_000); // the queue is full
      }
      log.append(AuditRecords.outcome(id), Runnable::run, new Append());
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
      FlushLoop.fill(channel, PROBE_FILE);
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

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
