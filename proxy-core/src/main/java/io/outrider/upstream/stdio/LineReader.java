package io.outrider.upstream.stdio;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Cuts a stream into lines of bounded length. Used by one thread.
final class LineReader {

  /// How much of an oversized line is shown: enough to see what it was to be.
  static final int HEAD = 256;

  /// What a pipe holds on Linux: one read takes all there is.
  private static final int CHUNK = 64 * 1024;

  private static final byte[] NOTHING = {};

  /// Takes the lines.
  interface Sink {
    void line(byte[] line);

    /// A line went over the bound; `head` is how it began.
    void oversized(byte[] head);
  }

  private final InputStream in;
  private final int max;
  private final int head;
  private final Sink sink;

  /// The beginning of a line whose end has not come yet.
  private byte[] partial = NOTHING;

  private int length;
  private boolean skipping;
  private volatile boolean reading;

  /// @param max the longest line, in bytes without line end
  /// @param head how many bytes of an oversized line the sink gets
  LineReader(InputStream in, int max, int head, Sink sink) {
    this.in = in;
    this.max = max;
    this.head = head;
    this.sink = sink;
  }

  /// Reads to the end of the stream. A last line without a line end counts; empty lines do not.
  void run() throws IOException {
    byte[] chunk = new byte[CHUNK];
    while (true) {
      reading = true;
      int n = in.read(chunk, 0, chunk.length);
      reading = false;
      if (n < 0) {
        break;
      }
      int from = 0;
      for (int i = 0; i < n; i++) {
        if (chunk[i] == '\n') {
          add(chunk, from, i);
          endLine();
          from = i + 1;
        }
      }
      add(chunk, from, n);
    }
    endLine();
  }

  /// Whether the thread waits for the other side, rather than being busy with what it said.
  boolean waitsForInput() {
    return reading;
  }

  private void add(byte[] chunk, int from, int to) {
    int more = to - from;
    if (skipping || more == 0) {
      return;
    }
    // One byte more than the bound may be the CR of a line end.
    if (length + more > max + 1L) {
      overflow(chunk, from, more);
      return;
    }
    if (length + more > partial.length) {
      int room = (int) Math.min(max + 1L, Math.max(length + more, partial.length * 2L));
      partial = Arrays.copyOf(partial, room);
    }
    System.arraycopy(chunk, from, partial, length, more);
    length += more;
  }

  private void overflow(byte[] chunk, int from, int more) {
    byte[] start = Arrays.copyOf(partial, Math.min(head, length + more));
    if (length < start.length) {
      System.arraycopy(chunk, from, start, length, start.length - length);
    }
    partial = NOTHING;
    length = 0;
    skipping = true;
    sink.oversized(start);
  }

  private void endLine() {
    if (skipping) {
      skipping = false;
      return;
    }
    if (length > 0 && partial[length - 1] == '\r') {
      length--;
    }
    if (length > max) {
      overflow(NOTHING, 0, 0);
      skipping = false;
      return;
    }
    if (length > 0) {
      byte[] line = Arrays.copyOf(partial, length);
      // What a long line needed is not kept for the short ones after it.
      partial = partial.length > CHUNK ? NOTHING : partial;
      length = 0;
      sink.line(line);
    }
  }
}
