package io.outrider.audit.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// A leaf as read back: its bytes, and its fields as maps, lists, strings, longs and booleans in
/// the order they stand.
///
/// @param bytes exactly what the tree hashes
public record Leaf(byte[] bytes, Map<String, Object> fields) {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /// Our leaves nest three deep; anything deeper is not ours.
  private static final int MAX_DEPTH = 16;

  /// Reads a leaf.
  ///
  /// @throws FormatException if it is not one JSON object with the fields every leaf has
  public static Leaf parse(byte[] bytes) throws FormatException {
    Leaf leaf = new Leaf(bytes, fields("leaf", bytes));
    if (leaf.number("v").isEmpty() || leaf.number("i").isEmpty() || leaf.text("k").isEmpty()) {
      throw new FormatException("leaf: one of v, i, k is missing");
    }
    return leaf;
  }

  /// Reads one JSON object of our own making.
  ///
  /// @param what named in messages
  public static Map<String, Object> fields(String what, byte[] bytes) throws FormatException {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new FormatException(what + ": not a JSON object");
      }
      Map<String, Object> fields = object(parser, 1);
      if (parser.nextToken() != null) {
        throw new FormatException(what + ": something follows the object");
      }
      return fields;
    } catch (JacksonException e) {
      throw new FormatException(what + ": not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Map<String, Object> object(JsonParser parser, int depth) throws FormatException {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      fields.put(name, value(parser, depth));
    }
    return Collections.unmodifiableMap(fields);
  }

  private static Object value(JsonParser parser, int depth) throws FormatException {
    if (depth > MAX_DEPTH) {
      throw new FormatException("leaf: deeper than " + MAX_DEPTH);
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, depth + 1);
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser, depth + 1));
        }
        yield Collections.unmodifiableList(list);
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case null, default ->
          throw new FormatException(
              "leaf: " + parser.currentToken() + " (expected: no such value)");
    };
  }

  /// Position the leaf claims for itself.
  public long index() {
    return number("i").orElse(-1);
  }

  /// `intent`, `outcome`, `refusal` or `event`.
  public String kind() {
    return text("k").orElse("");
  }

  /// A string at a path of keys joined by dots, such as `sub.id`.
  public Optional<String> text(String path) {
    return at(path) instanceof String s ? Optional.of(s) : Optional.empty();
  }

  /// A number at a path of keys joined by dots.
  public OptionalLong number(String path) {
    return at(path) instanceof Long n ? OptionalLong.of(n) : OptionalLong.empty();
  }

  /// A list at a path of keys joined by dots; empty if there is none.
  public List<?> list(String path) {
    return at(path) instanceof List<?> list ? list : List.of();
  }

  private @Nullable Object at(String path) {
    Object here = fields;
    for (String key : path.split("\\.", -1)) {
      if (!(here instanceof Map<?, ?> map)) {
        return null;
      }
      here = map.get(key);
    }
    return here;
  }

  /// The line as it stands in the log.
  public String json() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
