package io.outrider.audit.verify;

import io.outrider.audit.format.TilePath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The bundles of a log, checked one by one on several threads and handed out in their order. A few
/// are checked ahead and no more, so what is in memory does not grow with the log. For one thread
/// to take from.
final class BundleLine implements AutoCloseable {
  /// Bundles under way for each thread: enough that none waits while the taker is busy with one.
  private static final int AHEAD = 4;

  private final LogFiles files;
  private final long size;
  private final long seed;
  private final int window;
  private final @Nullable ExecutorService threads;
  private final Deque<Future<CheckedBundle>> underWay = new ArrayDeque<>();
  private final ConcurrentLinkedDeque<BundleChecker> idle = new ConcurrentLinkedDeque<>();
  private long submitted;
  private long taken;

  /// @param size records in the tree
  /// @param threadCount 1 checks on the thread that takes
  BundleLine(LogFiles files, long size, int threadCount, long seed) {
    this.files = files;
    this.size = size;
    this.seed = seed;
    this.window = AHEAD * threadCount;
    this.threads =
        threadCount == 1 || count() == 1
            ? null
            : Executors.newFixedThreadPool(
                threadCount, Thread.ofPlatform().daemon().name("outrider-verify-", 1).factory());
  }

  private long count() {
    return Math.ceilDiv(size, TilePath.WIDTH);
  }

  boolean hasNext() {
    return taken < count();
  }

  /// The next bundle, when it was checked.
  ///
  /// @throws IOException if it could not be read
  CheckedBundle next() throws IOException {
    if (threads == null) {
      return check(taken++);
    }
    while (submitted < count() && underWay.size() < window) {
      long bundle = submitted++;
      underWay.addLast(threads.submit(() -> check(bundle)));
    }
    taken++;
    return result(underWay.removeFirst());
  }

  private CheckedBundle check(long bundle) throws IOException {
    BundleChecker free = idle.poll();
    BundleChecker checker = free == null ? new BundleChecker(files, seed) : free;
    CheckedBundle checked = checker.check(bundle, TilePath.width(0, bundle, size));
    idle.push(checker);
    return checked;
  }

  private static CheckedBundle result(Future<CheckedBundle> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    if (threads != null) {
      threads.shutdownNow();
    }
  }
}
