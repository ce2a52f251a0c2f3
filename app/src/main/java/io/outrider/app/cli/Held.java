package io.outrider.app.cli;

import io.outrider.app.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// A terminal whose output nobody sees until it is recorded that it was read. What is longer than
/// can be held is recorded when so much is there, with the fact `more`, and flows from then on.
///
/// Closing shows what is there, so that a command that fails half-way shows, and records, the half.
final class Held implements AutoCloseable {
  /// More than a screen, and little beside what reading a log takes.
  private static final int MOST = 4 << 20;

  private final Terminal terminal;
  private final PrintStream real;
  private final Consumer<Map<String, String>> record;
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
  private boolean shown;
  private long count;

  /// @param record records the facts it is given and its own, or throws; then nothing is shown
  Held(Terminal terminal, Consumer<Map<String, String>> record) {
    this.real = terminal.out();
    this.record = record;
    this.terminal =
        new Terminal(
            terminal.in(),
            new PrintStream(new Holding(), true, StandardCharsets.UTF_8),
            terminal.err(),
            terminal.environment(),
            terminal.folder(),
            terminal.interactive());
  }

  /// The terminal to print to.
  Terminal terminal() {
    return terminal;
  }

  /// Says how many records or calls were printed so far.
  void count(long given) {
    count = given;
  }

  /// Records that this is read and more will be; from now on what is printed is shown at once.
  void showAndGoOn() {
    if (!shown) {
      show(true);
    }
  }

  /// Records that this was read, also if it was nothing, and shows it.
  void end() {
    if (!shown) {
      show(false);
    }
  }

  @Override
  public void close() {
    if (waiting.size() > 0) {
      end();
    }
  }

  private void show(boolean more) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("count", Long.toString(count));
    if (more) {
      facts.put("more", "true");
    }
    byte[] held = waiting.toByteArray();
    // Whatever becomes of the record, it is not tried twice.
    waiting.reset();
    record.accept(facts);
    shown = true;
    real.write(held, 0, held.length);
    real.flush();
  }

  private final class Holding extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (shown) {
        real.write(bytes, from, length);
        if (real.checkError()) {
          throw new IOException("standard output is closed");
        }
        return;
      }
      waiting.write(bytes, from, length);
      if (waiting.size() > MOST) {
        show(true);
      }
    }

    @Override
    public void flush() {
      if (shown) {
        real.flush();
      }
    }
  }
}
