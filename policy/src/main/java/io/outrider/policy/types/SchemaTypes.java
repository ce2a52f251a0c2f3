package io.outrider.policy.types;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import io.outrider.policy.value.Type;
import io.outrider.policy.value.Type.ArrayOf;
import io.outrider.policy.value.Type.ObjectOf;
import io.outrider.policy.value.Type.Property;
import io.outrider.policy.value.Type.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The type of the documents that a JSON schema describes. As in OPA, an object whose properties
/// are listed has no others, unless the schema says which; what has no type may be anything.
public final class SchemaTypes {
  private final RegoObject root;
  private final Map<String, Type.Recursive> references = new HashMap<>();

  private SchemaTypes(RegoObject root) {
    this.root = root;
  }

  public static Type of(RegoObject schema) {
    return new SchemaTypes(schema).type(schema);
  }

  private Type type(@Nullable RegoValue value) {
    if (!(value instanceof RegoObject schema)) {
      return Type.ANY;
    }
    if (schema.get("$ref") instanceof RegoString ref) {
      return reference(ref.value());
    }
    if (schema.get("allOf") instanceof RegoArray parts) {
      return all(parts);
    }
    for (String union : List.of("anyOf", "oneOf")) {
      if (schema.get(union) instanceof RegoArray parts) {
        Type type = Type.UNKNOWN;
        for (RegoValue part : parts) {
          type = Types.or(type, type(part));
        }
        return type;
      }
    }
    return switch (schema.get("type")) {
      case RegoString name -> named(name.value(), schema);
      case RegoArray names -> {
        Type type = Type.UNKNOWN;
        for (RegoValue name : names) {
          type = Types.or(type, name instanceof RegoString s ? named(s.value(), schema) : Type.ANY);
        }
        yield type;
      }
      case null, default ->
          schema.get("properties") instanceof RegoObject ? named("object", schema) : Type.ANY;
    };
  }

  /// The type of what all of the schemas describe: an object has the properties that any of them
  /// names. Where they do not go together, nothing is known.
  private Type all(RegoArray parts) {
    Type merged = null;
    for (RegoValue part : parts) {
      Type type = type(part);
      Type before = merged;
      if (before == null || Types.compare(before, type) == 0) {
        merged = type;
      } else if (before instanceof ObjectOf x && type instanceof ObjectOf y) {
        merged = both(x, y);
      } else {
        return Type.ANY;
      }
    }
    return merged == null ? Type.ANY : merged;
  }

  private static Type both(ObjectOf a, ObjectOf b) {
    List<Property> properties = new ArrayList<>(a.properties());
    for (Property property : b.properties()) {
      boolean known = false;
      for (int i = 0; i < a.properties().size(); i++) {
        Property before = a.properties().get(i);
        if (before.key().equals(property.key())) {
          known = true;
          if (Types.compare(before.value(), property.value()) != 0) {
            properties.set(i, new Property(before.key(), Type.ANY));
          }
        }
      }
      if (!known) {
        properties.add(property);
      }
    }
    boolean open = a.otherKey() != null || b.otherKey() != null;
    return open
        ? new ObjectOf(properties, Type.ANY, Type.ANY)
        : new ObjectOf(properties, null, null);
  }

  private Type reference(String ref) {
    Type.Recursive known = references.get(ref);
    if (known != null) {
      return known;
    }
    Type.Recursive type = new Type.Recursive(ref);
    references.put(ref, type);
    RegoValue at = ref.startsWith("#") ? root : null;
    for (String name : ref.substring(ref.startsWith("#") ? 1 : 0).split("/")) {
      if (!name.isEmpty()) {
        String key = name.replace("~1", "/").replace("~0", "~");
        at = at instanceof RegoObject o ? o.get(key) : null;
      }
    }
    // A reference that leads out of the schema is never followed.
    type.resolve(type(at));
    return type;
  }

  private Type named(String name, RegoObject schema) {
    return switch (name) {
      case "null" -> Scalar.NULL;
      case "boolean" -> Scalar.BOOLEAN;
      case "string" -> Scalar.STRING;
      case "number", "integer" -> Scalar.NUMBER;
      case "array" -> array(schema);
      case "object" -> object(schema);
      default -> Type.ANY;
    };
  }

  private Type array(RegoObject schema) {
    if (!(schema.get("items") instanceof RegoArray items)) {
      return new ArrayOf(List.of(), type(schema.get("items")));
    }
    List<Type> first = new ArrayList<>();
    items.forEach(item -> first.add(type(item)));
    return new ArrayOf(first, null);
  }

  private Type object(RegoObject schema) {
    RegoValue others = schema.get("additionalProperties");
    boolean open = others instanceof RegoObject;
    if (!(schema.get("properties") instanceof RegoObject properties) || properties.isEmpty()) {
      return open
          ? new ObjectOf(List.of(), Scalar.STRING, type(others))
          : new ObjectOf(List.of(), Type.ANY, Type.ANY);
    }
    List<Property> known = new ArrayList<>();
    properties.forEach(p -> known.add(new Property(p.key(), type(p.value()))));
    return open
        ? new ObjectOf(known, Scalar.STRING, type(others))
        : new ObjectOf(known, null, null);
  }
}
