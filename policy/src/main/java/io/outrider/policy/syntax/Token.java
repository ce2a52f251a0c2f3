package io.outrider.policy.syntax;

import org.jspecify.annotations.Nullable;

/// One lexical unit: its kind and its place.
///
/// @param spaced white space or a comment stands before it; a call or a reference may not continue
///   across it
/// @param newline a line break stands before it; a new expression may begin here
/// @param problem why it is illegal, or null
record Token(
    Kind kind,
    int start,
    int end,
    boolean spaced,
    boolean newline,
    @Nullable ParseFailure problem) {

  Token(Kind kind, int start, int end, boolean spaced, boolean newline) {
    this(kind, start, end, spaced, newline, null);
  }

  Token as(Kind other) {
    return new Token(other, start, end, spaced, newline);
  }

  /// The kinds; the label is what messages show.
  enum Kind {
    EOF("eof"),
    ILLEGAL("illegal"),
    IDENT("identifier"),
    NUMBER("number"),
    STRING("string"),
    RAW_STRING("raw string"),
    TEMPLATE("template string"),
    RAW_TEMPLATE("raw template string"),
    PACKAGE("package"),
    IMPORT("import"),
    AS("as"),
    DEFAULT("default"),
    ELSE("else"),
    NOT("not"),
    SOME("some"),
    WITH("with"),
    NULL("null"),
    TRUE("true"),
    FALSE("false"),
    IN("in"),
    EVERY("every"),
    CONTAINS("contains"),
    IF("if"),
    ALL_OF("and"),
    ANY_OF("or"),
    LBRACK("["),
    RBRACK("]"),
    LBRACE("{"),
    RBRACE("}"),
    LPAREN("("),
    RPAREN(")"),
    COMMA(","),
    COLON(":"),
    SEMICOLON(";"),
    DOT("."),
    ASSIGN(":="),
    UNIFY("="),
    EQUAL("=="),
    NEQ("!="),
    LT("<"),
    GT(">"),
    LTE("<="),
    GTE(">="),
    ADD("+"),
    SUB("-"),
    MUL("*"),
    DIV("/"),
    REM("%"),
    AND("&"),
    OR("|");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }

    /// Words with a meaning of their own. They may still be names inside a reference, after a dot.
    boolean isKeyword() {
      return compareTo(PACKAGE) >= 0 && compareTo(ANY_OF) <= 0;
    }
  }
}
