package io.outrider.policy.syntax;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The content of a metadata block, checked and with its short forms written out (`authors: ["Ann
/// <ann@example.com>"]`, a resource as a bare address). Keys that mean nothing are left out.
final class AnnotationReader {
  private AnnotationReader() {}

  /// What a block says where something else must stand.
  static final class Misplaced extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String key;

    /// @param key the key whose value is of the wrong kind, or null for a value that is of the
    ///   right kind and makes no sense
    Misplaced(@Nullable String key, String message) {
      super(message);
      this.key = key;
    }

    @Nullable String key() {
      return key;
    }
  }

  static RegoObject read(RegoValue yaml) {
    if (yaml == RegoNull.NULL) {
      return RegoObject.EMPTY;
    }
    if (!(yaml instanceof RegoObject block)) {
      throw new Misplaced("", "metadata is " + yaml.typeName() + " (expected: an object)");
    }
    RegoObject.Builder out = RegoObject.builder(block.size());
    for (RegoObject.Entry entry : block) {
      if (entry.key() instanceof RegoString key && entry.value() != RegoNull.NULL) {
        RegoValue value = value(key.value(), entry.value());
        if (value != null) {
          out.put(key, value);
        }
      }
    }
    return out.build();
  }

  private static @Nullable RegoValue value(String key, RegoValue value) {
    return switch (key) {
      case "scope", "title", "description" -> text(key, value);
      case "entrypoint" -> {
        if (!(value instanceof RegoBoolean)) {
          throw kind(key, value, "true or false");
        }
        yield value == RegoBoolean.TRUE ? value : null;
      }
      case "organizations" -> each(key, value, item -> orEmpty(text(key, item)));
      case "related_resources" -> each(key, value, AnnotationReader::resource);
      case "authors" -> each(key, value, AnnotationReader::author);
      case "schemas" -> each(key, value, item -> schema(key, item));
      case "custom", "compile", "labels" -> {
        if (!(value instanceof RegoObject map)) {
          throw kind(key, value, "an object");
        }
        yield map.isEmpty() ? null : map;
      }
      default -> null;
    };
  }

  private static Misplaced kind(String key, RegoValue value, String wanted) {
    return new Misplaced(
        key, "yaml: " + key + ": " + value.typeName() + " (expected: " + wanted + ")");
  }

  /// A text, also where the value looks like a number; null for an empty one.
  private static @Nullable RegoValue text(String key, RegoValue value) {
    return switch (value) {
      case RegoString s -> s.value().isEmpty() ? null : s;
      case RegoNumber n -> RegoString.of(n.toString());
      case RegoBoolean b -> RegoString.of(b.toString());
      default -> throw kind(key, value, "a text");
    };
  }

  private static RegoValue orEmpty(@Nullable RegoValue value) {
    return value == null ? RegoString.of("") : value;
  }

  private static @Nullable RegoValue each(
      String key, RegoValue value, Function<RegoValue, RegoValue> change) {
    if (!(value instanceof RegoArray list)) {
      throw kind(key, value, "a list");
    }
    List<RegoValue> out = new ArrayList<>();
    list.forEach(item -> out.add(change.apply(item)));
    return out.isEmpty() ? null : RegoArray.of(out);
  }

  private static RegoValue author(RegoValue value) {
    if (value instanceof RegoObject o) {
      RegoObject.Builder out = RegoObject.builder(2);
      put(out, "name", o);
      put(out, "email", o);
      RegoObject author = out.build();
      if (author.isEmpty()) {
        throw new Misplaced(
            null, "invalid author definition: 'name' and/or 'email' values required in object");
      }
      return author;
    }
    if (!(value instanceof RegoString s)) {
      throw new Misplaced(
          null, "invalid author definition: invalid value type, must be string or map");
    }
    List<String> parts = List.of(s.value().strip().split("\\s+"));
    if (s.value().isBlank()) {
      throw new Misplaced(null, "invalid author definition: author is an empty string");
    }
    String last = parts.getLast();
    boolean email = last.length() >= 2 && last.startsWith("<") && last.endsWith(">");
    String name = String.join(" ", email ? parts.subList(0, parts.size() - 1) : parts);
    RegoObject.Builder out = RegoObject.builder(2);
    if (!name.isEmpty()) {
      out.put("name", name);
    }
    if (email && last.length() > 2) {
      out.put("email", last.substring(1, last.length() - 1));
    }
    return out.build();
  }

  private static void put(RegoObject.Builder out, String key, RegoObject from) {
    if (from.get(key) instanceof RegoString s && !s.value().isBlank()) {
      out.put(key, s.value().strip());
    }
  }

  private static RegoValue resource(RegoValue value) {
    if (value instanceof RegoString s && !s.value().isEmpty()) {
      return RegoObject.builder(1).put("ref", s.value()).build();
    }
    if (value instanceof RegoObject o) {
      RegoObject.Builder out = RegoObject.builder(2);
      put(out, "ref", o);
      put(out, "description", o);
      RegoObject resource = out.build();
      if (resource.get("ref") == null) {
        throw new Misplaced(
            null, "invalid related-resource definition: 'ref' value required in object");
      }
      return resource;
    }
    throw new Misplaced(
        null, "invalid related-resource definition: must be a string or an object with a ref");
  }

  private static RegoValue schema(String key, RegoValue value) {
    if (!(value instanceof RegoObject o)) {
      throw kind(key, value, "a list of objects");
    }
    if (o.isEmpty() || !(o.keyAt(0) instanceof RegoString path)) {
      throw new Misplaced(null, "invalid document reference");
    }
    RegoObject.Builder out = RegoObject.builder(2);
    out.put("path", path(path.value(), "invalid document reference"));
    switch (o.valueAt(0)) {
      case RegoString ref -> {
        if (!ref.value().equals("schema")
            && !ref.value().startsWith("schema.")
            && !ref.value().startsWith("schema[")) {
          throw new Misplaced(null, "invalid schema reference");
        }
        out.put("schema", path(ref.value(), "invalid schema reference"));
      }
      case RegoObject definition -> out.put("definition", definition);
      default ->
          throw new Misplaced(null, "invalid schema declaration for path \"" + path.value() + "\"");
    }
    return out.build();
  }

  /// The names of a reference written as text, such as `input.a["b-c"]`.
  private static RegoValue path(String text, String problem) {
    List<Diagnostic> problems = new ArrayList<>();
    Body body = Parser.parseQuery(new Source("", text), java.util.Set.of(), problems::add);
    if (body == null
        || !problems.isEmpty()
        || body.exprs().size() != 1
        || !(body.exprs().getFirst() instanceof Expr.Plain plain)) {
      throw new Misplaced(null, problem);
    }
    List<RegoValue> names = new ArrayList<>();
    switch (plain.term()) {
      case Term.Var v when v.isRoot() || v.name().equals("schema") ->
          names.add(RegoString.of(v.name()));
      case Term.Ref ref when ref.head() instanceof Term.Var v -> {
        names.add(RegoString.of(v.name()));
        for (Term key : ref.path()) {
          if (!(key instanceof Term.Scalar s)) {
            throw new Misplaced(null, problem);
          }
          names.add(s.value());
        }
      }
      default -> throw new Misplaced(null, problem);
    }
    return RegoArray.of(names);
  }
}
