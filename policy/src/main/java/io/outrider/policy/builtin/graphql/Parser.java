package io.outrider.policy.builtin.graphql;

import io.outrider.policy.builtin.graphql.Token.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the parsers of queries and schemas share: tokens with their comments, and the forms that
/// occur in both.
class Parser {
  /// Deeper nesting is refused: parsing and validation recurse.
  static final int MAX_DEPTH = 200;

  private final Lexer lexer;
  private @Nullable Token peeked;
  private @Nullable GraphqlException peekedError;
  private Token previous = new Token(Kind.EOF, "", 1, 1);
  private int depth;

  /// The comments that stand before the token looked at, if any.
  private @Nullable Node comment;

  Parser(String text) {
    lexer = new Lexer(text);
  }

  final Token peek() {
    Token token = peeked;
    if (token == null) {
      token = lexer.next();
      if (token.is(Kind.COMMENT)) {
        Node group = new Node(Shape.COMMENT_GROUP);
        for (; token.is(Kind.COMMENT); token = lexer.next()) {
          previous = token;
          group.nodes("List").add(new Node(Shape.COMMENT).put("Value", token.value()));
        }
        comment = group;
      }
      peekedError = lexer.error();
      peeked = token;
    }
    return token;
  }

  final Token previous() {
    return previous;
  }

  final @Nullable Node comment() {
    return comment;
  }

  final Token next() {
    Token token = peek();
    if (peekedError != null) {
      throw peekedError;
    }
    peeked = null;
    comment = null;
    previous = token;
    return token;
  }

  static GraphqlException error(Token at, String message) {
    return GraphqlException.at(at.line(), at.column(), message);
  }

  final GraphqlException unexpected() {
    return unexpected(peek());
  }

  static GraphqlException unexpected(Token token) {
    return error(token, "Unexpected " + token);
  }

  /// Takes a keyword and returns the comments before it.
  final @Nullable Node keyword(String word) {
    Token token = peek();
    Node before = comment;
    if (!token.isName(word)) {
      throw error(token, "Expected " + Texts.quoted(word) + ", found " + token);
    }
    next();
    return before;
  }

  final Token expect(Kind kind) {
    Token token = peek();
    if (!token.is(kind)) {
      throw error(token, "Expected " + kind + ", found " + token.kind());
    }
    return next();
  }

  final boolean skip(Kind kind) {
    if (!peek().is(kind)) {
      return false;
    }
    next();
    return true;
  }

  final boolean at(Kind kind) {
    return peek().is(kind);
  }

  final String name() {
    return expect(Kind.NAME).value();
  }

  /// Reads what stands between two tokens, if the first is there; returns the comments before the
  /// last.
  final @Nullable Node some(Kind open, Kind close, Runnable each) {
    if (!skip(open)) {
      return null;
    }
    if (at(close)) {
      throw error(peek(), "expected at least one definition, found " + peek().kind());
    }
    enter();
    while (!at(close)) {
      each.run();
    }
    depth--;
    Node last = comment;
    next();
    return last;
  }

  private void many(Kind open, Kind close, Runnable each) {
    expect(open);
    enter();
    while (!at(close)) {
      each.run();
    }
    depth--;
    next();
  }

  private void enter() {
    if (++depth > MAX_DEPTH) {
      throw error(peek(), "nested more than " + MAX_DEPTH + " deep");
    }
  }

  final void arguments(List<Node> into, boolean constant) {
    some(
        Kind.PAREN_L,
        Kind.PAREN_R,
        () -> {
          Node argument = new Node(Shape.ARGUMENT).at(peek()).put("Comment", comment);
          argument.put("Name", name());
          expect(Kind.COLON);
          into.add(argument.put("Value", value(constant)));
        });
  }

  final void directives(List<Node> into, boolean constant) {
    while (skip(Kind.AT)) {
      Node directive = new Node(Shape.DIRECTIVE).at(peek()).put("Name", name());
      arguments(directive.nodes("Arguments"), constant);
      into.add(directive);
    }
  }

  final Node type() {
    Node type = new Node(Shape.TYPE);
    if (skip(Kind.BRACKET_L)) {
      type.at(peek());
      enter();
      type.put("Elem", type());
      depth--;
      expect(Kind.BRACKET_R);
    } else {
      type.at(peek()).put("NamedType", name());
    }
    return type.put("NonNull", skip(Kind.BANG));
  }

  final String variable() {
    expect(Kind.DOLLAR);
    return name();
  }

  final Node value(boolean constant) {
    Token token = peek();
    Node value = new Node(Shape.VALUE).at(token);
    switch (token.kind()) {
      case BRACKET_L -> {
        value.put("Comment", comment).put("Kind", Values.LIST);
        many(
            Kind.BRACKET_L,
            Kind.BRACKET_R,
            () ->
                value
                    .nodes("Children")
                    .add(new Node(Shape.CHILD_VALUE).put("Value", value(constant))));
        return value;
      }
      case BRACE_L -> {
        value.put("Comment", comment).put("Kind", Values.OBJECT);
        many(Kind.BRACE_L, Kind.BRACE_R, () -> value.nodes("Children").add(member(constant)));
        return value;
      }
      case DOLLAR -> {
        if (constant) {
          throw unexpected();
        }
        return value.put("Kind", Values.VARIABLE).put("Raw", variable());
      }
      default -> {
        int kind = Values.kind(token);
        if (kind < 0) {
          throw unexpected();
        }
        next();
        return value.put("Kind", kind).put("Raw", token.value());
      }
    }
  }

  private Node member(boolean constant) {
    Node member = new Node(Shape.CHILD_VALUE).at(peek()).put("Comment", comment);
    member.put("Name", name());
    expect(Kind.COLON);
    return member.put("Value", value(constant));
  }
}
