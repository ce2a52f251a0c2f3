package io.outrider.policy.builtin;

import io.outrider.policy.builtin.Signature.Param;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import io.outrider.policy.value.Type;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The published list of what policies may use: the resource `capabilities.json` beside this class,
/// in the form that `opa capabilities` prints and `opa --capabilities` reads. It is also where the
/// engine takes the declarations of its built-ins from, so that the two cannot differ.
public final class Capabilities {
  private static final class Holder {
    static final String TEXT = load();
    static final Map<String, Signature> SIGNATURES = signatures(TEXT);
  }

  private Capabilities() {}

  /// The JSON text.
  public static String text() {
    return Holder.TEXT;
  }

  /// The declared built-ins by name, in the order of names.
  public static Map<String, Signature> signatures() {
    return Holder.SIGNATURES;
  }

  private static String load() {
    try (InputStream in = Capabilities.class.getResourceAsStream("capabilities.json")) {
      return new String(
          Objects.requireNonNull(in, "capabilities.json").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Signature> signatures(String text) {
    Map<String, Signature> signatures = new LinkedHashMap<>();
    for (RegoValue item : items((RegoObject) RegoJson.read(text), "builtins")) {
      Signature signature = signature((RegoObject) item);
      signatures.put(signature.name(), signature);
    }
    return java.util.Collections.unmodifiableMap(signatures);
  }

  private static Signature signature(RegoObject json) {
    RegoObject decl = object(json, "decl");
    List<Param> args = new ArrayList<>();
    for (RegoValue arg : items(decl, "args")) {
      args.add(param((RegoObject) arg));
    }
    List<String> categories = new ArrayList<>();
    for (RegoValue category : items(json, "categories")) {
      categories.add(((RegoString) category).value());
    }
    RegoValue variadic = decl.get("variadic");
    RegoValue result = decl.get("result");
    return new Signature(
        Objects.requireNonNull(string(json, "name")),
        args,
        variadic == null ? null : type((RegoObject) variadic),
        result == null ? null : param((RegoObject) result),
        string(json, "infix"),
        categories,
        flag(json, "deprecated"),
        flag(json, "nondeterministic"),
        flag(json, "relation"));
  }

  private static Param param(RegoObject json) {
    return new Param(string(json, "name"), type(json));
  }

  private static Type type(RegoObject json) {
    String kind = Objects.requireNonNull(string(json, "type"));
    return switch (kind) {
      case "null" -> Type.Scalar.NULL;
      case "boolean" -> Type.Scalar.BOOLEAN;
      case "number" -> Type.Scalar.NUMBER;
      case "string" -> Type.Scalar.STRING;
      case "array" -> new Type.ArrayOf(types(json, "static"), optional(json, "dynamic"));
      case "set" -> new Type.SetOf(type(object(json, "of")));
      case "object" -> objectType(json);
      case "any" -> json.get("of") == null ? Type.ANY : new Type.Union(types(json, "of"));
      default -> throw new IllegalArgumentException("type: " + kind + " (expected: a Rego type)");
    };
  }

  private static Type objectType(RegoObject json) {
    List<Type.Property> properties = new ArrayList<>();
    for (RegoValue item : items(json, "static")) {
      RegoObject property = (RegoObject) item;
      properties.add(
          new Type.Property(
              Objects.requireNonNull(property.get("key")), type(object(property, "value"))));
    }
    if (!(json.get("dynamic") instanceof RegoObject others)) {
      return new Type.ObjectOf(properties, null, null);
    }
    return new Type.ObjectOf(
        properties, type(object(others, "key")), type(object(others, "value")));
  }

  private static List<Type> types(RegoObject json, String key) {
    List<Type> types = new ArrayList<>();
    for (RegoValue item : items(json, key)) {
      types.add(type((RegoObject) item));
    }
    return types;
  }

  private static @Nullable Type optional(RegoObject json, String key) {
    return json.get(key) instanceof RegoObject of ? type(of) : null;
  }

  private static RegoObject object(RegoObject json, String key) {
    return (RegoObject) Objects.requireNonNull(json.get(key), key);
  }

  private static RegoArray items(RegoObject json, String key) {
    return json.get(key) instanceof RegoArray items ? items : RegoArray.EMPTY;
  }

  private static @Nullable String string(RegoObject json, String key) {
    return json.get(key) instanceof RegoString s ? s.value() : null;
  }

  private static boolean flag(RegoObject json, String key) {
    return RegoBoolean.TRUE.equals(json.get(key));
  }
}
