package io.outrider.policy.builtin;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// A layout in the manner of Go's `time` package, which shows how `Mon Jan 2 15:04:05 MST 2006` is
/// to be written. Formats and parses; immutable.
final class GoLayout {
  private static final Map<String, String> NAMED =
      Map.of(
          "ANSIC", "Mon Jan _2 15:04:05 2006",
          "UnixDate", "Mon Jan _2 15:04:05 MST 2006",
          "RubyDate", "Mon Jan 02 15:04:05 -0700 2006",
          "RFC822", "02 Jan 06 15:04 MST",
          "RFC822Z", "02 Jan 06 15:04 -0700",
          "RFC850", "Monday, 02-Jan-06 15:04:05 MST",
          "RFC1123", "Mon, 02 Jan 2006 15:04:05 MST",
          "RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700",
          "RFC3339", "2006-01-02T15:04:05Z07:00",
          "RFC3339Nano", "2006-01-02T15:04:05.999999999Z07:00");

  /// The pieces a layout can have, longest first where one begins with another.
  enum Field {
    LITERAL(""),
    LONG_MONTH("January"),
    SHORT_MONTH("Jan"),
    LONG_WEEKDAY("Monday"),
    SHORT_WEEKDAY("Mon"),
    ZONE_NAME("MST"),
    PM("PM"),
    LOWER_PM("pm"),
    YEAR("2006"),
    YEAR_DAY("002"),
    SPACE_YEAR_DAY("__2"),
    ZERO_MONTH("01"),
    ZERO_DAY("02"),
    ZERO_HOUR12("03"),
    ZERO_MINUTE("04"),
    ZERO_SECOND("05"),
    SHORT_YEAR("06"),
    HOUR("15"),
    MONTH("1"),
    SPACE_DAY("_2"),
    DAY("2"),
    HOUR12("3"),
    MINUTE("4"),
    SECOND("5"),
    ISO_COLON_SECONDS("Z07:00:00"),
    ISO_SECONDS("Z070000"),
    ISO_COLON("Z07:00"),
    ISO("Z0700"),
    ISO_SHORT("Z07"),
    OFFSET_COLON_SECONDS("-07:00:00"),
    OFFSET_SECONDS("-070000"),
    OFFSET_COLON("-07:00"),
    OFFSET("-0700"),
    OFFSET_SHORT("-07"),
    FRACTION("");

    private final String text;

    Field(String text) {
      this.text = text;
    }
  }

  /// One piece of a layout. A fraction's text is a point or comma and as many 0 or 9 as it has
  /// digits.
  private record Piece(Field field, String text) {}

  private final String layout;
  private final List<Piece> pieces;

  private GoLayout(String layout, List<Piece> pieces) {
    this.layout = layout;
    this.pieces = pieces;
  }

  /// The layout of a name such as `RFC3339`, or else the one the text itself spells.
  static GoLayout of(String nameOrLayout) {
    String layout = NAMED.getOrDefault(nameOrLayout, nameOrLayout);
    return new GoLayout(layout, List.copyOf(split(layout)));
  }

