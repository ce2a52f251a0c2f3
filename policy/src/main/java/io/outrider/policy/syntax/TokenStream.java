package io.outrider.policy.syntax;

import io.outrider.policy.syntax.Token.Kind;
import org.jspecify.annotations.Nullable;

/// The parser's place in the text. It can be kept and gone back to, since tokens are cut on demand.
final class TokenStream {
  /// OPA stops at 100,000 levels; a Java stack of 1 MiB holds this many with room to spare. No
  /// policy written by hand comes near.
  static final int MAX_DEPTH = 500;

  private final Source source;
  private final Scanner scanner;
  private Token token;
  private int previousEnd;
  private int depth;
  private int wildcards;

  TokenStream(Source source) {
    this.source = source;
    this.scanner = new Scanner(source);
    this.token = new Token(Kind.EOF, 0, 0, true, true);
  }

  /// A place to come back to.
  record Mark(Token token, int previousEnd, int depth) {}

  Mark mark() {
    return new Mark(token, previousEnd, depth);
  }

  void reset(Mark mark) {
    token = mark.token;
    previousEnd = mark.previousEnd;
    depth = mark.depth;
  }

  /// Goes on behind what has been read before. Unlike [#reset], stays at the depth it is at.
  void skipTo(Mark end) {
    token = end.token;
    previousEnd = end.previousEnd;
  }

  Source source() {
    return source;
  }

  Scanner scanner() {
    return scanner;
  }

  Token token() {
    return token;
  }

  Kind kind() {
    return token.kind();
  }

  int start() {
    return token.start();
  }

  int previousEnd() {
    return previousEnd;
  }

  void advance() {
    previousEnd = token.end();
    token = scanner.next(token.end());
  }

  /// Goes on at `offset`, whatever stands before it.
  void moveTo(int offset) {
    previousEnd = offset;
    token = scanner.next(offset);
  }

  boolean at(Kind kind) {
    return token.kind() == kind;
  }

  /// Whether the current token is of this kind and stands directly after the one before.
  boolean atAdjacent(Kind kind) {
    return token.kind() == kind && !token.spaced();
  }

  boolean accept(Kind kind) {
    if (token.kind() == kind) {
      advance();
      return true;
    }
    return false;
  }

  void expect(Kind kind, String where) {
    if (!accept(kind)) {
      throw unexpected("expected " + kind.label() + " " + where);
    }
  }

  /// Reads the current token as a name, whatever it means elsewhere.
  void asName() {
    token = token.as(Kind.IDENT);
  }

  /// Looks at the current word again, after a keyword has been turned on.
  void reclassify() {
    if (token.kind() == Kind.IDENT) {
      token = token.as(scanner.kindOf(text()));
    }
  }

  /// Whether the keyword at hand is a name after all, since a reference continues it: `if.x`,
  /// `not["y"]`.
  boolean keywordBeginsRef() {
    if (!token.kind().isKeyword()) {
      return false;
    }
    char next = token.end() < source.text().length() ? source.text().charAt(token.end()) : ' ';
    return next == '.' || next == '[';
  }

  String text() {
    return source.text().substring(token.start(), token.end());
  }

  Span here() {
    return new Span(source, token.start(), token.end());
  }

  /// From `start` to the end of the last token read.
  Span since(int start) {
    return new Span(source, start, Math.max(start, previousEnd));
  }

  String wildcard() {
    return "$" + wildcards++;
  }

  void enter() {
    if (++depth > MAX_DEPTH) {
      throw new ParseFailure(here(), "nested too deep: more than " + MAX_DEPTH + " levels", null);
    }
  }

  void leave() {
    depth--;
  }

  /// White space where a name must follow directly.
  ParseFailure spaceAfterDot() {
    int at = previousEnd;
    String text = source.text();
    if (at < text.length() && text.charAt(at) == '#') {
      int newline = text.indexOf('\n', at);
      at = newline < 0 ? text.length() : newline;
    }
    if (at < text.length() && text.charAt(at) == '\n') {
      at++;
    }
    return new ParseFailure(
        new Span(source, at, at), "unexpected whitespace token: expected identifier", null);
  }

  ParseFailure unexpected(String expected) {
    return unexpected(expected, null);
  }

  ParseFailure unexpected(String expected, @Nullable String hint) {
    ParseFailure illegal = token.problem();
    if (illegal != null) {
      return illegal;
    }
    String label =
        token.kind().isKeyword()
            ? token.kind().label() + " keyword"
            : token.kind().label() + " token";
    return new ParseFailure(here(), "unexpected " + label + ": " + expected, hint);
  }
}
