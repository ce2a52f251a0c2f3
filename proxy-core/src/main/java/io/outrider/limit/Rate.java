package io.outrider.limit;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// So many calls per period, written `600/m`.
///
/// A token bucket that holds `count` tokens and fills evenly over `period`: a caller that was quiet
/// may make `count` calls at once and then one every `period / count`. Whoever stays within `count`
/// calls in every period is never refused; nobody makes more than twice `count` in any one period.
///
/// @param count calls, from 1 to one thousand million
/// @param period the time a full bucket takes to fill, from 1 ms to 366 days, and at least one
///   nanosecond for each call
public record Rate(long count, Duration period) {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,10})\\s*/\\s*(\\d{0,6})(ms|s|m|h|d)");
  private static final long MAX_COUNT = 1_000_000_000;
  private static final Duration MIN_PERIOD = Duration.ofMillis(1);

  /// A year: longer periods than this are a mistake in a unit, and nanoseconds must not overflow.
  private static final Duration MAX_PERIOD = Duration.ofDays(366);

  public Rate {
    if (count < 1 || count > MAX_COUNT) {
      throw new IllegalArgumentException(
          "rate count: " + count + " (expected: 1 to " + MAX_COUNT + ")");
    }
    if (period.compareTo(MIN_PERIOD) < 0 || period.compareTo(MAX_PERIOD) > 0) {
      throw new IllegalArgumentException(
          "rate period: " + period + " (expected: 1 ms to 366 days)");
    }
    if (period.toNanos() < count) {
      throw new IllegalArgumentException(
          "rate: " + count + " in " + period + " (expected: at most one call a nanosecond)");
    }
  }

  /// Reads `600/m`, `5/s`, `100/h`, `1000/d` or, with a number before the unit, `10/30s`.
  ///
  /// @throws IllegalArgumentException if the text is none of these
  public static Rate parse(String text) {
    Matcher m = TEXT.matcher(text.strip());
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "rate: \"" + text + "\" (expected: COUNT/UNIT such as 600/m; units ms, s, m, h, d)");
    }
    long units = m.group(2).isEmpty() ? 1 : Long.parseLong(m.group(2));
    Duration period =
        switch (m.group(3)) {
          case "ms" -> Duration.ofMillis(units);
          case "s" -> Duration.ofSeconds(units);
          case "m" -> Duration.ofMinutes(units);
          case "h" -> Duration.ofHours(units);
          default -> Duration.ofDays(units);
        };
    return new Rate(Long.parseLong(m.group(1)), period);
  }

  /// The time one token takes to come back, in nanoseconds: at least 1.
  long tokenNanos() {
    return period.toNanos() / count;
  }

  /// Whether this lets through less than `other` in the long run.
  boolean tighterThan(Rate other) {
    return tokenNanos() > other.tokenNanos();
  }

  /// The text that [#parse] reads, as far as there is one.
  @Override
  public String toString() {
    long millis = period.toMillis();
    if (!Duration.ofMillis(millis).equals(period)) {
      return count + "/" + period.toNanos() + "ns";
    }
    Object[][] units = {{86_400_000L, "d"}, {3_600_000L, "h"}, {60_000L, "m"}, {1000L, "s"}};
    for (Object[] unit : units) {
      long size = (Long) unit[0];
      if (millis % size == 0) {
        return count + "/" + (millis == size ? "" : Long.toString(millis / size)) + unit[1];
      }
    }
    return count + "/" + millis + "ms";
  }
}
