package io.outrider.review.query;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads the query language: terms with space between, `field:value`, `field:a,b` for either,
/// `"quoted"` text, `*` for any text, `-` before a term to turn it round, and free words.
final class QueryParser {
  private static final Pattern RELATIVE = Pattern.compile("-(\\d{1,6})(s|m|h|d|w)");
  private static final Pattern NUMBER =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?)(us|ms|s|m|h|kb|mb|gb)?");
  private static final Pattern RANGE = Pattern.compile("(\\d{1,18})(?:\\.\\.(\\d{1,18})?)?");

  private final String query;
  private final Instant now;
  private int at;

  QueryParser(String query, Instant now) {
    this.query = query;
    this.now = now;
  }

  /// A value as it stood in the query.
  private record Value(String text, int at) {}

  List<Term> terms() throws QueryException {
    List<Term> terms = new ArrayList<>();
    for (skipSpace(); at < query.length(); skipSpace()) {
      terms.add(term());
    }
    return terms;
  }

  private Term term() throws QueryException {
    boolean negated = query.charAt(at) == '-';
    if (negated) {
      at++;
    }
    int begin = at;
    if (at == query.length() || Character.isWhitespace(query.charAt(at))) {
      throw wrong(begin, "'-' with nothing behind it (expected: a term to turn round)");
    }
    int end = at;
    while (end < query.length() && Character.isLetter(query.charAt(end))) {
      end++;
    }
    boolean named = end > at && end < query.length() && query.charAt(end) == ':';
    if (!named) {
      Value word = value(false);
      return new Term.Words(word.text(), negated);
    }
    String name = query.substring(at, end).toLowerCase(Locale.ROOT);
    at = end + 1;
    List<Value> values = values(name);
    return of(name, begin, values, negated);
  }

  private Term of(String name, int begin, List<Value> values, boolean negated)
      throws QueryException {
    Value first = values.getFirst();
    Optional<Field> field = Field.of(name);
    if (field.isPresent()) {
      return names(field.get(), values, negated);
    }
    if (name.equals("call")) {
      return new Term.Calls(values.stream().map(Value::text).toList(), negated);
    }
    if (values.size() > 1) {
      throw wrong(values.get(1).at() - 1, "',' (expected: one value for '" + name + "')");
    }
    return switch (name) {
      case "since" ->
          new Term.Between(Measure.TIME, time(first).toEpochMilli(), Long.MAX_VALUE, negated);
      case "until" ->
          new Term.Between(Measure.TIME, Long.MIN_VALUE, time(first).toEpochMilli() - 1, negated);
      case "latency" -> measure(Measure.LATENCY, first, negated);
      case "wait" -> measure(Measure.WAIT, first, negated);
      case "redactions" -> measure(Measure.REDACTIONS, first, negated);
      case "bytes" -> measure(Measure.BYTES, first, negated);
      case "index" -> indices(first, negated);
      default -> throw wrong(begin, unknown(name));
    };
  }

  private Term names(Field field, List<Value> values, boolean negated) throws QueryException {
    List<String> patterns = new ArrayList<>();
    for (Value value : values) {
      patterns.add(
          Vocabulary.known(field, value.text())
              .orElseThrow(() ->
                  wrong(
                      value.at(),
                      "'" + value.text() + "' (expected: " + Vocabulary.expected(field) + ")")));
    }
    return new Term.Names(field, patterns, negated);
  }

  private static String unknown(String name) {
    return "'"
        + name
        + ":' (expected: one of "
        + Arrays.stream(Field.values()).map(Field::slug).collect(Collectors.joining(", "))
        + ", call, index, since, until, latency, wait, redactions, bytes; "
        + "or quotes around free text with a colon)";
  }

  private List<Value> values(String name) throws QueryException {
    List<Value> values = new ArrayList<>();
    do {
      if (!values.isEmpty()) {
        at++;
      }
      if (at == query.length() || Character.isWhitespace(query.charAt(at))) {
        throw wrong(at, "nothing (expected: a value for '" + name + ":')");
      }
      values.add(value(true));
    } while (at < query.length() && query.charAt(at) == ',');
    return values;
  }

  /// Text in quotes, with `\"` and `\\` for those characters; or up to the next space, and up to a
  /// comma in a list.
  private Value value(boolean list) throws QueryException {
    int begin = at;
    if (query.charAt(at) != '"') {
      while (at < query.length()
          && !Character.isWhitespace(query.charAt(at))
          && !(list && query.charAt(at) == ',')) {
        at++;
      }
      if (at == begin) {
        throw wrong(begin, "nothing (expected: a value)");
      }
      return new Value(query.substring(begin, at), begin);
    }
    StringBuilder text = new StringBuilder();
    for (at++; at < query.length(); at++) {
      char c = query.charAt(at);
      if (c == '"') {
        at++;
        if (at < query.length()
            && !Character.isWhitespace(query.charAt(at))
            && query.charAt(at) != ',') {
          throw wrong(at, "'" + query.charAt(at) + "' behind a quote (expected: a space)");
        }
        if (text.isEmpty()) {
          throw wrong(begin, "nothing between quotes (expected: text)");
        }
        return new Value(text.toString(), begin);
      }
      if (c == '\\' && at + 1 < query.length()) {
        c = query.charAt(++at);
      }
      text.append(c);
    }
    throw wrong(begin, "a quote that is not closed (expected: another '\"')");
  }

  private Instant time(Value value) throws QueryException {
    Matcher relative = RELATIVE.matcher(value.text());
    if (relative.matches()) {
      long count = Long.parseLong(relative.group(1));
      return now.minus(
          switch (relative.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> Duration.ofDays(7 * count);
          });
    }
    try {
      return value.text().length() == 10
          ? LocalDate.parse(value.text()).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(value.text());
    } catch (DateTimeParseException e) {
      throw wrong(
          value.at(),
          "'"
              + value.text()
              + "' (expected: a time such as -15m, -7d, 2026-11-20 or 2026-11-20T12:00:00Z)");
    }
  }

  private Term measure(Measure measure, Value value, boolean negated) throws QueryException {
    String text = value.text();
    String sign =
        text.startsWith(">=") || text.startsWith("<=")
            ? text.substring(0, 2)
            : text.startsWith(">") || text.startsWith("<") ? text.substring(0, 1) : "";
    Matcher number = NUMBER.matcher(text.substring(sign.length()).toLowerCase(Locale.ROOT));
    Optional<Double> unit = number.matches() ? unit(measure, number.group(2)) : Optional.empty();
    if (unit.isEmpty()) {
      throw wrong(
          value.at(),
          "'"
              + text
              + "' (expected: "
              + switch (measure) {
                case LATENCY, WAIT -> "a time such as >250ms, <=2s or 10us";
                case BYTES -> "a size such as >64kb or <100";
                case REDACTIONS, TIME -> "a number such as >0 or 3";
              }
              + ")");
    }
    long exact = (long) (Double.parseDouble(number.group(1)) * unit.get());
    return switch (sign) {
      case ">" -> new Term.Between(measure, exact + 1, Long.MAX_VALUE, negated);
      case ">=" -> new Term.Between(measure, exact, Long.MAX_VALUE, negated);
      case "<" -> new Term.Between(measure, Long.MIN_VALUE, exact - 1, negated);
      case "<=" -> new Term.Between(measure, Long.MIN_VALUE, exact, negated);
      default -> new Term.Between(measure, exact, exact, negated);
    };
  }

  /// How much one of this unit is in the unit of the measure.
  private static Optional<Double> unit(Measure measure, @Nullable String unit) {
    String name = unit == null ? "" : unit;
    return switch (measure) {
      case LATENCY, WAIT ->
          switch (name) {
            case "us" -> Optional.of(1.0);
            case "ms" -> Optional.of(1e3);
            case "s" -> Optional.of(1e6);
            case "m" -> Optional.of(60e6);
            case "h" -> Optional.of(3_600e6);
            default -> Optional.empty();
          };
      case BYTES ->
          switch (name) {
            case "" -> Optional.of(1.0);
            case "kb" -> Optional.of(0x1p10);
            case "mb" -> Optional.of(0x1p20);
            case "gb" -> Optional.of(0x1p30);
            default -> Optional.empty();
          };
      case REDACTIONS, TIME -> name.isEmpty() ? Optional.of(1.0) : Optional.empty();
    };
  }

  private Term indices(Value value, boolean negated) throws QueryException {
    Matcher range = RANGE.matcher(value.text());
    if (!range.matches()) {
      throw wrong(
          value.at(), "'" + value.text() + "' (expected: an index such as 120, or 100..200)");
    }
    long first = Long.parseLong(range.group(1));
    long last =
        range.group(2) != null
            ? Long.parseLong(range.group(2))
            : value.text().endsWith("..") ? Long.MAX_VALUE : first;
    return new Term.Indices(first, last, negated);
  }

  private void skipSpace() {
    while (at < query.length() && Character.isWhitespace(query.charAt(at))) {
      at++;
    }
  }

  private QueryException wrong(int where, String message) {
    return new QueryException(query, where, message);
  }
}
