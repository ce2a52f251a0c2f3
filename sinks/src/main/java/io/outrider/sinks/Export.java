package io.outrider.sinks;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.PublishedLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All sinks of one log, running. Thread-safe.
public final class Export {
  private static final Logger log = LoggerFactory.getLogger(Export.class);

  private final List<Shipper> shippers;

  private Export(List<Shipper> shippers) {
    this.shippers = shippers;
  }

  /// Starts sending the log in `folder` to every sink.
  ///
  /// @param telling what may be written down and shown of the words of receivers
  /// @throws IOException if a sink's own things on this machine cannot be used; none runs then
  public static Export start(
      Path folder, List<SinkSpec> specs, ExportListener listener, UnaryOperator<String> telling)
      throws IOException {
    PublishedLog published = new PublishedLog(LogSource.folder(folder));
    List<Sink> sinks = new ArrayList<>();
    try {
      for (SinkSpec spec : specs) {
        try {
          sinks.add(spec.factory().create(published));
        } catch (IOException | IllegalArgumentException e) {
          throw new IOException("audit.export." + spec.name() + ": " + e.getMessage(), e);
        }
      }
    } catch (IOException e) {
      sinks.forEach(Sink::close);
      throw e;
    }
    List<Shipper> shippers = new ArrayList<>();
    for (int i = 0; i < specs.size(); i++) {
      shippers.add(
          new Shipper(
              folder,
              specs.get(i),
              sinks.get(i),
              listener,
              telling,
              System::nanoTime,
              // Each wait asks the generator of the thread that waits.
              () -> ThreadLocalRandom.current().nextLong()));
    }
    shippers.forEach(Shipper::start);
    return new Export(shippers);
  }

  /// How each sink is, in the order they were given.
  public List<SinkReport> reports() {
    return shippers.stream().map(Shipper::report).toList();
  }

  /// Sends what is left and ends. All sinks together get `grace`; what they have not delivered by
  /// then is sent after the next start.
  public void close(Duration grace) {
    List<Thread> closers =
        shippers.stream().map(s -> Thread.ofVirtual().start(() -> s.close(grace))).toList();
    for (Thread closer : closers) {
      try {
        closer.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        log.warn("interrupted while sinks were ending");
        return;
      }
    }
  }

  /// What the cursors in a log's folder say, by name; also while another process runs the sinks.
  ///
  /// @throws IOException if the folder cannot be read
  public static List<SinkPosition> positions(Path folder) throws IOException {
    LogSource source = LogSource.folder(folder);
    long size;
    try {
      size =
          new PublishedLog(source)
              .checkpoint()
              .map(signed -> signed.checkpoint().size())
              .orElse(0L);
    } catch (FormatException e) {
      throw new IOException("the log's checkpoint cannot be read: " + e.getMessage(), e);
    }
    List<SinkPosition> positions = new ArrayList<>();
    for (String file : source.list(CursorFile.FOLDER)) {
      for (String suffix : List.of(CursorFile.SUFFIX, StatusFile.SUFFIX)) {
        if (file.endsWith(suffix)) {
          String name = file.substring(0, file.length() - suffix.length());
          if (positions.stream().noneMatch(p -> p.name().equals(name))) {
            positions.add(SinkPosition.read(folder, name, size));
          }
        }
      }
    }
    return positions;
  }
}
