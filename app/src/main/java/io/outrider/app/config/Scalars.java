package io.outrider.app.config;

import io.outrider.settings.LimitSettings.Rate;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The kinds of single values a file may hold.
final class Scalars {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern RATE = Pattern.compile("(\\d{1,9})/(s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,10})(B|KiB|MiB|GiB)?");
  private static final Pattern ORIGIN =
      Pattern.compile("[a-z][a-z0-9+.-]*://[^/\\s]+", Pattern.CASE_INSENSITIVE);

  static final Shape.Scalar<String> TEXT =
      new Shape.Scalar<>("some text", (text, context) -> notBlank(text));
  static final Shape.Scalar<String> LOWER =
      new Shape.Scalar<>("a host name", (text, context) -> notBlank(text).toLowerCase(Locale.ROOT));
  static final Shape.Scalar<String> ORIGINS =
      new Shape.Scalar<>("an origin such as https://chat.example", (text, context) -> origin(text));
  static final Shape.Scalar<Path> PATH =
      new Shape.Scalar<>("a path", (text, context) -> path(text, context.folder()));
  static final Shape.Scalar<URI> URL =
      new Shape.Scalar<>("an absolute http or https URL", (text, context) -> url(text));
  static final Shape.Scalar<Duration> TIME =
      new Shape.Scalar<>(
          "a duration such as 500ms, 2s, 5m or 1h", (text, context) -> duration(text));
  static final Shape.Scalar<Rate> RATES =
      new Shape.Scalar<>("a rate such as 600/m or 10/s", (text, context) -> rate(text));
  static final Shape.Scalar<Integer> BYTES =
      new Shape.Scalar<>(
          "a size such as 512KiB or 4MiB, below 2GiB", (text, context) -> size(text));
  static final Shape.Scalar<Boolean> SWITCH =
      new Shape.Scalar<>("true or false", (text, context) -> truth(text));
  static final Shape.Scalar<Address> HOST_PORT =
      new Shape.Scalar<>(Address.EXPECTED, (text, context) -> address(text));

  private Scalars() {}

  static Shape.Scalar<Integer> number(int least, int most) {
    return new Shape.Scalar<>(
        "a whole number from %d to %d".formatted(least, most),
        (text, context) -> {
          int value = Integer.parseInt(text);
          if (value < least || value > most) {
            throw new IllegalArgumentException();
          }
          return value;
        });
  }

  /// The constants of an enum as they are written in the file: lower case, hyphens.
  static <E extends Enum<E>> Shape.Scalar<E> oneOf(Class<E> type) {
    E[] constants = type.getEnumConstants();
    String expected =
        Arrays.stream(constants).map(Scalars::spelling).collect(Collectors.joining(" or "));
    return new Shape.Scalar<>(
        expected,
        (text, context) ->
            Arrays.stream(constants)
                .filter(constant -> spelling(constant).equals(text))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new));
  }

  static String spelling(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Duration duration(String text) {
    Matcher parts = matched(DURATION, text);
    long count = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private static Rate rate(String text) {
    Matcher parts = matched(RATE, text);
    return new Rate(Long.parseLong(parts.group(1)), duration("1" + parts.group(2)));
  }

  private static int size(String text) {
    Matcher parts = matched(SIZE, text);
    String unit = parts.group(2) == null ? "B" : parts.group(2);
    int shift =
        switch (unit) {
          case "B" -> 0;
          case "KiB" -> 10;
          case "MiB" -> 20;
          default -> 30;
        };
    long count = Long.parseLong(parts.group(1));
    if (count > Integer.MAX_VALUE >> shift) {
      throw new IllegalArgumentException();
    }
    return (int) (count << shift);
  }

  private static Address address(String text) {
    try {
      return Address.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException();
    }
  }

  private static boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException();
    };
  }

  private static URI url(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException();
    }
  }

  private static String origin(String text) {
    return matched(ORIGIN, text).group().toLowerCase(Locale.ROOT);
  }

  private static Path path(String text, Path folder) {
    return folder.resolve(notBlank(text)).normalize();
  }

  private static String notBlank(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException();
    }
    return text;
  }

  private static Matcher matched(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException();
    }
    return matcher;
  }
}
