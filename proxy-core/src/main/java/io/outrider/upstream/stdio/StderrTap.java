package io.outrider.upstream.stdio;

import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/// Passes a child's stderr on to the log: cut, cleaned, and no faster than a log can bear. Used by
/// one thread.
final class StderrTap implements LineReader.Sink {

  /// Longer lines are cut. Log viewers do no better.
  static final int MAX_LINE = 4096;

  /// The stack trace of one failure passes whole...
  static final int BURST = 200;

  /// ...and a child that never stops talking fills no disk.
  static final int PER_SECOND = 20;

  private static final long NANOS_PER_LINE = 1_000_000_000L / PER_SECOND;

  private final ChildListener listener;
  private final LongSupplier nanoTime;
  private long fullAt;
  private long dropped;

  StderrTap(ChildListener listener, LongSupplier nanoTime) {
    this.listener = listener;
    this.nanoTime = nanoTime;
    this.fullAt = nanoTime.getAsLong();
  }

  @Override
  public void line(byte[] line) {
    pass(line, "");
  }

  @Override
  public void oversized(byte[] head) {
    pass(head, " [cut]");
  }

  /// Reports what was left out last. The stream has ended.
  void end() {
    if (dropped > 0) {
      listener.stderrDropped(dropped);
      dropped = 0;
    }
  }

  private void pass(byte[] line, String ending) {
    long now = nanoTime.getAsLong();
    long from = fullAt - now > 0 ? fullAt : now;
    if (from - now > (BURST - 1) * NANOS_PER_LINE) {
      dropped++;
      return;
    }
    fullAt = from + NANOS_PER_LINE;
    end();
    listener.stderr(clean(new String(line, StandardCharsets.UTF_8)) + ending);
  }

  /// The text without terminal colours, and with a mark in place of every other character that
  /// would move a cursor, begin a line or turn the direction of writing.
  static String clean(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\u001b' && i + 1 < text.length() && text.charAt(i + 1) == '[') {
        i = endOfControlSequence(text, i + 2);
      } else {
        out.append(c == '\t' || !unfit(c) ? c : '\ufffd');
      }
    }
    return out.toString();
  }

  /// ECMA-48: parameters, then one final byte from '@' to '~'.
  private static int endOfControlSequence(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) >= ' ' && text.charAt(i) <= '?') {
      i++;
    }
    return Math.min(i, text.length() - 1);
  }

  private static boolean unfit(char c) {
    return Character.isISOControl(c)
        || c == '\u2028'
        || c == '\u2029'
        || (c >= '\u200b' && c <= '\u200f')
        || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069')
        || c == '\ufeff';
  }
}
