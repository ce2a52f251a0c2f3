package io.outrider.policy.builtin.graphql;

import io.outrider.policy.builtin.graphql.Token.Kind;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses schemas.
final class SchemaParser extends Parser {
  private static final Set<String> LOCATIONS =
      Set.of(
          "QUERY",
          "MUTATION",
          "SUBSCRIPTION",
          "FIELD",
          "FRAGMENT_DEFINITION",
          "FRAGMENT_SPREAD",
          "INLINE_FRAGMENT",
          "VARIABLE_DEFINITION",
          "SCHEMA",
          "SCALAR",
          "OBJECT",
          "FIELD_DEFINITION",
          "ARGUMENT_DEFINITION",
          "INTERFACE",
          "UNION",
          "ENUM",
          "ENUM_VALUE",
          "INPUT_OBJECT",
          "INPUT_FIELD_DEFINITION");

  private record Description(String text, @Nullable Node comment) {
    static final Description NONE = new Description("", null);
  }

  private SchemaParser(String text) {
    super(text);
  }

  static Node parse(String text) {
    return new SchemaParser(text).document();
  }

  private Node document() {
    Node document = new Node(Shape.SCHEMA_DOCUMENT);
    while (!at(Kind.EOF)) {
      Description description = description();
      Token token = peek();
      if (!token.is(Kind.NAME)) {
        throw unexpected();
      }
      switch (token.value()) {
        case "scalar", "type", "interface", "union", "enum", "input" ->
            document.nodes("Definitions").add(definition(description, keyword(token.value())));
        case "schema" -> document.nodes("Schema").add(schema(description));
        case "directive" -> document.nodes("Directives").add(directive(description));
        case "extend" -> {
          if (!description.text.isEmpty()) {
            throw unexpected(previous());
          }
          extension(document);
        }
        default -> throw unexpected();
      }
    }
    return document.put("Comment", comment());
  }

  private Description description() {
    if (!at(Kind.STRING) && !at(Kind.BLOCK_STRING)) {
      return Description.NONE;
    }
    Node before = comment();
    return new Description(next().value(), before);
  }

  private static void describe(Node node, Description description, @Nullable Node comment) {
    node.put("Description", description.text)
        .put("BeforeDescriptionComment", description.comment)
        .put("AfterDescriptionComment", comment);
  }

  private Node schema(Description description) {
    Node comment = keyword("schema");
    Node schema = new Node(Shape.SCHEMA_DEFINITION).at(peek());
    describe(schema, description, comment);
    directives(schema.nodes("Directives"), true);
    operationTypes(schema);
    return schema;
  }

  private void operationTypes(Node schema) {
    Node last =
        some(
            Kind.BRACE_L,
            Kind.BRACE_R,
            () -> {
              Node type = new Node(Shape.OPERATION_TYPE).at(peek()).put("Comment", comment());
              Token operation = next();
              switch (operation.value()) {
                case "query", "mutation", "subscription" -> {}
                default -> throw unexpected(operation);
              }
              type.put("Operation", operation.value());
              expect(Kind.COLON);
              schema.nodes("OperationTypes").add(type.put("Type", name()));
            });
    schema.put("EndOfDefinitionComment", last);
  }

  /// The rest of a definition, after its keyword.
  private Node definition(Description description, @Nullable Node comment) {
    String keyword = previous().value();
    Node definition = new Node(Shape.DEFINITION).at(peek());
    describe(definition, description, comment);
    definition.put("Name", name());
    boolean hasInterfaces = keyword.equals("type") || keyword.equals("interface");
    body(keyword, definition, hasInterfaces, true);
    return definition;
  }

