package io.outrider.policy.builtin.graphql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules that a schema must keep; the first that is broken is thrown.
final class SchemaRules {
  private static final Set<String> INPUT_KINDS = Set.of("SCALAR", "ENUM", "INPUT_OBJECT");
  private static final Set<String> OUTPUT_KINDS =
      Set.of("SCALAR", "OBJECT", "INTERFACE", "UNION", "ENUM");

  private final Schema schema;

  SchemaRules(Schema schema) {
    this.schema = schema;
  }

  void check() {
    schema.types().forEach(this::definition);
    new InputCycles().check();
    for (Node directive : schema.directives()) {
      name(directive);
      arguments(directive.nodes("Arguments"), directive);
    }
  }

  private static GraphqlException error(@Nullable Node at, String message, Object... parts) {
    return GraphqlException.schema(at, message.formatted(parts));
  }

  private static void name(Node node) {
    if (node.name().startsWith("__")) {
      throw error(
          node,
          "Name \"%s\" must not begin with \"__\", which is reserved by GraphQL introspection.",
          node.name());
    }
  }

  private void definition(Node definition) {
    String kind = definition.text("Kind");
    String where = kind.equals("INPUT_OBJECT") ? "INPUT_FIELD_DEFINITION" : "FIELD_DEFINITION";
    for (Node field : definition.nodes("Fields")) {
      name(field);
      typeExists(field);
      arguments(field.nodes("Arguments"), null);
      directives(field.nodes("Directives"), where, null, true);
    }
    members(definition, kind);
    for (String name : definition.texts("Interfaces")) {
      implementsInterface(definition, name);
    }
    switch (kind) {
      case "OBJECT", "INTERFACE" -> outputFields(definition, kind);
      case "ENUM" -> enumValues(definition);
      case "INPUT_OBJECT" -> inputFields(definition);
      default -> {}
    }
    unique(definition, definition.nodes("Fields"), "Field %s.%s can only be defined once.");
    unique(
        definition, definition.nodes("EnumValues"), "Enum value %s.%s can only be defined once.");
    Set<String> seen = new HashSet<>();
    for (String member : definition.texts("Types")) {
      if (!seen.add(member)) {
        throw error(
            definition, "Union type %s can only include type %s once.", definition.name(), member);
      }
    }
    if (!definition.flag("BuiltIn")) {
      name(definition);
    }
    directives(definition.nodes("Directives"), kind, null, false);
  }

  private void typeExists(Node node) {
    String name = Types.name(node.node("Type"));
    if (schema.type(name) == null) {
      throw error(node.node("Type"), "Undefined type %s.", name);
    }
  }

  private void members(Node definition, String kind) {
    for (String member : definition.texts("Types")) {
      Node type = schema.type(member);
      if (type == null) {
        throw error(definition, "Undefined type %s.", Texts.quoted(member));
      }
      if (!type.text("Kind").equals("OBJECT")) {
        throw error(definition, "%s type %s must be OBJECT.", kind, Texts.quoted(member));
      }
    }
  }

  private void outputFields(Node definition, String kind) {
    if (definition.nodes("Fields").isEmpty()) {
      throw error(definition, "%s %s: must define one or more fields.", kind, definition.name());
    }
    for (Node field : definition.nodes("Fields")) {
      Node type = schema.type(Types.name(field.node("Type")));
      if (type != null && !OUTPUT_KINDS.contains(type.text("Kind"))) {
        throw error(
            field,
            "%s %s: field must be one of SCALAR, OBJECT, INTERFACE, UNION, ENUM.",
            kind,
            definition.name());
      }
    }
  }

  private void enumValues(Node definition) {
    if (definition.nodes("EnumValues").isEmpty()) {
      throw error(
          definition, "ENUM %s: must define one or more unique enum values.", definition.name());
    }
    for (Node value : definition.nodes("EnumValues")) {
      switch (value.name()) {
        case "true", "false", "null" ->
            throw error(definition, "ENUM %s: non-enum value %s.", definition.name(), value.name());
        default -> directives(value.nodes("Directives"), "ENUM_VALUE", null, true);
      }
    }
  }

