package io.outrider.app.console;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The query of a URL: each parameter once, each known, none long.
final class Params {
  private static final int MAX_LENGTH = 8_192;

  private final Map<String, String> values;

  private Params(Map<String, String> values) {
    this.values = values;
  }

  /// Reads a query as it came.
  ///
  /// @param known every parameter there is
  static Params of(@Nullable String raw, List<String> known) throws BadRequest {
    Map<String, String> values = new LinkedHashMap<>();
    if (raw == null || raw.isEmpty()) {
      return new Params(values);
    }
    if (raw.length() > MAX_LENGTH) {
      throw new BadRequest(
          414, "query: " + raw.length() + " characters (expected: at most " + MAX_LENGTH + ")");
    }
    for (String part : raw.split("&", -1)) {
      int equals = part.indexOf('=');
      String name = decode(equals < 0 ? part : part.substring(0, equals));
      if (!known.contains(name)) {
        throw new BadRequest(
            "parameter '"
                + name
                + "' (expected: "
                + (known.isEmpty() ? "none" : String.join(", ", known))
                + ")");
      }
      String value = equals < 0 ? "" : decode(part.substring(equals + 1));
      if (values.put(name, value) != null) {
        throw new BadRequest("parameter '" + name + "' stands twice (expected: once)");
      }
    }
    return new Params(values);
  }

  private static String decode(String text) throws BadRequest {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadRequest("query: a '%' without two hex digits");
    }
  }

  /// A parameter that is there and not empty.
  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  String required(String name) throws BadRequest {
    return text(name)
        .orElseThrow(
            () -> new BadRequest("parameter '" + name + "' is missing (expected: a value)"));
  }

  int number(String name, int low, int high, int fallback) throws BadRequest {
    Optional<String> value = text(name);
    if (value.isEmpty()) {
      return fallback;
    }
    return (int) parsed(name, value.get(), low, high);
  }

  /// The index of a record.
  long index(String name) throws BadRequest {
    return parsed(name, required(name), 0, Long.MAX_VALUE);
  }

  private static long parsed(String name, String value, long low, long high) throws BadRequest {
    if (value.matches("\\d{1,18}")) {
      long number = Long.parseLong(value);
      if (number >= low && number <= high) {
        return number;
      }
    }
    throw new BadRequest(
        name
            + ": '"
            + value
            + "' (expected: a number from "
            + low
            + (high == Long.MAX_VALUE ? "" : " to " + high)
            + ")");
  }

  boolean flag(String name) throws BadRequest {
    return switch (text(name).orElse("false")) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new BadRequest(name + ": '" + values.get(name) + "' (expected: true or false)");
    };
  }
}
