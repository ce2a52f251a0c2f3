package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.app.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private long now;

  private Terminal terminal(boolean watched) {
    return new Terminal(
        InputStream.nullInputStream(),
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Map.of(),
        Path.of(""),
        watched);
  }

  @Test
  void longWorkIsShownTwiceASecondAndClearedAtItsEnd() {
    try (ProgressLine line = new ProgressLine(terminal(true), "records checked", () -> now)) {
      for (int i = 1; i <= 100; i++) {
        now += 10_000_000L;
        line.at(i * 1_000L, 400_000);
      }
    }
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "\r\u001b[K50,000 of 400,000 records checked, 12 %, 100,000 a second"
                + "\r\u001b[K100,000 of 400,000 records checked, 25 %, 100,000 a second"
                + "\r\u001b[K");
  }

  @Test
  void shortWorkAndWorkThatNobodyWatchesShowNothing() {
    try (ProgressLine line = new ProgressLine(terminal(true), "records checked", () -> now)) {
      now += 400_000_000L;
      line.at(1_000, 1_000);
    }
    try (ProgressLine line = new ProgressLine(terminal(false), "records checked", () -> now)) {
      now += 5_000_000_000L;
      line.at(1_000, 2_000);
    }
    assertThat(err.size()).isZero();
  }
}