  private void inputFields(Node definition) {
    if (definition.nodes("Fields").isEmpty()) {
      throw error(
          definition, "INPUT_OBJECT %s: must define one or more input fields.", definition.name());
    }
    for (Node field : definition.nodes("Fields")) {
      Node type = schema.type(Types.name(field.node("Type")));
      if (type != null && !INPUT_KINDS.contains(type.text("Kind"))) {
        throw error(
            field,
            "%s %s: field must be one of SCALAR, ENUM, INPUT_OBJECT.",
            type.text("Kind"),
            field.name());
      }
    }
  }

  private static void unique(Node definition, List<Node> nodes, String message) {
    Set<String> seen = new HashSet<>();
    for (Node node : nodes) {
      if (!seen.add(node.name())) {
        throw error(node, message, definition.name(), node.name());
      }
    }
  }

  private void arguments(List<Node> arguments, @Nullable Node directive) {
    for (Node argument : arguments) {
      name(argument);
      typeExists(argument);
      Node type = schema.type(Types.name(argument.node("Type")));
      String kind = type == null ? "" : type.text("Kind");
      if (!INPUT_KINDS.contains(kind)) {
        throw error(
            argument,
            "cannot use %s as argument %s because %s is not a valid input type",
            Types.shown(argument.node("Type")),
            argument.name(),
            kind);
      }
      directives(argument.nodes("Directives"), "ARGUMENT_DEFINITION", directive, true);
    }
  }

  /// @param current the directive being defined, which must not use itself
  /// @param once whether the list stands in one place, where most directives may occur once only
  void directives(List<Node> uses, String where, @Nullable Node current, boolean once) {
    Set<String> seen = new HashSet<>();
    for (Node use : uses) {
      name(use);
      if (current != null && use.name().equals(current.name())) {
        throw error(use, "Directive %s cannot refer to itself.", current.name());
      }
      Node definition = schema.directive(use.name());
      if (definition == null) {
        throw error(use, "Undefined directive %s.", use.name());
      }
      if (once && !seen.add(use.name()) && !definition.flag("IsRepeatable")) {
        throw error(use, "The directive %s can only be used once at this location.", use.name());
      }
      if (!definition.texts("Locations").contains(where)) {
        throw error(use, "Directive %s is not applicable on %s.", use.name(), where);
      }
      directiveArguments(use, definition);
    }
  }

  private static void directiveArguments(Node use, Node definition) {
    for (Node argument : use.nodes("Arguments")) {
      if (Node.named(definition.nodes("Arguments"), argument.name()) == null) {
        throw error(
            argument, "Undefined argument %s for directive %s.", argument.name(), use.name());
      }
    }
    for (Node wanted : definition.nodes("Arguments")) {
      Node type = wanted.node("Type");
      if (type != null && type.flag("NonNull") && wanted.node("DefaultValue") == null) {
        Node given = Node.named(use.nodes("Arguments"), wanted.name());
        Node value = given == null ? null : given.node("Value");
        if (value == null || value.number("Kind") == Values.NULL) {
          throw error(
              use, "Argument %s for directive %s cannot be null.", wanted.name(), use.name());
        }
      }
    }
  }

  private void implementsInterface(Node definition, String name) {
    Node wanted = schema.type(name);
    if (wanted == null) {
      throw error(definition, "Undefined type %s.", Texts.quoted(name));
    }
    if (!wanted.text("Kind").equals("INTERFACE")) {
      throw error(
          definition, "%s is a non interface type %s.", Texts.quoted(name), wanted.text("Kind"));
    }
    for (Node field : wanted.nodes("Fields")) {
      implementsField(definition, wanted, field);
    }
    for (String inherited : wanted.texts("Interfaces")) {
      if (!definition.texts("Interfaces").contains(inherited)) {
        throw inherited.equals(definition.name())
            ? error(
                definition,
                "Type %s cannot implement %s because it would create a circular reference.",
                definition.name(),
                name)
            : error(
                definition,
                "Type %s must implement %s because it is implemented by %s.",
                definition.name(),
                inherited,
                name);
      }
    }
  }

