package io.outrider.upstream.stdio;

import io.outrider.jsonrpc.JsonRpcMessage;
import io.outrider.jsonrpc.MessageReader;
import io.outrider.jsonrpc.Reading;
import io.outrider.redaction.StreamRedactor;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One process of a stdio upstream and what it says, read as messages on the process's own reader
/// thread. Thread-safe.
abstract class Pipe implements ChildListener {

  private static final Logger log = LoggerFactory.getLogger(Pipe.class);

  /// Lines in a row that are no messages before the process is taken for something else than an MCP
  /// server.
  private static final int MAX_NONSENSE = 100;

  private final String upstream;
  private final MessageReader reader;
  private final Restart.Run run;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private volatile @Nullable ChildProcess child;
  private volatile boolean ended;
  private int nonsense;

  /// @param run hears how it ends
  Pipe(String upstream, MessageReader reader, Restart.Run run) {
    this.upstream = upstream;
    this.reader = reader;
    this.run = run;
  }

  /// Completes when the process has ended, after everybody has heard of it.
  final CompletableFuture<Void> gone() {
    return gone;
  }

  final void start(ChildSpec spec, StreamRedactor secrets) {
    child = ChildProcess.start(spec, this, secrets);
  }

  final boolean isOpen() {
    return !ended;
  }

  final boolean write(byte[] message) {
    return !ended && child().send(message);
  }

  final void pauseReading() {
    child().pauseReading();
  }

  final void resumeReading() {
    child().resumeReading();
  }

  final void close() {
    run.stopped();
    child().close();
  }

  private ChildProcess child() {
    return Objects.requireNonNull(child, "the pipe was not started");
  }

  /// A message of the server. On the reader thread, in order.
  abstract void message(JsonRpcMessage message);

  /// The process has ended; nothing follows.
  ///
  /// @param acted false when it never ran
  abstract void over(String how, boolean acted);

  @Override
  public final void line(byte[] line) {
    switch (reader.read(line)) {
      case Reading.Parsed(JsonRpcMessage message) -> {
        nonsense = 0;
        message(message);
      }
      case Reading.Bad bad -> {
        nonsense++;
        log.atWarn()
            .addKeyValue("upstream", upstream)
            .log("skipped a line on stdout that is no message: " + bad.detail());
        if (nonsense == MAX_NONSENSE) {
          log.atError()
              .addKeyValue("upstream", upstream)
              .log("ending the process: it does not speak MCP");
          child().close(); // and that counts as a failure
        }
      }
    }
  }

  @Override
  public final void oversized(byte[] head) {
    log.atWarn()
        .addKeyValue("upstream", upstream)
        .log("skipped a line on stdout that is longer than sizes.max_message");
    oversizedMessage();
  }

  /// A message was too long to read: whoever waits for it must not wait for ever.
  abstract void oversizedMessage();

  @Override
  public final void stderr(String line) {
    log.atInfo().addKeyValue("upstream", upstream).addKeyValue("stream", "stderr").log(line);
  }

  @Override
  public final void stderrDropped(long lines) {
    log.atWarn()
        .addKeyValue("upstream", upstream)
        .log("left out " + lines + " lines of stderr, which came too fast");
  }

  @Override
  public final void exited(ExitStatus status) {
    ended = true;
    boolean ran = !(status instanceof ExitStatus.NotStarted);
    log.atInfo()
        .addKeyValue("upstream", upstream)
        .addKeyValue("status", status.describe())
        .log("the server process ended");
    run.exited(status.describe());
    try {
      over(status.describe(), ran);
    } finally {
      gone.complete(null);
    }
  }

  static byte[] cancelNotice(String idJson) {
    return ("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"
            + idJson
            + "}}")
        .getBytes(StandardCharsets.UTF_8);
  }

  final void dropped(String why) {
    log.atWarn().addKeyValue("upstream", upstream).log("dropped a message of the server: " + why);
  }
}
