package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.zone.ZoneRulesProvider;
import java.util.Locale;
import java.util.Map;

/// The `time.*` functions. Time is counted in nanoseconds since 1970, which a 64-bit integer holds
/// from 1677 to 2262. The zone `Local` is UTC here: a decision must not change with the machine it
/// is made on.
final class Times {
  private static final BigInteger BILLION = BigInteger.valueOf(1_000_000_000);

  /// Names that the zone database has and the JDK leaves out.
  private static final Map<String, String> OLD_ZONES =
      Map.of("EST", "America/Panama", "MST", "America/Phoenix", "HST", "Pacific/Honolulu");

  private Times() {}

  static void register(Registry r) {
    r.any("time.now_ns", (cx, a) -> RegoNumber.of(cx.timeNanos()));
    r.one("time.parse_rfc3339_ns", a -> nanos(GoLayout.of("RFC3339").parse(Args.string(a, 1))));
    r.any("time.parse_ns", Times::parse);
    r.one("time.parse_duration_ns", a -> RegoNumber.of(GoDuration.parse(Args.string(a, 1))));
    r.any("time.format", Times::format);
    r.one("time.date", a -> date(Moment.of(a).at));
    r.one("time.clock", a -> clock(Moment.of(a).at));
    r.one("time.weekday", a -> weekday(Moment.of(a).at));
    r.any("time.add_date", (cx, a) -> addDate(a));
    r.two("time.diff", (a, b) -> difference(Moment.of(a).at, Moment.of(b).at));
  }

  /// A moment in a zone, with the layout it is to be shown in.
  private record Moment(ZonedDateTime at, String layout) {
    /// Reads a number, or an array of number, zone and layout.
    static Moment of(RegoValue value) {
      if (value instanceof RegoNumber n) {
        return new Moment(instant(n).atZone(ZoneOffset.UTC), "");
      }
      if (!(value instanceof RegoArray array) || array.isEmpty()) {
        throw Args.wrongType(value, 1, "either number (ns) or [number (ns), string (tz)]");
      }
      Instant instant = instant(Args.number(array.get(0), 1));
      ZoneId zone = array.size() > 1 ? zone(Args.string(array.get(1), 1)) : ZoneOffset.UTC;
      String layout = array.size() > 2 ? Args.string(array.get(2), 1) : "";
      return new Moment(instant.atZone(zone), layout);
    }

    private static Instant instant(RegoNumber n) {
      if (!n.isLong()) {
        throw Args.error("timestamp too big");
      }
      return Instant.ofEpochSecond(0, n.asLong());
    }

    private static ZoneId zone(String name) {
      if (name.isEmpty() || name.equals("UTC") || name.equals("Local")) {
        return ZoneOffset.UTC;
      }
      String alias = OLD_ZONES.get(name);
      if (alias != null) {
        return ZoneId.of(alias);
      }
      // ZoneId.of would also take offsets and prefixes that are no zone names.
      if (!ZoneRulesProvider.getAvailableZoneIds().contains(name)) {
        throw Args.error("unknown time zone " + name);
      }
      return ZoneId.of(name);
    }
  }

  private static RegoValue parse(BuiltinContext cx, RegoValue[] a) {
    String layout = Args.string(a[0], 1);
    String value = Args.string(a[1], 2);
    return nanos(compiled(cx, layout).parse(value));
  }

  private record LayoutKey(String layout) {}

  private static GoLayout compiled(BuiltinContext cx, String layout) {
    return cx.patterns().get(new LayoutKey(layout), k -> GoLayout.of(k.layout()));
  }

  private static RegoNumber nanos(Instant instant) {
    BigInteger nanos =
        BigInteger.valueOf(instant.getEpochSecond())
            .multiply(BILLION)
            .add(BigInteger.valueOf(instant.getNano()));
    if (nanos.bitLength() >= Long.SIZE) {
      throw Args.error("time outside of valid range");
    }
    return RegoNumber.of(nanos.longValue());
  }

  private static RegoValue format(BuiltinContext cx, RegoValue[] a) {
    Moment moment = Moment.of(a[0]);
    String layout = moment.layout.isEmpty() ? "RFC3339Nano" : moment.layout;
    return RegoString.of(compiled(cx, layout).format(moment.at));
  }

  private static RegoValue date(ZonedDateTime at) {
    return numbers(at.getYear(), at.getMonthValue(), at.getDayOfMonth());
  }

  private static RegoValue clock(ZonedDateTime at) {
    return numbers(at.getHour(), at.getMinute(), at.getSecond());
  }

  private static RegoValue weekday(ZonedDateTime at) {
    return RegoString.of(at.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
  }

  private static RegoArray numbers(long... values) {
    RegoArray.Builder array = RegoArray.builder();
    for (long value : values) {
      array.add(RegoNumber.of(value));
    }
    return array.build();
  }

  // February 30 is March 2 (or 1): Go counts days on from the first of the month, java.time would
  // stop at its last day.
  private static RegoValue addDate(RegoValue[] a) {
    ZonedDateTime at = Moment.of(a[0]).at;
    long years = Args.integer(a[1], 2);
    long months = Args.integer(a[2], 3);
    long days = Args.integer(a[3], 4);
    try {
      LocalDate date =
          at.toLocalDate()
              .withDayOfMonth(1)
              .plusYears(years)
              .plusMonths(months)
              .plusDays(at.getDayOfMonth() - 1L)
              .plusDays(days);
      return nanos(date.atTime(at.toLocalTime()).atZone(at.getZone()).toInstant());
    } catch (DateTimeException | ArithmeticException e) {
      throw Args.error("time outside of valid range");
    }
  }

  private static RegoValue difference(ZonedDateTime a, ZonedDateTime b) {
    ZonedDateTime other = b.withZoneSameInstant(a.getZone());
    boolean swapped = a.isAfter(other);
    ZonedDateTime from = swapped ? other : a;
    ZonedDateTime to = swapped ? a : other;
    Duration clock = Duration.between(wholeSeconds(from), wholeSeconds(to));
    LocalDate last = to.toLocalDate();
    if (clock.isNegative()) {
      clock = clock.plusDays(1);
      last = last.minusDays(1);
    }
    int[] date =
        dateDifference(from.toLocalDate(), to.toLocalDate(), !last.equals(to.toLocalDate()));
    return numbers(
        date[0], date[1], date[2], clock.toHours(), clock.toMinutesPart(), clock.toSecondsPart());
  }

  private static LocalTime wholeSeconds(ZonedDateTime at) {
    return at.toLocalTime().withNano(0);
  }

  /// Years, months and days as on a calendar; a day borrowed from a month has that of the first
  /// date's month.
  private static int[] dateDifference(LocalDate from, LocalDate to, boolean borrowDay) {
    int years = to.getYear() - from.getYear();
    int months = to.getMonthValue() - from.getMonthValue();
    int days = to.getDayOfMonth() - from.getDayOfMonth() - (borrowDay ? 1 : 0);
    if (days < 0) {
      days += from.lengthOfMonth();
      months--;
    }
    if (months < 0) {
      months += 12;
      years--;
    }
    return new int[] {years, months, days};
  }
}
