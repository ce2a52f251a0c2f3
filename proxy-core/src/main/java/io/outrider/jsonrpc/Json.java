package io.outrider.jsonrpc;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The strict JSON dialect of this proxy: duplicate names are errors, numbers keep their digits,
/// nesting is bounded. Thread-safe.
public final class Json {

  /// Enough for any tool schema seen in the wild; a bomb is thousands deep.
  public static final int MAX_DEPTH = 64;

  private static final int MAX_NAME_CHARS = 8 * 1024;
  private static final int MAX_NUMBER_CHARS = 256;

  // Trees are only made of bytes that passed a MessageReader, whose own depth limit was lower.
  private static final JsonMapper MAPPER = mapper(1000);

  private Json() {}

  static JsonMapper mapper(int maxDepth) {
    JsonFactory factory =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(maxDepth)
                    .maxNameLength(MAX_NAME_CHARS)
                    .maxNumberLength(MAX_NUMBER_CHARS)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  /// The tree of a message whose bytes were already read strictly.
  public static ObjectNode tree(byte[] bytes) {
    JsonNode node = MAPPER.readTree(bytes);
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("found " + node.getNodeType() + " (expected: object)");
  }

  /// UTF-8 text of a tree, on one line.
  public static byte[] bytes(JsonNode node) {
    return MAPPER.writeValueAsBytes(node);
  }

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
