package io.outrider.policy.builtin.jsonschema;

import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.Map;

/// The versions of JSON Schema, oldest first. Without `$schema` a schema is of the last, which
/// takes the keywords of all.
enum Draft {
  DRAFT_4,
  DRAFT_6,
  DRAFT_7,
  HYBRID;

  private static final Map<String, Draft> BY_URL =
      Map.of(
          "http://json-schema.org/draft-04/schema", DRAFT_4,
          "http://json-schema.org/draft-06/schema", DRAFT_6,
          "http://json-schema.org/draft-07/schema", DRAFT_7);

  static Draft of(RegoObject schema) {
    RegoValue named = schema.get("$schema");
    if (named == null) {
      return HYBRID;
    }
    if (!(named instanceof RegoString s)) {
      throw new SchemaException("$schema must be of type string");
    }
    String url = s.value();
    return BY_URL.getOrDefault(
        url.endsWith("#") ? url.substring(0, url.length() - 1) : url, HYBRID);
  }

  boolean isAtLeast(Draft other) {
    return compareTo(other) >= 0;
  }
}
