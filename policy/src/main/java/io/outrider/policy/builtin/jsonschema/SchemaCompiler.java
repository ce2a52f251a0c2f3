package io.outrider.policy.builtin.jsonschema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns a schema's JSON into a [SubSchema]; throws [SchemaException] at the first mistake.
final class SchemaCompiler {
  private static final List<String> TYPES =
      List.of("array", "boolean", "integer", "number", "null", "object", "string");

  /// Deeper nesting is refused: compiling and validating recurse.
  private static final int MAX_DEPTH = 200;

  private static final int MAX_PATTERN = 10_000;

  private final References references;
  private int depth;

  private SchemaCompiler(References references) {
    this.references = references;
  }

  static SubSchema compile(RegoValue root) {
    if (root instanceof RegoBoolean b) {
      return SubSchema.of(b.value());
    }
    if (!(root instanceof RegoObject object)) {
      throw new SchemaException("schema is invalid");
    }
    References references = new References(object);
    return new SchemaCompiler(references).schema(object, Draft.of(object), references.root());
  }

  private SubSchema schema(RegoValue value, Draft draft, References.Base base) {
    if (draft.isAtLeast(Draft.DRAFT_6) && value instanceof RegoBoolean b) {
      return SubSchema.of(b.value());
    }
    if (!(value instanceof RegoObject json)) {
      throw new SchemaException("Expected: Valid Schema, given: Invalid JSON");
    }
    if (++depth > MAX_DEPTH) {
      throw new SchemaException("schema nested more than " + MAX_DEPTH + " deep");
    }
    SubSchema schema = new SubSchema();
    fill(schema, json, draft, base);
    depth--;
    return schema;
  }

  private void fill(SubSchema schema, RegoObject json, Draft draft, References.Base outer) {
    text(
        json,
        draft == Draft.DRAFT_4 || (draft == Draft.HYBRID && json.get("id") != null) ? "id" : "$id");
    References.Base base = outer.within(json);
    RegoValue definitions = json.get("definitions");
    if (definitions != null) {
      if (!(definitions instanceof RegoObject all)) {
        throw SchemaException.invalidType("Array Of Schemas", "definitions");
      }
      for (RegoObject.Entry entry : all) {
        if (!isSchema(entry.value())) {
          throw SchemaException.invalidType("Array Of Schemas", "definitions");
        }
        schema(entry.value(), draft, base);
      }
    }
    text(json, "title");
    text(json, "description");
    String reference = text(json, "$ref");
    if (reference != null) {
      refer(schema, reference, base, draft);
      return;
    }
    types(schema, json.get("type"));
    objects(schema, json, draft, base);
    items(schema, json, draft, base);
    numbers(schema, json, draft);
    strings(schema, json);
    objectSizes(schema, json);
    arraySizes(schema, json);
    RegoValue contains = json.get("contains");
    if (contains != null && draft.isAtLeast(Draft.DRAFT_6)) {
      schema.contains = schema(contains, draft, base);
    }
    values(schema, json, draft);
    list(json, "oneOf").forEach(s -> schema.oneOf.add(schema(s, draft, base)));
    list(json, "anyOf").forEach(s -> schema.anyOf.add(schema(s, draft, base)));
    list(json, "allOf").forEach(s -> schema.allOf.add(schema(s, draft, base)));
    schema.not = condition(json, "not", draft, base);
    if (draft.isAtLeast(Draft.DRAFT_7)) {
      schema.when = condition(json, "if", draft, base);
      schema.then = condition(json, "then", draft, base);
      schema.otherwise = condition(json, "else", draft, base);
    }
  }

  private void refer(SubSchema schema, String reference, References.Base base, Draft draft) {
    String absolute = base.resolve(reference);
    SubSchema known = references.compiled(absolute);
    if (known != null) {
      schema.reference = known;
      return;
    }
    SubSchema target = new SubSchema();
    references.remember(absolute, target);
    References.Found found = references.find(absolute);
    Draft of = found.draft() == null ? draft : found.draft();
    if (found.value() instanceof RegoBoolean b && of.isAtLeast(Draft.DRAFT_6)) {
      target.pass = b.value();
    } else if (found.value() instanceof RegoObject json) {
      if (++depth > MAX_DEPTH) {
        throw new SchemaException("schema nested more than " + MAX_DEPTH + " deep");
      }
      fill(target, json, of, found.base());
      depth--;
    } else {
      throw new SchemaException("Valid Schema must be of type object");
    }
    schema.reference = target;
  }

  private static boolean isSchema(RegoValue value) {
    return value instanceof RegoObject || value instanceof RegoBoolean;
  }

  private static @Nullable String text(RegoObject json, String key) {
    return switch (json.get(key)) {
      case null -> null;
      case RegoString s -> s.value();
      default -> throw SchemaException.invalidType("string", key);
    };
  }

  private static RegoArray list(RegoObject json, String key) {
    return switch (json.get(key)) {
      case null -> RegoArray.EMPTY;
      case RegoArray a -> a;
      default -> throw new SchemaException(key + " must be of an array");
    };
  }