  private void implementsField(Node definition, Node wanted, Node required) {
    String subject = "For " + definition.name() + " to implement " + wanted.name();
    Node found = Node.named(definition.nodes("Fields"), required.name());
    if (found == null) {
      throw error(definition, "%s it must have a field called %s.", subject, required.name());
    }
    if (!isCovariant(required.node("Type"), found.node("Type"))) {
      throw error(
          found,
          "%s the field %s must have type %s.",
          subject,
          required.name(),
          Types.shown(required.node("Type")));
    }
    for (Node argument : required.nodes("Arguments")) {
      Node given = Node.named(found.nodes("Arguments"), argument.name());
      String field =
          subject + " the field " + required.name() + " must have the same arguments but";
      if (given == null) {
        throw error(found, "%s it is missing %s.", field, argument.name());
      }
      Node type = argument.node("Type");
      Node givenType = given.node("Type");
      if (type != null
          && givenType != null
          && !Types.isCompatible(type, givenType, givenType.flag("NonNull"))) {
        throw error(given, "%s %s has the wrong type.", field, argument.name());
      }
    }
    for (Node given : found.nodes("Arguments")) {
      Node type = given.node("Type");
      if (Node.named(required.nodes("Arguments"), given.name()) == null
          && type != null
          && type.flag("NonNull")
          && given.node("DefaultValue") == null) {
        throw error(
            given,
            "%s any additional arguments on %s must be optional or have a default value but %s is"
                + " required.",
            subject,
            found.name(),
            given.name());
      }
    }
  }

  private boolean isCovariant(@Nullable Node required, @Nullable Node actual) {
    if (required == null || actual == null) {
      return required == actual;
    }
    if (required.flag("NonNull") && !actual.flag("NonNull")) {
      return false;
    }
    String name = required.text("NamedType");
    if (name.isEmpty()) {
      return actual.node("Elem") != null && isCovariant(required.node("Elem"), actual.node("Elem"));
    }
    String given = actual.text("NamedType");
    return name.equals(given)
        || schema.possibleTypes(name).stream().anyMatch(t -> t.name().equals(given));
  }

  /// Input objects that need themselves could never be written down.
  private final class InputCycles {
    private final Set<String> visited = new HashSet<>();
    private final List<Node> path = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();

    void check() {
      for (Node type : schema.types()) {
        if (type.text("Kind").equals("INPUT_OBJECT")) {
          visit(type);
        }
      }
    }

    private void visit(Node definition) {
      if (!visited.add(definition.name())) {
        return;
      }
      if (path.size() > Parser.MAX_DEPTH) {
        throw error(definition, "input objects nested more than %d deep", Parser.MAX_DEPTH);
      }
      places.put(definition.name(), path.size());
      for (Node field : definition.nodes("Fields")) {
        Node reference = field.node("Type");
        Node type =
            reference == null || !reference.flag("NonNull")
                ? null
                : schema.type(reference.text("NamedType"));
        if (type == null || !type.text("Kind").equals("INPUT_OBJECT")) {
          continue;
        }
        path.add(field);
        Integer start = places.get(type.name());
        if (start != null) {
          List<Node> cycle = path.subList(start, path.size());
          throw error(
              cycle.getFirst(),
              "Cannot reference Input Object %s within itself through a series of non-null fields:"
                  + " %s.",
              Texts.quoted(type.name()),
              Texts.quoted(String.join(".", cycle.stream().map(Node::name).toList())));
        }
        visit(type);
        path.removeLast();
      }
      places.remove(definition.name());
    }
  }
}
