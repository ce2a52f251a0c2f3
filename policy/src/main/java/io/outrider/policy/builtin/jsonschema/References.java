package io.outrider.policy.builtin.jsonschema;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The schemas within a schema that `$ref` can point to: by JSON pointer, or by the `$id` that they
/// give themselves. Nothing is ever fetched.
final class References {
  /// What a reference points to.
  ///
  /// @param draft null where it is that of the referring schema
  record Found(RegoValue value, Base base, @Nullable Draft draft) {}

  /// The URL that relative references in a schema start from.
  record Base(String url) {
    Base within(RegoObject schema) {
      RegoValue id = schema.get("id") instanceof RegoString s ? s : schema.get("$id");
      return id instanceof RegoString s ? new Base(resolve(s.value())) : this;
    }

    String resolve(String reference) {
      try {
        if (url.isEmpty() || url.equals("#")) {
          return normal(reference);
        }
        if (reference.startsWith("#")) {
          int hash = url.indexOf('#');
          return normal((hash < 0 ? url : url.substring(0, hash)) + reference);
        }
        return normal(URI.create(url).resolve(reference).toString());
      } catch (IllegalArgumentException e) {
        throw new SchemaException("parse " + reference + ": invalid reference");
      }
    }

    private static String normal(String url) {
      return url.endsWith("#") ? url.substring(0, url.length() - 1) : url;
    }
  }

  private record Document(RegoValue value, Base base) {}

  private final Draft draft;
  private final Map<String, Document> documents = new HashMap<>();
  private final Map<String, SubSchema> compiled = new HashMap<>();

  References(RegoObject root) {
    draft = Draft.of(root);
    collect(root, new Base(""), "");
    documents.put("", new Document(root, root().within(root)));
  }

  Base root() {
    return new Base("");
  }

  private void collect(RegoValue value, Base outer, String under) {
    switch (value) {
      case RegoArray array -> array.forEach(item -> collect(item, outer, ""));
      case RegoObject object -> {
        boolean isSchema = under.isEmpty();
        Base base = isSchema ? outer.within(object) : outer;
        if (!base.equals(outer)) {
          if (documents.put(base.url(), new Document(object, base)) != null) {
            throw new SchemaException("Reference already exists: \"" + base.url() + "\"");
          }
        }
        for (RegoObject.Entry entry : object) {
          String key = entry.key() instanceof RegoString s ? s.value() : "";
          switch (isSchema ? key : "") {
            case "const", "enum" -> {}
            case "properties", "dependencies", "patternProperties" ->
                collect(entry.value(), base, key);
            default -> collect(entry.value(), base, "");
          }
        }
      }
      default -> {}
    }
  }

  @Nullable SubSchema compiled(String url) {
    return compiled.get(url);
  }

  void remember(String url, SubSchema schema) {
    compiled.put(url, schema);
  }

  Found find(String url) {
    Document whole = documents.get(url);
    if (whole != null) {
      return new Found(whole.value, whole.base, draft);
    }
    int hash = url.indexOf('#');
    String document = hash < 0 ? url : url.substring(0, hash);
    Document holder = documents.get(document);
    if (holder == null) {
      if (!URI.create(document.replace(' ', '_')).isAbsolute()) {
        throw new SchemaException("Reference " + url + " must be canonical");
      }
      throw new SchemaException("remote reference loading disabled: " + url);
    }
    return at(holder, url.substring(hash + 1));
  }

  private Found at(Document holder, String fragment) {
    String pointer = URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
    RegoValue value = holder.value;
    Base base = holder.base;
    if (!pointer.isEmpty()) {
      if (!pointer.startsWith("/")) {
        throw new SchemaException("Invalid JSON pointer: " + pointer);
      }
      for (String part : pointer.substring(1).split("/", -1)) {
        String key = part.replace("~1", "/").replace("~0", "~");
        value = step(value, key);
        if (value instanceof RegoObject object) {
          base = base.within(object);
        }
      }
    }
    return new Found(value, base, draft);
  }

  private static RegoValue step(RegoValue value, String key) {
    RegoValue next =
        switch (value) {
          case RegoObject object -> object.get(key);
          case RegoArray array
              when key.matches("[0-9]{1,6}") && Integer.parseInt(key) < array.size() ->
              array.get(Integer.parseInt(key));
          default -> null;
        };
    if (next == null) {
      throw new SchemaException("Object has no key '" + key + "'");
    }
    return next;
  }
}