  private static void types(SubSchema schema, @Nullable RegoValue type) {
    switch (type) {
      case null -> {}
      case RegoString s -> addType(schema, s.value());
      case RegoArray all -> {
        for (RegoValue each : all) {
          if (!(each instanceof RegoString s)) {
            throw SchemaException.invalidType("type", "string/Array Of Strings");
          }
          addType(schema, s.value());
        }
      }
      default -> throw SchemaException.invalidType("type", "string/Array Of Strings");
    }
  }

  private static void addType(SubSchema schema, String type) {
    if (!TYPES.contains(type)) {
      throw new SchemaException(
          "has a primitive type that is NOT VALID -- given: /%s/ Expected valid values are:[%s]"
              .formatted(type, String.join(" ", TYPES)));
    }
    if (schema.types.contains(type)) {
      throw new SchemaException(type + " type is duplicated");
    }
    schema.types.add(type);
  }

  private void objects(SubSchema schema, RegoObject json, Draft draft, References.Base base) {
    RegoValue properties = json.get("properties");
    if (properties != null) {
      if (!(properties instanceof RegoObject all)) {
        throw new SchemaException("Properties must be of type object");
      }
      for (RegoObject.Entry entry : all) {
        schema.properties.put(key(entry), schema(entry.value(), draft, base));
      }
    }
    schema.additionalProperties = additional(json, "additionalProperties", draft, base);
    RegoValue patterns = json.get("patternProperties");
    if (patterns != null) {
      if (!(patterns instanceof RegoObject all)) {
        throw SchemaException.invalidType("Valid Schema", "patternProperties");
      }
      for (RegoObject.Entry entry : all) {
        Pattern pattern = pattern(key(entry), "Invalid regex pattern '" + key(entry) + "'");
        schema.patternProperties.put(pattern, schema(entry.value(), draft, base));
      }
    }
    RegoValue names = json.get("propertyNames");
    if (names != null && draft.isAtLeast(Draft.DRAFT_6)) {
      if (!isSchema(names)) {
        throw SchemaException.invalidType("Valid Schema", "patternProperties");
      }
      schema.propertyNames = schema(names, draft, base);
    }
    RegoValue dependencies = json.get("dependencies");
    if (dependencies != null) {
      if (!(dependencies instanceof RegoObject all)) {
        throw new SchemaException("dependencies must be of type object");
      }
      for (RegoObject.Entry entry : all) {
        dependency(schema, key(entry), entry.value(), draft, base);
      }
    }
  }

  private void dependency(
      SubSchema schema, String key, RegoValue value, Draft draft, References.Base base) {
    switch (value) {
      case RegoArray names -> {
        List<String> needed = new ArrayList<>();
        for (RegoValue name : names) {
          if (!(name instanceof RegoString s)) {
            throw new SchemaException("Dependency must be of type Schema Or Array Of Strings");
          }
          needed.add(s.value());
        }
        schema.neededProperties.put(key, needed);
      }
      case RegoObject _, RegoBoolean _ ->
          schema.dependentSchemas.put(key, schema(value, draft, base));
      default -> throw new SchemaException("Dependency must be of type Schema Or Array Of Strings");
    }
  }

  private static String key(RegoObject.Entry entry) {
    return entry.key() instanceof RegoString s ? s.value() : entry.key().toString();
  }

  private @Nullable SubSchema additional(
      RegoObject json, String key, Draft draft, References.Base base) {
    return switch (json.get(key)) {
      case null -> null;
      case RegoBoolean b -> SubSchema.of(b.value());
      case RegoObject o -> schema(o, draft, base);
      default -> throw SchemaException.invalidType("boolean/Valid Schema", key);
    };
  }

  private void items(SubSchema schema, RegoObject json, Draft draft, References.Base base) {
    switch (json.get("items")) {
      case null -> {}
      case RegoArray all -> {
        for (RegoValue item : all) {
          if (!isSchema(item)) {
            throw SchemaException.invalidType("Valid Schema/Array Of Schemas", "items");
          }
          schema.items.add(schema(item, draft, base));
        }
      }
      case RegoObject o -> schema.everyItem = schema(o, draft, base);
      case RegoBoolean b -> schema.everyItem = schema(b, draft, base);
      default -> throw SchemaException.invalidType("Valid Schema/Array Of Schemas", "items");
    }
    schema.additionalItems = additional(json, "additionalItems", draft, base);
  }

  private static void numbers(SubSchema schema, RegoObject json, Draft draft) {
    RegoValue multiple = json.get("multipleOf");
    if (multiple != null) {
      if (!(multiple instanceof RegoNumber n)) {
        throw SchemaException.invalidType("Number", "multipleOf");
      }
      if (n.signum() <= 0) {
        throw new SchemaException("multipleOf must be strictly greater than 0");
      }
      schema.multipleOf = decimal(n);
    }
    schema.minimum = bound(json, "minimum");
    RegoValue exclusiveMinimum = json.get("exclusiveMinimum");
    if (exclusiveMinimum != null) {
      schema.exclusiveMinimum =
          exclusive(exclusiveMinimum, schema.minimum, "exclusiveMinimum", "minimum", draft);
      if (RegoBoolean.TRUE.equals(exclusiveMinimum)) {
        schema.minimum = null;
      }
    }
    schema.maximum = bound(json, "maximum");
    RegoValue exclusiveMaximum = json.get("exclusiveMaximum");
    if (exclusiveMaximum != null) {
      schema.exclusiveMaximum =
          exclusive(exclusiveMaximum, schema.maximum, "exclusiveMaximum", "maximum", draft);
      if (RegoBoolean.TRUE.equals(exclusiveMaximum)) {
        schema.maximum = null;
      }
    }
  }

