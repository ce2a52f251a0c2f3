package io.outrider.review.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockTest {
  @Test
  void timesAreWhatTheJdkReads() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      Instant time =
          Instant.ofEpochSecond(
              random.nextLong(-62_167_219_200L, 253_402_300_800L), random.nextInt(1_000_000_000));
      // Always nine decimals, as in the log.
      String text = time.toString().substring(0, 19) + ".%09dZ".formatted(time.getNano());
      assertThat(Clock.millis(text)).as(text).isEqualTo(Instant.parse(text).toEpochMilli());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-20T12:00:00Z",
        "2026-11-20T24:00:00.000000000Z",
        "2024-02-29T23:59:59.999999999Z",
        "2026-11-20T12:00:00.123456789+01:00",
        "-2026-11-20T12:00:00.12345678Z"
      })
  void oddFormsToo(String text) {
    assertThat(Clock.millis(text)).isEqualTo(Instant.parse(text).toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-02-30T12:00:00.123456789Z",
        "2026-13-20T12:00:00.123456789Z",
        "2026-11-20 12:00:00.123456789Z",
        "2026-11-20T12:61:00.123456789Z",
        "2026-11-20T12:00:0a.123456789Z",
        ""
      })
  void whatIsNoTimeIsNone(String text) {
    assertThatThrownBy(() -> Clock.millis(text)).isInstanceOf(DateTimeException.class);
  }
}
