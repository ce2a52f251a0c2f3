package io.outrider.policy.builtin.graphql;

import io.outrider.policy.builtin.graphql.Token.Kind;
import java.util.List;

/// Parses queries.
final class QueryParser extends Parser {
  private QueryParser(String text) {
    super(text);
  }

  static Node parse(String text) {
    return new QueryParser(text).document();
  }

  private Node document() {
    Node document = new Node(Shape.QUERY_DOCUMENT);
    while (!at(Kind.EOF)) {
      Token token = peek();
      if (token.is(Kind.BRACE_L)) {
        document.nodes("Operations").add(operation());
        continue;
      }
      if (!token.is(Kind.NAME)) {
        throw unexpected();
      }
      switch (token.value()) {
        case "query", "mutation", "subscription" -> document.nodes("Operations").add(operation());
        case "fragment" -> document.nodes("Fragments").add(fragment());
        default -> throw unexpected();
      }
    }
    return document;
  }

  private Node operation() {
    Node operation = new Node(Shape.OPERATION).at(peek());
    if (at(Kind.BRACE_L)) {
      operation.put("Operation", "query");
      selections(operation.nodes("SelectionSet"));
      return operation;
    }
    operation.put("Comment", comment()).put("Operation", next().value());
    if (at(Kind.NAME)) {
      operation.put("Name", next().value());
    }
    variables(operation.nodes("VariableDefinitions"));
    directives(operation.nodes("Directives"), false);
    selections(operation.nodes("SelectionSet"));
    return operation;
  }

  private void variables(List<Node> into) {
    some(
        Kind.PAREN_L,
        Kind.PAREN_R,
        () -> {
          Node definition = new Node(Shape.VARIABLE).at(peek()).put("Comment", comment());
          definition.put("Variable", variable());
          expect(Kind.COLON);
          definition.put("Type", type());
          if (skip(Kind.EQUALS)) {
            definition.put("DefaultValue", value(true));
          }
          directives(definition.nodes("Directives"), false);
          into.add(definition);
        });
  }

  private void selections(List<Node> into) {
    if (!at(Kind.BRACE_L)) {
      throw error(peek(), "Expected {, found " + peek().kind());
    }
    some(Kind.BRACE_L, Kind.BRACE_R, () -> into.add(at(Kind.SPREAD) ? spread() : field()));
  }

  private Node field() {
    Node field = new Node(Shape.FIELD).at(peek()).put("Comment", comment());
    String alias = name();
    field.put("Alias", alias).put("Name", skip(Kind.COLON) ? name() : alias);
    arguments(field.nodes("Arguments"), false);
    directives(field.nodes("Directives"), false);
    if (at(Kind.BRACE_L)) {
      selections(field.nodes("SelectionSet"));
    }
    return field;
  }

  private Node spread() {
    peek();
    var comment = comment();
    expect(Kind.SPREAD);
    Token token = peek();
    if (token.is(Kind.NAME) && !token.value().equals("on")) {
      Node spread = new Node(Shape.SPREAD).at(token).put("Comment", comment).put("Name", name());
      directives(spread.nodes("Directives"), false);
      return spread;
    }
    Node inline = new Node(Shape.INLINE_FRAGMENT).at(token).put("Comment", comment);
    if (token.value().equals("on")) {
      next();
      inline.put("TypeCondition", name());
    }
    directives(inline.nodes("Directives"), false);
    selections(inline.nodes("SelectionSet"));
    return inline;
  }

  private Node fragment() {
    Node fragment = new Node(Shape.FRAGMENT).at(peek()).put("Comment", comment());
    keyword("fragment");
    if (peek().value().equals("on")) {
      throw unexpected();
    }
    fragment.put("Name", name());
    variables(fragment.nodes("VariableDefinition"));
    keyword("on");
    fragment.put("TypeCondition", name());
    directives(fragment.nodes("Directives"), false);
    selections(fragment.nodes("SelectionSet"));
    return fragment;
  }
}
