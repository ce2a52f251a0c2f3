package io.outrider.policy.builtin.graphql;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A schema that makes sense: its types by name, with extensions applied.
final class Schema {
  private static final Set<String> REDEFINABLE =
      Set.of("include", "skip", "deprecated", "specifiedBy", "defer", "oneOf");

  private final Map<String, Node> types = new TreeMap<>();
  private final Map<String, Node> directives = new TreeMap<>();
  private final Map<String, List<Node>> possibleTypes = new HashMap<>();
  private final Map<String, Node> roots = new HashMap<>();

  private Schema() {}

  /// @param document the tree of the author's schema, which becomes part of the result
  static Schema of(Node document) {
    Schema schema = new Schema();
    Node prelude = Prelude.document();
    List<Node> definitions = new ArrayList<>(prelude.nodes("Definitions"));
    definitions.addAll(document.nodes("Definitions"));
    schema.addTypes(definitions, document.nodes("Extensions"));
    List<Node> declared = new ArrayList<>(prelude.nodes("Directives"));
    declared.addAll(document.nodes("Directives"));
    schema.addDirectives(declared);
    List<Node> entries = document.nodes("Schema");
    if (entries.size() > 1) {
      throw GraphqlException.schema(
          entries.get(1),
          "Cannot have multiple schema entry points, consider schema extensions instead.");
    }
    entries.forEach(schema::addRoots);
    document.nodes("SchemaExtension").forEach(schema::addRoots);
    new SchemaRules(schema).check();
    if (entries.isEmpty()) {
      schema.inferRoot("query", "Query");
      schema.inferRoot("mutation", "Mutation");
      schema.inferRoot("subscription", "Subscription");
    }
    Node query = schema.root("query");
    if (query != null) {
      schema.addIntrospection(query);
    }
    return schema;
  }

  @Nullable Node type(String name) {
    return types.get(name);
  }

  /// All types, by name.
  Collection<Node> types() {
    return types.values();
  }

  @Nullable Node directive(String name) {
    return directives.get(name);
  }

  Collection<Node> directives() {
    return directives.values();
  }

  /// The types that a value of the named type may have.
  List<Node> possibleTypes(String name) {
    return possibleTypes.getOrDefault(name, List.of());
  }

  @Nullable Node root(String operation) {
    return roots.get(operation.isEmpty() ? "query" : operation);
  }

  private void addTypes(List<Node> definitions, List<Node> extensions) {
    for (Node definition : definitions) {
      if (types.put(definition.name(), definition) != null) {
        throw GraphqlException.schema(
            definition, "Cannot redeclare type " + definition.name() + ".");
      }
    }
    List<Node> all = new ArrayList<>(definitions);
    for (Node extension : extensions) {
      Node base = types.get(extension.name());
      if (base == null) {
        base = new Node(Shape.DEFINITION).put("Name", extension.name());
        base.put("Kind", extension.text("Kind"));
        base.line = extension.line;
        base.column = extension.column;
        types.put(extension.name(), base);
        all.add(base);
      }
      if (!base.text("Kind").equals(extension.text("Kind"))) {
        throw GraphqlException.schema(
            extension,
            "Cannot extend type %s because the base type is a %s, not %s."
                .formatted(extension.name(), base.text("Kind"), extension.text("Kind")));
      }
      base.nodes("Directives").addAll(extension.nodes("Directives"));
      base.texts("Interfaces").addAll(extension.texts("Interfaces"));
      base.nodes("Fields").addAll(extension.nodes("Fields"));
      base.texts("Types").addAll(extension.texts("Types"));
      base.nodes("EnumValues").addAll(extension.nodes("EnumValues"));
    }
    all.forEach(this::addPossible);
  }

  private void addPossible(Node definition) {
    String kind = definition.text("Kind");
    if (kind.equals("UNION")) {
      for (String member : definition.texts("Types")) {
        Node type = types.get(member);
        if (type != null) {
          possible(definition.name(), type);
        }
      }
      return;
    }
    definition.texts("Interfaces").forEach(name -> possible(name, definition));
    if (kind.equals("OBJECT") || kind.equals("INPUT_OBJECT")) {
      possible(definition.name(), definition);
    }
  }

  private void possible(String name, Node type) {
    possibleTypes.computeIfAbsent(name, n -> new ArrayList<>()).add(type);
  }

  private void addDirectives(List<Node> declared) {
    Set<String> seen = new HashSet<>();
    for (Node directive : declared) {
      if (!seen.add(directive.name()) && !REDEFINABLE.contains(directive.name())) {
        throw GraphqlException.schema(
            directive, "Cannot redeclare directive " + directive.name() + ".");
      }
      directives.put(directive.name(), directive);
    }
  }

  private void addRoots(Node entry) {
    for (Node type : entry.nodes("OperationTypes")) {
      Node definition = types.get(type.text("Type"));
      if (definition == null) {
        throw GraphqlException.schema(
            type,
            "Schema root %s refers to a type %s that does not exist."
                .formatted(type.text("Operation"), type.text("Type")));
      }
      roots.put(type.text("Operation"), definition);
    }
    new SchemaRules(this).directives(entry.nodes("Directives"), "SCHEMA", null, true);
  }

  private void inferRoot(String operation, String name) {
    Node type = types.get(name);
    if (type != null) {
      roots.putIfAbsent(operation, type);
    }
  }

  private void addIntrospection(Node query) {
    List<Node> fields = query.nodes("Fields");
    fields.add(
        new Node(Shape.FIELD_DEFINITION)
            .put("Name", "__schema")
            .put("Type", Types.named("__Schema", true)));
    Node type =
        new Node(Shape.FIELD_DEFINITION)
            .put("Name", "__type")
            .put("Type", Types.named("__Type", false));
    type.nodes("Arguments")
        .add(
            new Node(Shape.ARGUMENT_DEFINITION)
                .put("Name", "name")
                .put("Type", Types.named("String", true)));
    fields.add(type);
  }
}
