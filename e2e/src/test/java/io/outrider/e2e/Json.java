package io.outrider.e2e;

import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON trees for what the clients print and the recorder reads.
final class Json {
  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static JsonNode parse(String text) {
    return MAPPER.readTree(text);
  }

  static JsonNode file(Path file) {
    return parse(Repo.read(file));
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static JsonNode of(Object value) {
    return MAPPER.valueToTree(value);
  }
}
