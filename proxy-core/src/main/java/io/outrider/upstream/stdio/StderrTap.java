package io.outrider.upstream.stdio;

import io.outrider.redaction.StreamRedactor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes a child's stderr on to the log: cleaned, without secrets, cut, and no faster than a log
/// can bear. In that order: a colour inside a secret, a line end inside a private key or a cut
/// through a token must not hide it. Thread-safe.
final class StderrTap {
  private static final Logger log = LoggerFactory.getLogger(StderrTap.class);

  /// Longer lines are cut. Log viewers do no better.
  static final int MAX_LINE = 4096;

  /// The stack trace of one failure passes whole...
  static final int BURST = 200;

  /// ...and a child that never stops talking fills no disk.
  static final int PER_SECOND = 20;

  /// How long the last words wait for more that could make them a secret. Lines that belong
  /// together are written at once.
  static final long PAUSE_MILLIS = 250;

  private static final long NANOS_PER_LINE = 1_000_000_000L / PER_SECOND;

  private final ChildListener listener;
  private final StreamRedactor secrets;
  private final LongSupplier nanoTime;
  private final Consumer<Runnable> afterPause;
  private final PlainText cleaner = new PlainText();
  private final StringBuilder line = new StringBuilder();

  /// Guards everything below and the order of lines: pauses end on threads of their own.
  private final ReentrantLock lock = new ReentrantLock();

  private boolean skipping;
  private boolean ended;
  private boolean atLineEnd;
  private long pieces;
  private boolean waiting;
  private long fullAt;
  private long dropped;

  /// @param secrets takes the secrets out
  /// @param afterPause runs something when [#PAUSE_MILLIS] have gone by
  StderrTap(
      ChildListener listener,
      StreamRedactor secrets,
      LongSupplier nanoTime,
      Consumer<Runnable> afterPause) {
    this.listener = listener;
    this.secrets = secrets;
    this.nanoTime = nanoTime;
    this.afterPause = afterPause;
    this.fullAt = nanoTime.getAsLong();
  }

  /// Takes what was read, however it was cut.
  void piece(byte[] bytes, int length) {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      pieces++;
      String text = cleaner.next(bytes, length);
      if (!text.isEmpty()) {
        atLineEnd = text.endsWith("\n");
        lines(searched(() -> secrets.feed(text)));
      }
      waitForMore();
    } finally {
      lock.unlock();
    }
  }

  /// Passes on what is left, and what was left out last. The stream has ended.
  void end() {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      ended = true;
      String rest = cleaner.end();
      lines(searched(() -> secrets.feed(rest)));
      lines(searched(secrets::finish));
      endLine();
      tellDropped();
    } finally {
      lock.unlock();
    }
  }

  private void waitForMore() {
    if (secrets.held() > 0 && atLineEnd && !waiting) {
      waiting = true;
      long seen = pieces;
      afterPause.accept(() -> pauseEnds(seen));
    }
  }

  private void pauseEnds(long seen) {
    lock.lock();
    try {
      waiting = false;
      if (ended) {
        return;
      }
      if (pieces == seen) {
        lines(searched(secrets::pause));
      } else {
        waitForMore();
      }
    } finally {
      lock.unlock();
    }
  }

  /// What could not be searched does not pass, and the server's output is read on: it would stand
  /// still otherwise.
  private String searched(Supplier<String> search) {
    try {
      return search.get();
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("a server's error output could not be searched for secrets");
      return "[left out: it could not be searched for secrets]\n";
    }
  }

  private void lines(String text) {
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      add(text, from, end);
      endLine();
      from = end + 1;
    }
    add(text, from, text.length());
  }

  private void add(String text, int from, int to) {
    if (skipping) {
      return;
    }
    int room = MAX_LINE - line.length();
    if (to - from <= room) {
      line.append(text, from, to);
      return;
    }
    line.append(text, from, from + room);
    pass(line + " [cut]");
    line.setLength(0);
    skipping = true;
  }

  private void endLine() {
    if (!skipping && !line.isEmpty()) {
      pass(line.toString());
    }
    skipping = false;
    line.setLength(0);
  }

  private void pass(String words) {
    long now = nanoTime.getAsLong();
    long from = fullAt - now > 0 ? fullAt : now;
    if (from - now > (BURST - 1) * NANOS_PER_LINE) {
      dropped++;
      return;
    }
    fullAt = from + NANOS_PER_LINE;
    tellDropped();
    listener.stderr(words);
  }

  private void tellDropped() {
    if (dropped > 0) {
      listener.stderrDropped(dropped);
      dropped = 0;
    }
  }
}
