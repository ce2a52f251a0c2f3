package io.outrider.policy.value;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/// Reads and writes JSON text. Number text is kept as written; of two equal keys the last wins, as
/// in OPA. Sets are written as arrays, and keys that are not strings as their own compact JSON
/// text.
public final class RegoJson {
  /// Deeper documents are refused: reading recurses, and no MCP message comes near this depth.
  public static final int MAX_DEPTH = 500;

  /// Longer number texts are refused: arithmetic on them is quadratic.
  public static final int MAX_NUMBER_LENGTH = 1_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .build())
          .build();

  private RegoJson() {}

  /// Reads one JSON value from UTF-8 bytes; throws [RegoJsonException] when there is anything else.
  public static RegoValue read(byte[] json) {
    return readWhole(FACTORY.createParser(ObjectReadContext.empty(), json));
  }

  /// Reads one JSON value from text; throws [RegoJsonException] when there is anything else.
  public static RegoValue read(String json) {
    return readWhole(FACTORY.createParser(ObjectReadContext.empty(), json));
  }

  private static RegoValue readWhole(JsonParser parser) {
    try (parser) {
      if (parser.nextToken() == null) {
        throw new RegoJsonException("no JSON value found (expected: one)");
      }
      RegoValue value = readCurrent(parser);
      if (parser.nextToken() != null) {
        TokenStreamLocation at = parser.currentTokenLocation();
        throw new RegoJsonException(
            "line %d, column %d: text after the JSON value"
                .formatted(at.getLineNr(), at.getColumnNr()));
      }
      return value;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String place =
          at == null ? "" : "line %d, column %d: ".formatted(at.getLineNr(), at.getColumnNr());
      throw new RegoJsonException(place + said(e));
    } catch (NumberFormatException e) {
      throw new RegoJsonException(String.valueOf(e.getMessage()));
    }
  }

  /// Without the place where an open bracket stands: Jackson has no better words for it than
  /// "[Source: REDACTED ...]".
  private static String said(JacksonException e) {
    String said = String.valueOf(e.getOriginalMessage());
    int source = said.indexOf(" (start marker at [Source");
    return source < 0 ? said : said.substring(0, source);
  }

  /// Reads the value that begins at the parser's current token and leaves the parser on its last
  /// token. For callers that walk a larger document themselves; the parser's own exceptions pass
  /// through.
  public static RegoValue readCurrent(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> readObject(parser);
      case START_ARRAY -> readArray(parser);
      case VALUE_STRING -> RegoString.of(wellFormed(parser.getString()));
      case VALUE_NUMBER_INT -> readInteger(parser);
      case VALUE_NUMBER_FLOAT -> RegoNumber.parse(parser.getString());
      case VALUE_TRUE -> RegoBoolean.TRUE;
      case VALUE_FALSE -> RegoBoolean.FALSE;
      case VALUE_NULL -> RegoNull.NULL;
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new RegoJsonException(
              "token: " + parser.currentToken() + " (expected: the start of a value)");
    };
  }

  private static RegoObject readObject(JsonParser parser) {
    RegoObject.Builder object = RegoObject.builder(4);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      object.put(RegoString.of(wellFormed(key)), readCurrent(parser));
    }
    return object.build();
  }

  private static RegoArray readArray(JsonParser parser) {
    RegoArray.Builder array = RegoArray.builder();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(readCurrent(parser));
    }
    return array.build();
  }

  private static RegoNumber readInteger(JsonParser parser) {
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      return RegoNumber.parse(parser.getString());
    }
    long value = parser.getLongValue();
    // "-0" must stay as it was written.
    return value == 0 ? RegoNumber.parse(parser.getString()) : RegoNumber.of(value);
  }

  /// Replaces surrogates without a partner, which no UTF-8 text can hold, by U+FFFD as Go's decoder
  /// does.
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return repair(text);
      }
    }
    return text;
  }

  private static String repair(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> out.appendCodePoint(Character.getType(c) == Character.SURROGATE ? 0xFFFD : c));
    return out.toString();
  }

  /// The value as compact JSON text with keys in order.
  public static String write(RegoValue value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  /// Appends the value as compact JSON text with keys in order.
  public static void write(RegoValue value, StringBuilder out) {
    new JsonWriter(out, false).write(value);
  }

  /// The value as Go's `encoding/json` marshals it: compact, with `<`, `>`, `&` and the two Unicode
  /// line separators escaped so that the text is safe inside HTML.
  public static String marshal(RegoValue value) {
    StringBuilder out = new StringBuilder();
    new JsonWriter(out, true).write(value);
    return out.toString();
  }

  /// The value over several lines, each nested level indented by `indent` and each line after the
  /// first begun with `prefix`.
  public static String marshalIndented(RegoValue value, String prefix, String indent) {
    StringBuilder out = new StringBuilder();
    new JsonWriter(out, true).writeIndented(value, prefix, indent);
    return out.toString();
  }
}
