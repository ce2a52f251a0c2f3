package io.outrider.upstream.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Writes down everything a child says, and waits for what is to come.
class Recorder implements ChildListener {

  static final long PATIENCE_SECONDS = 30;

  final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  final BlockingQueue<String> oversized = new LinkedBlockingQueue<>();
  final List<String> stderr = new CopyOnWriteArrayList<>();
  final List<Long> dropped = new CopyOnWriteArrayList<>();
  final List<ExitStatus> exits = new CopyOnWriteArrayList<>();
  final CompletableFuture<ExitStatus> exited = new CompletableFuture<>();
  final CompletableFuture<String> firstStderr = new CompletableFuture<>();

  @Override
  public void line(byte[] line) {
    assertThat(exits).as("lines after the end").isEmpty();
    lines.add(new String(line, UTF_8));
  }

  @Override
  public void oversized(byte[] head) {
    oversized.add(new String(head, UTF_8));
  }

  @Override
  public void stderr(String line) {
    stderr.add(line);
    firstStderr.complete(line);
  }

  @Override
  public void stderrDropped(long lines) {
    dropped.add(lines);
  }

  @Override
  public void exited(ExitStatus status) {
    exits.add(status);
    exited.complete(status);
  }

  String nextLine() throws InterruptedException {
    String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(line).as("a line within %d s (stderr: %s)", PATIENCE_SECONDS, stderr).isNotNull();
    return java.util.Objects.requireNonNull(line);
  }

  ExitStatus exit() throws Exception {
    return exited.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