  private void body(String keyword, Node definition, boolean hasInterfaces, boolean constant) {
    if (hasInterfaces) {
      interfaces(definition.texts("Interfaces"));
    }
    directives(definition.nodes("Directives"), constant);
    switch (keyword) {
      case "scalar" -> definition.put("Kind", "SCALAR");
      case "type", "interface" -> {
        definition.put("Kind", keyword.equals("type") ? "OBJECT" : "INTERFACE");
        List<Node> fields = definition.nodes("Fields");
        definition.put(
            "EndOfDefinitionComment", some(Kind.BRACE_L, Kind.BRACE_R, () -> fields.add(field())));
      }
      case "union" -> {
        definition.put("Kind", "UNION");
        members(definition.texts("Types"));
      }
      case "enum" -> {
        definition.put("Kind", "ENUM");
        List<Node> values = definition.nodes("EnumValues");
        definition.put(
            "EndOfDefinitionComment",
            some(
                Kind.BRACE_L,
                Kind.BRACE_R,
                () -> {
                  Node value = described(Shape.ENUM_VALUE);
                  directives(value.nodes("Directives"), true);
                  values.add(value);
                }));
      }
      default -> {
        definition.put("Kind", "INPUT_OBJECT");
        List<Node> fields = definition.nodes("Fields");
        definition.put(
            "EndOfDefinitionComment",
            some(Kind.BRACE_L, Kind.BRACE_R, () -> fields.add(input(Shape.FIELD_DEFINITION))));
      }
    }
  }

  private void interfaces(List<String> into) {
    if (peek().value().equals("implements")) {
      next();
      skip(Kind.AMP);
      do {
        into.add(name());
      } while (skip(Kind.AMP));
    }
  }

  private void members(List<String> into) {
    if (skip(Kind.EQUALS)) {
      skip(Kind.PIPE);
      do {
        into.add(name());
      } while (skip(Kind.PIPE));
    }
  }

  /// A node with its description and name.
  private Node described(Shape shape) {
    Node node = new Node(shape);
    Description description = description();
    if (!description.text.isEmpty()) {
      node.put("BeforeDescriptionComment", description.comment)
          .put("Description", description.text);
    }
    node.at(peek()).put("AfterDescriptionComment", comment());
    return node.put("Name", name());
  }

  private Node field() {
    Node field = described(Shape.FIELD_DEFINITION);
    argumentDefinitions(field.nodes("Arguments"));
    expect(Kind.COLON);
    field.put("Type", type());
    directives(field.nodes("Directives"), true);
    return field;
  }

  private void argumentDefinitions(List<Node> into) {
    some(Kind.PAREN_L, Kind.PAREN_R, () -> into.add(input(Shape.ARGUMENT_DEFINITION)));
  }

  private Node input(Shape shape) {
    Node input = described(shape);
    expect(Kind.COLON);
    input.put("Type", type());
    if (skip(Kind.EQUALS)) {
      input.put("DefaultValue", value(true));
    }
    directives(input.nodes("Directives"), true);
    return input;
  }

  private Node directive(Description description) {
    Node comment = keyword("directive");
    expect(Kind.AT);
    Node directive = new Node(Shape.DIRECTIVE_DEFINITION).at(peek());
    describe(directive, description, comment);
    directive.put("Name", name());
    argumentDefinitions(directive.nodes("Arguments"));
    if (peek().isName("repeatable")) {
      next();
      directive.put("IsRepeatable", true);
    }
    keyword("on");
    skip(Kind.PIPE);
    do {
      Token location = expect(Kind.NAME);
      if (!LOCATIONS.contains(location.value())) {
        throw unexpected(location);
      }
      directive.texts("Locations").add(location.value());
    } while (skip(Kind.PIPE));
    return directive;
  }

  private void extension(Node document) {
    Node comment = keyword("extend");
    Token token = peek();
    switch (token.value()) {
      case "schema" -> {
        next();
        Node schema =
            new Node(Shape.SCHEMA_DEFINITION).at(peek()).put("AfterDescriptionComment", comment);
        directives(schema.nodes("Directives"), true);
        operationTypes(schema);
        refuseEmpty(schema.nodes("Directives"), schema.nodes("OperationTypes"));
        document.nodes("SchemaExtension").add(schema);
      }
      case "scalar", "type", "interface", "union", "enum", "input" -> {
        String keyword = next().value();
        Node definition =
            new Node(Shape.DEFINITION).at(peek()).put("AfterDescriptionComment", comment);
        definition.put("Name", name());
        body(keyword, definition, keyword.equals("type"), !keyword.equals("input"));
        refuseEmpty(
            definition.texts("Interfaces"),
            definition.nodes("Directives"),
            definition.nodes("Fields"),
            definition.texts("Types"),
            definition.nodes("EnumValues"));
        document.nodes("Extensions").add(definition);
      }
      default -> throw unexpected();
    }
  }

  private void refuseEmpty(List<?>... parts) {
    for (List<?> part : parts) {
      if (!part.isEmpty()) {
        return;
      }
    }
    throw unexpected();
  }
}
