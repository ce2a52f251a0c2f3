package io.outrider.sinks;

import io.outrider.audit.AppendListener;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.AuditUnavailable;
import io.outrider.audit.Receipt;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.record.Event;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.PublishedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A real audit log to send onward.
public final class TestLog {
  public static final String ORIGIN = "example.com/sinks";

  private final Path folder;

  public TestLog(Path folder) {
    this.folder = folder;
  }

  public Path folder() {
    return folder;
  }

  public PublishedLog published() {
    return new PublishedLog(LogSource.folder(folder));
  }

  /// Opens the log, records `count` events and closes it, so that a checkpoint covers all.
  ///
  /// @return the size of the log
  public long write(int count) throws Exception {
    try (AuditLog log = open()) {
      append(log, count);
    }
    return size();
  }

  public AuditLog open() throws Exception {
    return AuditLog.open(
        AuditOptions.in(folder)
            .withOrigin(ORIGIN)
            .withSegmentBytes(1 << 18)
            .withHeartbeatInterval(Duration.ZERO)
            .withCheckpointInterval(Duration.ofMillis(20)));
  }

  /// Records events and waits until they are durable.
  ///
  /// @return index of the last
  public static long append(AuditLog log, int count) throws Exception {
    CompletableFuture<Long> last = new CompletableFuture<>();
    last.complete(-1L);
    for (int i = 0; i < count; i++) {
      CompletableFuture<Long> next = new CompletableFuture<>();
      log.append(
          new Event(
              Event.Kind.CONFIG,
              Instant.now(),
              Map.of("n", Integer.toString(i), "text", "\"ä\n\"")),
          Runnable::run,
          new AppendListener() {
            @Override
            public void durable(Receipt receipt) {
              next.complete(receipt.index());
            }

            @Override
            public void failed(AuditUnavailable reason) {
              next.completeExceptionally(new IllegalStateException(reason.detail()));
            }
          });
      last = next;
    }
    return last.get(20, TimeUnit.SECONDS);
  }

  public long size() throws Exception {
    return published().checkpoint().orElseThrow().checkpoint().size();
  }

  public VerifierKey key() throws Exception {
    return VerifierKey.parse(
        new String(published().verifierKey().orElseThrow(), java.nio.charset.StandardCharsets.UTF_8)
            .strip());
  }

  /// Every line of the log, by index.
  public List<String> lines() throws Exception {
    List<String> lines = new ArrayList<>();
    for (long bundle = 0, size = size(); bundle * 256 < size; bundle++) {
      published()
          .leaves(bundle, (int) Math.min(256, size - bundle * 256))
          .orElseThrow()
          .forEach(leaf -> lines.add(new String(leaf, java.nio.charset.StandardCharsets.UTF_8)));
    }
    return lines;
  }

  /// All of the log as one delivery after the other, as a shipper would make them.
  public List<Delivery> deliveries(int records) throws Exception {
    List<Delivery> all = new ArrayList<>();
    PublishedLog.Signed signed = published().checkpoint().orElseThrow();
    LogReader reader = new LogReader(published());
    for (long at = 0; at < signed.checkpoint().size(); at = all.getLast().to()) {
      all.add(reader.read(signed, at, records, 1 << 20));
    }
    return all;
  }
}
