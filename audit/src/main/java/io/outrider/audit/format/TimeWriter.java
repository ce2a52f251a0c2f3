package io.outrider.audit.format;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/// RFC 3339 in UTC with nine decimals, in quotes. Remembers the last second, since records come in
/// bunches. Not thread-safe.
final class TimeWriter {
  /// Leaves hold years 0000 to 9999 only: a fixed width, and text order is time order.
  private static final long MIN_SECOND =
      LocalDateTime.of(0, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);

  private static final long MAX_SECOND =
      LocalDateTime.of(9999, 12, 31, 23, 59, 59).toEpochSecond(ZoneOffset.UTC);

  private final byte[] quoted =
      "\"0000-00-00T00:00:00.000000000Z\"".getBytes(StandardCharsets.US_ASCII);
  private long second = Long.MIN_VALUE;

  /// The quoted time; valid until the next call.
  byte[] format(Instant instant) {
    long s = Math.clamp(instant.getEpochSecond(), MIN_SECOND, MAX_SECOND);
    if (s != second) {
      LocalDateTime t = LocalDateTime.ofEpochSecond(s, 0, ZoneOffset.UTC);
      digits(1, 4, t.getYear());
      digits(6, 2, t.getMonthValue());
      digits(9, 2, t.getDayOfMonth());
      digits(12, 2, t.getHour());
      digits(15, 2, t.getMinute());
      digits(18, 2, t.getSecond());
      second = s;
    }
    digits(21, 9, instant.getNano());
    return quoted;
  }

  private void digits(int at, int count, int value) {
    for (int i = at + count - 1; i >= at; i--) {
      quoted[i] = (byte) ('0' + value % 10);
      value /= 10;
    }
  }
}
