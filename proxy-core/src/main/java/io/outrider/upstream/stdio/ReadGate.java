package io.outrider.upstream.stdio;

/// Lets a reading thread through, or holds it. Thread-safe.
final class ReadGate {

  private boolean closed;
  private boolean openForGood;

  synchronized void close() {
    closed = true;
  }

  synchronized void open() {
    closed = false;
    notifyAll();
  }

  /// Opens the gate and takes it off its hinges.
  synchronized void openForGood() {
    openForGood = true;
    notifyAll();
  }

  /// Waits until the gate is open. The thread's interruption, which nobody here asks for, is kept.
  synchronized void pass() {
    boolean interrupted = false;
    while (closed && !openForGood) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