  private static List<Piece> split(String layout) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < layout.length()) {
      Piece piece = pieceAt(layout, at);
      if (piece == null) {
        literal.append(layout.charAt(at++));
        continue;
      }
      if (!literal.isEmpty()) {
        pieces.add(new Piece(Field.LITERAL, literal.toString()));
        literal.setLength(0);
      }
      pieces.add(piece);
      at += piece.text.length();
    }
    if (!literal.isEmpty()) {
      pieces.add(new Piece(Field.LITERAL, literal.toString()));
    }
    return pieces;
  }

  private static @Nullable Piece pieceAt(String layout, int at) {
    char c = layout.charAt(at);
    if (c == '.' || c == ',') {
      int digits = fractionDigits(layout, at + 1);
      return digits == 0 ? null : new Piece(Field.FRACTION, layout.substring(at, at + 1 + digits));
    }
    // "_2006" is an underscore and a year.
    if (layout.startsWith("_2006", at)) {
      return null;
    }
    for (Field field : Field.values()) {
      if (field.text.isEmpty() || !layout.startsWith(field.text, at)) {
        continue;
      }
      if (field == Field.SHORT_MONTH && isLowerAt(layout, at + 3)) {
        continue;
      }
      if (field == Field.SHORT_WEEKDAY && isLowerAt(layout, at + 3)) {
        continue;
      }
      return new Piece(field, field.text);
    }
    return null;
  }

  private static boolean isLowerAt(String text, int at) {
    return at < text.length() && text.charAt(at) >= 'a' && text.charAt(at) <= 'z';
  }

  /// The length of a run of equal digits 0 or 9 that no other digit follows.
  private static int fractionDigits(String layout, int from) {
    if (from >= layout.length() || (layout.charAt(from) != '0' && layout.charAt(from) != '9')) {
      return 0;
    }
    int at = from;
    while (at < layout.length() && layout.charAt(at) == layout.charAt(from)) {
      at++;
    }
    return at < layout.length() && Character.isDigit(layout.charAt(at)) ? 0 : at - from;
  }

  String format(ZonedDateTime at) {
    StringBuilder out = new StringBuilder();
    for (Piece piece : pieces) {
      format(piece, at, out);
    }
    return out.toString();
  }

  private static void format(Piece piece, ZonedDateTime at, StringBuilder out) {
    int hour12 = at.getHour() % 12 == 0 ? 12 : at.getHour() % 12;
    switch (piece.field) {
      case LITERAL -> out.append(piece.text);
      case LONG_MONTH -> out.append(at.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
      case SHORT_MONTH ->
          out.append(at.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH), 0, 3);
      case LONG_WEEKDAY ->
          out.append(at.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
      case SHORT_WEEKDAY ->
          out.append(at.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH), 0, 3);
      case ZONE_NAME -> out.append(zoneName(at));
      case PM -> out.append(at.getHour() >= 12 ? "PM" : "AM");
      case LOWER_PM -> out.append(at.getHour() >= 12 ? "pm" : "am");
      case YEAR -> padded(out, at.getYear(), 4, '0');
      case SHORT_YEAR -> padded(out, Math.floorMod(at.getYear(), 100), 2, '0');
      case YEAR_DAY -> padded(out, at.getDayOfYear(), 3, '0');
      case SPACE_YEAR_DAY -> padded(out, at.getDayOfYear(), 3, ' ');
      case ZERO_MONTH -> padded(out, at.getMonthValue(), 2, '0');
      case MONTH -> out.append(at.getMonthValue());
      case ZERO_DAY -> padded(out, at.getDayOfMonth(), 2, '0');
      case SPACE_DAY -> padded(out, at.getDayOfMonth(), 2, ' ');
      case DAY -> out.append(at.getDayOfMonth());
      case HOUR -> padded(out, at.getHour(), 2, '0');
      case ZERO_HOUR12 -> padded(out, hour12, 2, '0');
      case HOUR12 -> out.append(hour12);
      case ZERO_MINUTE -> padded(out, at.getMinute(), 2, '0');
      case MINUTE -> out.append(at.getMinute());
      case ZERO_SECOND -> padded(out, at.getSecond(), 2, '0');
      case SECOND -> out.append(at.getSecond());
      case FRACTION -> fraction(piece.text, at.getNano(), out);
      case ISO_COLON_SECONDS,
          ISO_SECONDS,
          ISO_COLON,
          ISO,
          ISO_SHORT,
          OFFSET_COLON_SECONDS,
          OFFSET_SECONDS,
          OFFSET_COLON,
          OFFSET,
          OFFSET_SHORT ->
          offset(piece.text, at.getOffset().getTotalSeconds(), out);
    }
  }

  private static String zoneName(ZonedDateTime at) {
    if (at.getZone().equals(ZoneOffset.UTC)) {
      return "UTC";
    }
    return DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH).format(at);
  }

  private static void padded(StringBuilder out, int value, int width, char fill) {
    String digits = Integer.toString(Math.abs(value));
    if (value < 0) {
      out.append('-');
    }
    out.repeat(fill, Math.max(0, width - digits.length())).append(digits);
  }

  private static void fraction(String text, int nanos, StringBuilder out) {
    int digits = Math.min(text.length() - 1, 9);
    String all = "%09d".formatted(nanos).substring(0, digits);
    if (text.charAt(1) == '9') {
      all = all.replaceFirst("0+$", "");
      if (all.isEmpty()) {
        return;
      }
    }
    out.append(text.charAt(0)).append(all);
  }

  private static void offset(String text, int seconds, StringBuilder out) {
    if (text.startsWith("Z") && seconds == 0) {
      out.append('Z');
      return;
    }
    boolean colon = text.indexOf(':') > 0;
    int parts = offsetParts(text);
    int magnitude = Math.abs(seconds);
    out.append(seconds < 0 ? '-' : '+');
    padded(out, magnitude / 3600, 2, '0');
    if (parts > 1) {
      padded(colon ? out.append(':') : out, magnitude / 60 % 60, 2, '0');
    }
    if (parts > 2) {
      padded(colon ? out.append(':') : out, magnitude % 60, 2, '0');
    }
  }

  /// How many of hours, minutes and seconds an offset shows.
  private static int offsetParts(String text) {
    return (int) text.chars().filter(Character::isDigit).count() / 2;
  }

  /// The moment the value stands for; a value without zone is UTC. Throws [BuiltinException] with
  /// Go's message.
  Instant parse(String value) {
    Reading reading = new Reading(value);
    for (int i = 0; i < pieces.size(); i++) {
      Field next = i + 1 < pieces.size() ? pieces.get(i + 1).field : Field.LITERAL;
      reading.read(pieces.get(i), next);
    }
    return reading.finish();
  }

  /// One value while it is read, piece by piece.
  private final class Reading {
    private final String value;
    private int at;
    private int year;
    private int month = -1;
    private int day = -1;
    private int yearDay = -1;
    private int hour;
    private int minute;
    private int second;
    private int nanos;
    private boolean isPm;
    private boolean hasPm;
    private int offsetSeconds;

    Reading(String value) {
      this.value = value;
    }

    void read(Piece piece, Field next) {
      switch (piece.field) {
        case LITERAL -> literal(piece.text);
        case LONG_MONTH -> month = name(piece, Reading::monthName, 12) + 1;
        case SHORT_MONTH -> month = name(piece, i -> monthName(i).substring(0, 3), 12) + 1;
        case LONG_WEEKDAY -> name(piece, Reading::dayName, 7);
        case SHORT_WEEKDAY -> name(piece, i -> dayName(i).substring(0, 3), 7);
        case ZONE_NAME -> zoneAbbreviation(piece);
        case PM -> half(piece, "AM", "PM");
        case LOWER_PM -> half(piece, "am", "pm");
        case YEAR -> year = digits(piece, 4, 4);
        case SHORT_YEAR -> {
          int two = digits(piece, 2, 2);
          year = two >= 69 ? 1900 + two : 2000 + two;
        }
        case YEAR_DAY -> yearDay = digits(piece, 3, 3);
        case SPACE_YEAR_DAY -> {
          skipSpaces(2);
          yearDay = digits(piece, 1, 3);
        }
        case ZERO_MONTH -> month = inRange(digits(piece, 2, 2), 1, 12, "month");
        case MONTH -> month = inRange(digits(piece, 1, 2), 1, 12, "month");
        case ZERO_DAY -> day = digits(piece, 2, 2);
        case SPACE_DAY -> {
          skipSpaces(1);
          day = digits(piece, 1, 2);
        }
        case DAY -> day = digits(piece, 1, 2);
        case HOUR -> hour = inRange(digits(piece, 1, 2), 0, 23, "hour");
        case ZERO_HOUR12 -> hour = inRange(digits(piece, 2, 2), 0, 12, "hour");
        case HOUR12 -> hour = inRange(digits(piece, 1, 2), 0, 12, "hour");
        case ZERO_MINUTE -> minute = inRange(digits(piece, 2, 2), 0, 59, "minute");
        case MINUTE -> minute = inRange(digits(piece, 1, 2), 0, 59, "minute");
        case ZERO_SECOND -> seconds(piece, 2, next);
        case SECOND -> seconds(piece, 1, next);
        case FRACTION -> fractionOf(piece);
        case ISO_COLON_SECONDS,
            ISO_SECONDS,
            ISO_COLON,
            ISO,
            ISO_SHORT,
            OFFSET_COLON_SECONDS,
            OFFSET_SECONDS,
            OFFSET_COLON,
            OFFSET,
            OFFSET_SHORT ->
            offsetSeconds = offsetOf(piece);
      }
    }

    private void literal(String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        // A space in the layout stands for any number of spaces.
        if (c == ' ') {
          if (at < value.length() && value.charAt(at) != ' ') {
            throw cannotParse(text.substring(i));
          }
          skipSpaces(Integer.MAX_VALUE);
          continue;
        }
        if (at >= value.length() || value.charAt(at) != c) {
          throw cannotParse(text.substring(i));
        }
        at++;
      }
    }

    private void skipSpaces(int most) {
      for (int i = 0; i < most && at < value.length() && value.charAt(at) == ' '; i++) {
        at++;
      }
    }

    private int name(Piece piece, IntFunction<String> names, int count) {
      for (int i = 0; i < count; i++) {
        String name = names.apply(i);
        if (value.regionMatches(true, at, name, 0, name.length())) {
          at += name.length();
          return i;
        }
      }
      throw cannotParse(piece.text);
    }

    private static String monthName(int index) {
      return Month.of(index + 1).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    private static String dayName(int index) {
      return DayOfWeek.of(index + 1).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    private void half(Piece piece, String am, String pm) {
      if (!value.startsWith(am, at) && !value.startsWith(pm, at)) {
        throw cannotParse(piece.text);
      }
      isPm = value.startsWith(pm, at);
      hasPm = true;
      at += 2;
    }

    private int digits(Piece piece, int least, int most) {
      int start = at;
      while (at < value.length() && at - start < most && isDigit(value.charAt(at))) {
        at++;
      }
      if (at - start < least) {
        at = start;
        throw cannotParse(piece.text);
      }
      return Integer.parseInt(value.substring(start, at));
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }

    private int inRange(int number, int low, int high, String what) {
      if (number < low || number > high) {
        throw outOfRange(what);
      }
      return number;
    }

    /// Seconds may carry a fraction even where the layout shows none.
    private void seconds(Piece piece, int least, Field next) {
      second = inRange(digits(piece, least, 2), 0, 59, "second");
      boolean hasFraction =
          at + 1 < value.length()
              && (value.charAt(at) == '.' || value.charAt(at) == ',')
              && isDigit(value.charAt(at + 1));
      if (hasFraction && next != Field.FRACTION) {
        readFraction();
      }
    }

    private void fractionOf(Piece piece) {
      boolean present = at < value.length() && (value.charAt(at) == '.' || value.charAt(at) == ',');
      boolean optional = piece.text.charAt(1) == '9';
      if (!present && optional) {
        return;
      }
      int start = at;
      if (!present || at + 1 >= value.length() || !isDigit(value.charAt(at + 1))) {
        throw cannotParse(piece.text);
      }
      readFraction();
      if (!optional && at - start != piece.text.length()) {
        at = start;
        throw cannotParse(piece.text);
      }
    }

    private void readFraction() {
      int start = ++at;
      while (at < value.length() && isDigit(value.charAt(at))) {
        at++;
      }
      String digits = value.substring(start, Math.min(at, start + 9));
      nanos = Integer.parseInt((digits + "000000000").substring(0, 9));
    }

    private int offsetOf(Piece piece) {
      if (piece.text.startsWith("Z") && value.startsWith("Z", at)) {
        at++;
        return 0;
      }
      boolean colon = piece.text.indexOf(':') > 0;
      int parts = offsetParts(piece.text);
      if (at >= value.length() || (value.charAt(at) != '+' && value.charAt(at) != '-')) {
        throw cannotParse(piece.text);
      }
      int sign = value.charAt(at++) == '-' ? -1 : 1;
      int seconds = inRange(digits(piece, 2, 2), 0, 24, "time zone offset hour") * 3600;
      for (int i = 1; i < parts; i++) {
        if (colon) {
          if (!value.startsWith(":", at)) {
            throw cannotParse(piece.text);
          }
          at++;
        }
        int part = inRange(digits(piece, 2, 2), 0, 60, "time zone offset minute");
        seconds += i == 1 ? part * 60 : part;
      }
      return sign * seconds;
    }

    /// Abbreviations are not unique; like Go outside the zone itself, all count as UTC, `GMT+3`
    /// included.
    private void zoneAbbreviation(Piece piece) {
      int start = at;
      while (at < value.length()
          && at - start < 5
          && value.charAt(at) >= 'A'
          && value.charAt(at) <= 'Z') {
        at++;
      }
      int length = at - start;
      if (length < 3) {
        at = start;
        throw cannotParse(piece.text);
      }
      if (value.startsWith("GMT", start)
          && length == 3
          && at < value.length()
          && (value.charAt(at) == '+' || value.charAt(at) == '-')) {
        at++;
        digits(piece, 1, 2);
      }
    }

    Instant finish() {
      if (at < value.length()) {
        throw Args.error(
            "parsing time %s: extra text: %s"
                .formatted(quoted(value), quoted(value.substring(at))));
      }
      if (hasPm) {
        hour = isPm ? (hour < 12 ? hour + 12 : hour) : (hour == 12 ? 0 : hour);
      }
      try {
        LocalDate date =
            yearDay >= 0
                ? LocalDate.ofYearDay(year, yearDay)
                : LocalDate.of(year, month < 0 ? 1 : month, day < 0 ? 1 : day);
        return LocalDateTime.of(date, LocalTime.of(hour, minute, second, nanos))
            .toInstant(ZoneOffset.UTC)
            .minusSeconds(offsetSeconds);
      } catch (DateTimeException e) {
        throw outOfRange(yearDay >= 0 ? "day-of-year" : "day");
      }
    }

    private BuiltinException cannotParse(String piece) {
      return Args.error(
          "parsing time %s as %s: cannot parse %s as %s"
              .formatted(
                  quoted(value), quoted(layout), quoted(value.substring(at)), quoted(piece)));
    }

    private BuiltinException outOfRange(String what) {
      return Args.error("parsing time %s: %s out of range".formatted(quoted(value), what));
    }

    private static String quoted(String text) {
      return GoQuote.string(text, false);
    }
  }
}
