package io.outrider.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.AtomicLong;

/// The limit of any log with group commit: callers that each wait for their record, and one thread
/// that hashes what waits, writes it in one piece into a file of zeros and flushes. No encoding, no
/// tree, no tiles. A caller's next record is there as soon as its last one is durable.
final class FlushLoop implements Closeable {
  private static final int FILE_BYTES = 64 << 20;

  private final FileChannel channel;
  private final ByteBuffer bytes;
  private final byte[] record;
  private final int callers;
  private final AtomicLong done = new AtomicLong();
  private final Thread thread;
  private volatile boolean ended;

  FlushLoop(Path file, int callers, int recordBytes) throws IOException {
    this.callers = callers;
    this.record = new byte[recordBytes];
    this.bytes = ByteBuffer.allocateDirect(callers * recordBytes);
    this.channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    fill(channel, FILE_BYTES);
    this.thread = Thread.ofPlatform().name("flush-loop").start(this::run);
  }

  /// Prepares a file as the journal prepares its own, in pieces that Linux caches as such: large
  /// ones would make each small write and each flush dearer.
  static void fill(FileChannel channel, int size) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 16);
    for (long at = 0; at < size; at += zeros.capacity()) {
      channel.write(zeros.clear(), at);
    }
    channel.force(true);
  }

  private void run() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      long at = 0;
      while (!ended) {
        bytes.clear();
        for (int i = 0; i < callers; i++) {
          sha.update(record);
          sha.digest();
          bytes.put(record);
        }
        if (at + bytes.capacity() > FILE_BYTES) {
          at = 0;
        }
        channel.write(bytes.flip(), at);
        channel.force(false);
        at += bytes.capacity();
        done.addAndGet(callers);
      }
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  long done() {
    return done.get();
  }

  @Override
  public void close() throws IOException {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    channel.close();
  }
}
