package io.outrider.upstream.stdio;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/// One output stream of a child, read by a thread of its own. Thread-safe apart from [#read].
final class Output implements LineReader.Sink {

  private final LineReader reader;
  private final LineReader.Sink to;
  private final ReadGate gate;
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  /// Held while a line is handed out, so that nothing is handed out any more once `cutOff` is set.
  private final ReentrantLock delivery = new ReentrantLock();

  private boolean cutOff;

  Output(InputStream in, int maxLine, int head, ReadGate gate, LineReader.Sink to) {
    this.reader = new LineReader(in, maxLine, head, this);
    this.gate = gate;
    this.to = to;
  }

  /// Reads to the end.
  void read() {
    try {
      reader.run();
    } catch (IOException closed) {
      // The child is gone: the same as the end of the stream.
    } finally {
      done.complete(null);
    }
  }

  /// Completes after the last line.
  CompletableFuture<Void> done() {
    return done;
  }

  /// Ends this although the stream has not ended: some process that the child left behind holds it
  /// open and says nothing. False while lines are still being handed out.
  boolean cutOffIfSilent() {
    if (done.isDone()) {
      return true;
    }
    if (!delivery.tryLock()) {
      return false;
    }
    try {
      if (!reader.waitsForInput()) {
        return false;
      }
      cutOff = true;
    } finally {
      delivery.unlock();
    }
    done.complete(null);
    return true;
  }

  @Override
  public void line(byte[] line) {
    handOut(() -> to.line(line));
  }

  @Override
  public void oversized(byte[] head) {
    handOut(() -> to.oversized(head));
  }

  private void handOut(Runnable it) {
    gate.pass();
    delivery.lock();
    try {
      if (!cutOff) {
        it.run();
      }
    } finally {
      delivery.unlock();
    }
  }
}
