package io.outrider.policy.builtin;

import io.outrider.policy.builtin.jsonschema.Formats;
import io.outrider.policy.builtin.jsonschema.JsonSchema;
import io.outrider.policy.builtin.jsonschema.SchemaException;
import io.outrider.policy.builtin.jsonschema.Violation;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoJsonException;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.List;

/// `json.match_schema` and `json.verify_schema`.
public final class JsonSchemas {
  /// Schemas of more elements are not kept between evaluations.
  private static final int MAX_CACHED = 64 * 1024;

  /// The formats that schemas may name.
  public static final Formats FORMATS =
      new Formats(text -> Address.parse(text) != null, JsonSchemas::isUri);

  private JsonSchemas() {}

  /// The key of a schema in the cache of patterns.
  private record SchemaKey(RegoValue schema) {}

  static void register(Registry r) {
    r.any("json.match_schema", JsonSchemas::match);
    r.any("json.verify_schema", JsonSchemas::verify);
  }

  private static boolean isUri(String text) {
    try {
      GoUrl.parse(text);
      return true;
    } catch (BuiltinException e) {
      return false;
    }
  }

  private static RegoValue verify(BuiltinContext cx, RegoValue[] a) {
    try {
      JsonSchema.compile(loaded(a[0]));
      return RegoArray.of(RegoBoolean.TRUE, RegoNull.NULL);
    } catch (SchemaException | BuiltinException e) {
      return RegoArray.of(RegoBoolean.FALSE, RegoString.of("jsonschema: " + e.getMessage()));
    }
  }

  private static RegoValue match(BuiltinContext cx, RegoValue[] a) {
    RegoValue document = loaded(a[0]);
    try {
      List<Violation> violations = schema(cx, a[1]).validate(document, FORMATS, cx::spend);
      RegoArray.Builder shown = RegoArray.builder();
      for (Violation violation : violations) {
        shown.add(
            RegoObject.builder()
                .put("error", violation.field() + ": " + violation.description())
                .put("type", violation.type())
                .put("field", violation.field())
                .put("desc", violation.description())
                .build());
      }
      return RegoArray.of(RegoBoolean.of(violations.isEmpty()), shown.build());
    } catch (SchemaException e) {
      throw Args.error(String.valueOf(e.getMessage()));
    }
  }

  private static JsonSchema schema(BuiltinContext cx, RegoValue schema) {
    RegoValue json = loaded(schema);
    if (schema instanceof RegoString s && s.value().length() > MAX_CACHED) {
      return JsonSchema.compile(json);
    }
    return cx.patterns().get(new SchemaKey(schema), k -> JsonSchema.compile(json));
  }

  /// JSON from text, or from a value in which sets are arrays.
  private static RegoValue loaded(RegoValue value) {
    return switch (value) {
      case RegoString s -> {
        try {
          yield RegoJson.read(s.value());
        } catch (RegoJsonException e) {
          throw Args.error("invalid JSON string");
        }
      }
      case RegoObject _, RegoArray _ -> json(value);
      default -> throw Args.error("wrong type, expected string or object");
    };
  }

  private static RegoValue json(RegoValue value) {
    return switch (value) {
      case RegoSet set -> json(set.toArray());
      case RegoArray array -> {
        RegoArray.Builder items = RegoArray.builder();
        array.forEach(item -> items.add(json(item)));
        yield items.build();
      }
      case RegoObject object -> {
        RegoObject.Builder members = RegoObject.builder(object.size());
        for (RegoObject.Entry entry : object) {
          RegoValue key =
              entry.key() instanceof RegoString s
                  ? s
                  : RegoString.of(RegoJson.write(json(entry.key())));
          members.put(key, json(entry.value()));
        }
        yield members.build();
      }
      default -> value;
    };
  }
}