  private static @Nullable BigDecimal bound(RegoObject json, String key) {
    return switch (json.get(key)) {
      case null -> null;
      case RegoNumber n -> decimal(n);
      default -> throw new SchemaException(key + " must be of a Number");
    };
  }

  static BigDecimal decimal(RegoNumber number) {
    return number.asBigDecimal();
  }

  /// In draft 4 a flag that makes the bound beside it exclusive, later a bound of its own.
  private static @Nullable BigDecimal exclusive(
      RegoValue value, @Nullable BigDecimal bound, String key, String other, Draft draft) {
    if (value instanceof RegoBoolean flag && (draft == Draft.DRAFT_4 || draft == Draft.HYBRID)) {
      if (bound == null) {
        throw new SchemaException(key + " cannot be used without " + other);
      }
      return flag.value() ? bound : null;
    }
    if (value instanceof RegoNumber n && draft != Draft.DRAFT_4) {
      return decimal(n);
    }
    throw SchemaException.invalidType(
        draft == Draft.DRAFT_4 ? "boolean" : draft == Draft.HYBRID ? "boolean/number" : "number",
        key);
  }

  private static void strings(SubSchema schema, RegoObject json) {
    schema.minLength = count(json, "minLength");
    schema.maxLength = count(json, "maxLength");
    if (schema.minLength != null
        && schema.maxLength != null
        && schema.minLength > schema.maxLength) {
      throw new SchemaException("minLength cannot be greater than maxLength");
    }
    String pattern = text(json, "pattern");
    if (pattern != null) {
      schema.pattern = pattern(pattern, "pattern must be a valid regex");
    }
    String format = text(json, "format");
    schema.format = format == null ? "" : format;
  }

  private static Pattern pattern(String text, String problem) {
    if (text.length() > MAX_PATTERN) {
      throw new SchemaException("pattern of more than " + MAX_PATTERN + " characters");
    }
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new SchemaException(problem);
    }
  }

  private static @Nullable Integer count(RegoObject json, String key) {
    RegoValue value = json.get(key);
    if (value == null) {
      return null;
    }
    if (!(value instanceof RegoNumber n) || !n.isInteger()) {
      throw new SchemaException(key + " must be of an integer");
    }
    if (n.signum() < 0) {
      throw new SchemaException(key + " must be greater than or equal to 0");
    }
    return n.isLong() ? (int) Math.min(n.asLong(), Integer.MAX_VALUE) : Integer.MAX_VALUE;
  }

  private static void objectSizes(SubSchema schema, RegoObject json) {
    schema.minProperties = count(json, "minProperties");
    schema.maxProperties = count(json, "maxProperties");
    if (schema.minProperties != null
        && schema.maxProperties != null
        && schema.minProperties > schema.maxProperties) {
      throw new SchemaException("minProperties cannot be greater than maxProperties");
    }
    for (RegoValue name : list(json, "required")) {
      if (!(name instanceof RegoString s)) {
        throw SchemaException.invalidType("string", "required");
      }
      if (schema.required.contains(s.value())) {
        throw new SchemaException("required items must be unique");
      }
      schema.required.add(s.value());
    }
  }

  private static void arraySizes(SubSchema schema, RegoObject json) {
    schema.minItems = count(json, "minItems");
    schema.maxItems = count(json, "maxItems");
    switch (json.get("uniqueItems")) {
      case null -> {}
      case RegoBoolean b -> schema.uniqueItems = b.value();
      default -> throw new SchemaException("uniqueItems must be of a boolean");
    }
  }

  private static void values(SubSchema schema, RegoObject json, Draft draft) {
    RegoValue constant = json.get("const");
    if (constant != null && draft.isAtLeast(Draft.DRAFT_6)) {
      schema.constant = Canonical.text(constant);
    }
    if (json.get("enum") != null) {
      List<String> allowed = new ArrayList<>();
      for (RegoValue each : list(json, "enum")) {
        String text = Canonical.text(each);
        if (allowed.contains(text)) {
          throw new SchemaException("enum items must be unique");
        }
        allowed.add(text);
      }
      schema.allowed = allowed;
    }
  }

  private @Nullable SubSchema condition(
      RegoObject json, String key, Draft draft, References.Base base) {
    RegoValue value = json.get(key);
    if (value == null) {
      return null;
    }
    if (!isSchema(value)) {
      throw new SchemaException(key + " must be of an object");
    }
    return schema(value, draft, base);
  }
}
