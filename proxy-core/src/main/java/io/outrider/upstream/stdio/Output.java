package io.outrider.upstream.stdio;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/// One output stream of a child, read by a thread of its own. Thread-safe apart from [#read].
abstract sealed class Output {

  private final CompletableFuture<Void> done = new CompletableFuture<>();

  /// Held while something is handed out, so that nothing is handed out any more once `cutOff` is
  /// set.
  private final ReentrantLock delivery = new ReentrantLock();

  private boolean cutOff;

  /// Lines of bounded length, as long as the gate is open.
  static Output lines(InputStream in, int maxLine, ReadGate gate, LineReader.Sink to) {
    return new Lines(in, maxLine, gate, to);
  }

  /// Everything, as it comes.
  static Output pieces(InputStream in, StderrTap to) {
    return new Pieces(in, to);
  }

  abstract void run() throws IOException;

  /// Whether the thread waits for the other side, rather than being busy with what it said.
  abstract boolean waitsForInput();

  /// Reads to the end.
  void read() {
    try {
      run();
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
      if (!waitsForInput()) {
        return false;
      }
      cutOff = true;
    } finally {
      delivery.unlock();
    }
    done.complete(null);
    return true;
  }

  final void handOut(Runnable it) {
    delivery.lock();
    try {
      if (!cutOff) {
        it.run();
      }
    } finally {
      delivery.unlock();
    }
  }

  private static final class Lines extends Output implements LineReader.Sink {
    private final LineReader reader;
    private final ReadGate gate;
    private final LineReader.Sink to;

    Lines(InputStream in, int maxLine, ReadGate gate, LineReader.Sink to) {
      this.reader = new LineReader(in, maxLine, LineReader.HEAD, this);
      this.gate = gate;
      this.to = to;
    }

    @Override
    void run() throws IOException {
      reader.run();
    }

    @Override
    boolean waitsForInput() {
      return reader.waitsForInput();
    }

    @Override
    public void line(byte[] line) {
      gate.pass();
      handOut(() -> to.line(line));
    }

    @Override
    public void oversized(byte[] head) {
      gate.pass();
      handOut(() -> to.oversized(head));
    }
  }

  private static final class Pieces extends Output {
    /// Stderr is seldom more than a few lines at a time.
    private static final int CHUNK = 8 * 1024;

    private final InputStream in;
    private final StderrTap to;
    private volatile boolean reading;

    Pieces(InputStream in, StderrTap to) {
      this.in = in;
      this.to = to;
    }

    @Override
    void run() throws IOException {
      byte[] chunk = new byte[CHUNK];
      while (true) {
        reading = true;
        int n = in.read(chunk, 0, chunk.length);
        reading = false;
        if (n < 0) {
          return;
        }
        handOut(() -> to.piece(chunk, n));
      }
    }

    @Override
    boolean waitsForInput() {
      return reading;
    }
  }
}
