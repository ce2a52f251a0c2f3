package io.outrider.app.cli;

import io.outrider.app.terminal.Terminal;
import java.util.Locale;
import java.util.function.LongSupplier;

/// One line on standard error that says how far long work is, for a person who is watching; nothing
/// for anybody else, and nothing for work that is soon done. Not thread-safe.
final class ProgressLine implements AutoCloseable {
  /// Often enough to see that it goes on; writing to a terminal takes time from the work.
  private static final long PERIOD = 500_000_000L;

  private static final double SECOND = 1e9;
  private static final String CLEAR = "\r\u001b[K";

  private final Terminal terminal;
  private final String what;
  private final LongSupplier nanos;
  private final long began;
  private long shownAt;
  private boolean shown;

  /// @param what is being counted, such as `records checked`
  ProgressLine(Terminal terminal, String what, LongSupplier nanos) {
    this.terminal = terminal;
    this.what = what;
    this.nanos = nanos;
    this.began = nanos.getAsLong();
    this.shownAt = began;
  }

  /// Told as often as one likes.
  void at(long done, long total) {
    if (!terminal.interactive()) {
      return;
    }
    long now = nanos.getAsLong();
    if (now - shownAt < PERIOD) {
      return;
    }
    shownAt = now;
    shown = true;
    String line =
        String.format(
            Locale.ROOT,
            "%,d of %,d %s, %d %%, %,.0f a second",
            done,
            total,
            what,
            total == 0 ? 100 : (int) (100.0 * done / total),
            done * SECOND / (now - began));
    terminal.err().print(CLEAR + line);
    terminal.err().flush();
  }

  /// Takes the line away.
  @Override
  public void close() {
    if (shown) {
      terminal.err().print(CLEAR);
      terminal.err().flush();
    }
  }
}
