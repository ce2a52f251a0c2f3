package io.outrider.policy.builtin.jsonschema;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Says a schema of 2020-12 (or 2019-09) in the words of draft 7, which the compiler knows. What
/// cannot be said is a [SchemaException], except `unevaluatedProperties` and `unevaluatedItems`
/// with a boolean, which are left out.
final class Dialect2020 {
  /// Names under which other names stand, each with a schema.
  private static final Set<String> MAPS =
      Set.of("properties", "patternProperties", "$defs", "definitions");

  /// Names under which a value stands that is no schema.
  private static final Set<String> VALUES =
      Set.of("const", "enum", "default", "examples", "required", "type");

  /// Deeper nesting is refused: this recurses.
  private static final int MAX_DEPTH = 200;

  private Dialect2020() {}

  /// The schema itself when it names an older draft.
  static RegoValue lowered(RegoValue schema) {
    return schema instanceof RegoObject object && Draft.of(object) != Draft.HYBRID
        ? schema
        : schema(schema, 0);
  }

  private static RegoValue schema(RegoValue value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new SchemaException("schema nested more than " + MAX_DEPTH + " deep");
    }
    return switch (value) {
      case RegoArray array -> {
        RegoArray.Builder items = RegoArray.builder();
        array.forEach(item -> items.add(schema(item, depth + 1)));
        yield items.build();
      }
      case RegoObject object -> object(object, depth);
      default -> value;
    };
  }

  private static RegoObject object(RegoObject schema, int depth) {
    RegoObject.Builder out = RegoObject.builder();
    RegoArray.Builder all = RegoArray.builder();
    boolean alone = schema.size() == 1;
    boolean tuple = schema.get("prefixItems") != null;
    for (RegoObject.Entry entry : schema) {
      String key = entry.key() instanceof RegoString s ? s.value() : "";
      RegoValue value = entry.value();
      switch (key) {
        case "$schema", "id", "$vocabulary", "$comment", "minContains", "maxContains" -> {}
        case "$ref", "$dynamicRef", "$recursiveRef" -> {
          // Before 2019-09 whatever stands beside a reference is ignored.
          if (alone) {
            out.put("$ref", value);
          } else {
            all.add(RegoObject.builder().put("$ref", value).build());
          }
        }
        case "$anchor", "$dynamicAnchor" -> {
          if (schema.get("$id") != null || !(value instanceof RegoString name)) {
            throw new SchemaException(key + " beside $id, or not of type string");
          }
          out.put("$id", RegoString.of("#" + name.value()));
        }
        case "allOf" -> {
          if (!(schema(value, depth + 1) instanceof RegoArray each)) {
            throw new SchemaException("allOf must be of an array");
          }
          each.forEach(all::add);
        }
        case "prefixItems" -> out.put("items", schema(value, depth + 1));
        case "items" -> out.put(tuple ? "additionalItems" : "items", schema(value, depth + 1));
        case "dependentRequired" ->
            all.add(RegoObject.builder().put("dependencies", value).build());
        case "dependentSchemas" ->
            all.add(RegoObject.builder().put("dependencies", members(value, depth)).build());
        case "contains" -> contains(schema, value, out, depth);
        case "unevaluatedProperties", "unevaluatedItems" -> {
          if (!(value instanceof RegoBoolean)) {
            throw new SchemaException(key + " with a schema (expected: true or false)");
          }
        }
        default ->
            out.put(
                key,
                MAPS.contains(key)
                    ? members(value, depth)
                    : VALUES.contains(key) ? value : schema(value, depth + 1));
      }
    }
    RegoArray every = all.build();
    return every.size() == 0 ? out.build() : out.put("allOf", every).build();
  }

  private static void contains(
      RegoObject schema, RegoValue wanted, RegoObject.Builder out, int depth) {
    RegoValue least = schema.get("minContains");
    if (schema.get("maxContains") != null || (least != null && !isAtMostOne(least))) {
      throw new SchemaException("minContains above 1, or maxContains");
    }
    if (least == null || ((RegoNumber) least).signum() > 0) {
      out.put("contains", schema(wanted, depth + 1));
    }
  }

  private static boolean isAtMostOne(@Nullable RegoValue value) {
    return value instanceof RegoNumber n && n.isLong() && n.asLong() <= 1;
  }

  private static RegoValue members(RegoValue value, int depth) {
    if (!(value instanceof RegoObject object)) {
      return value;
    }
    RegoObject.Builder out = RegoObject.builder(object.size());
    for (RegoObject.Entry entry : object) {
      out.put(entry.key(), schema(entry.value(), depth + 1));
    }
    return out.build();
  }
}
