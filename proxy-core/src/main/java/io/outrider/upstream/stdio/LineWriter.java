package io.outrider.upstream.stdio;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Writes lines to a child from a thread of its own, so that a child that does not read stops
/// nobody else. [#offer] and [#finish] are thread-safe and never block; [#run] belongs to the
/// writing thread.
final class LineWriter {

  private final long maxQueuedBytes;
  private final Object lock = new Object();
  private final ArrayDeque<byte[]> lines = new ArrayDeque<>();
  private long queuedBytes;
  private boolean finished;

  LineWriter(long maxQueuedBytes) {
    this.maxQueuedBytes = maxQueuedBytes;
  }

  /// Takes a line to be written; false when nothing more is taken, or too much waits already.
  boolean offer(byte[] line) {
    synchronized (lock) {
      if (finished || queuedBytes + line.length > maxQueuedBytes) {
        return false;
      }
      lines.add(line);
      queuedBytes += line.length;
      lock.notify();
      return true;
    }
  }

  /// Takes no more lines; what waits is still written, then the stream is closed.
  void finish() {
    synchronized (lock) {
      finished = true;
      lock.notify();
    }
  }

  /// Writes until finished, or until the other side takes no more; closes the stream in any case.
  void run(OutputStream out) {
    try (out) {
      for (byte[] line = next(out); line != null; line = next(out)) {
        out.write(line);
        out.write('\n');
      }
    } catch (IOException theOtherSideIsGone) {
      // Its end is reported by whoever waits for it; here it only means that no line goes out any
      // more.
    } catch (InterruptedException nobodyAsksForIt) {
      Thread.currentThread().interrupt();
    } finally {
      abandon();
    }
  }

  private byte @Nullable [] next(OutputStream out) throws IOException, InterruptedException {
    synchronized (lock) {
      byte[] line = lines.poll();
      if (line != null) {
        queuedBytes -= line.length;
        return line;
      }
    }
    // Flushed only when nothing waits: lines that come together go out together.
    out.flush();
    synchronized (lock) {
      while (lines.isEmpty() && !finished) {
        lock.wait();
      }
      byte[] line = lines.poll();
      queuedBytes -= line == null ? 0 : line.length;
      return line;
    }
  }

  private void abandon() {
    synchronized (lock) {
      finished = true;
      lines.clear();
      queuedBytes = 0;
    }
  }
}
