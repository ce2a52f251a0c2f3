package io.outrider.policy.syntax;

import io.outrider.policy.syntax.Expr.With;
import io.outrider.policy.syntax.Term.Call;
import io.outrider.policy.syntax.Term.Var;
import io.outrider.policy.syntax.Token.Kind;
import io.outrider.policy.syntax.TokenStream.Mark;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads bodies and the expressions in them.
final class ExprParser {
  private final TokenStream in;
  private final TermParser terms;
  private boolean notKeyword;
  private boolean andKeyword;
  private boolean orKeyword;

  ExprParser(TokenStream in) {
    this.in = in;
    this.terms = new TermParser(in, this);
  }

  TermParser terms() {
    return terms;
  }

  /// Turns on a keyword that a module must ask for: `not` (with a body), `and`, `or`.
  void activate(String keyword) {
    switch (keyword) {
      case "not" -> notKeyword = true;
      case "and" -> andKeyword = true;
      case "or" -> orKeyword = true;
      default -> {}
    }
  }

  /// Expressions up to `close`, which is read too.
  Body query(Kind close) {
    int start = in.start();
    List<Expr> exprs = new ArrayList<>();
    while (in.accept(Kind.SEMICOLON)) {
      // Nothing between two separators.
    }
    if (in.at(close)) {
      throw new ParseFailure(in.here(), "found empty body", null);
    }
    while (true) {
      exprs.add(literal());
      if (in.at(close)) {
        break;
      }
      boolean separated = in.at(Kind.SEMICOLON);
      while (in.accept(Kind.SEMICOLON)) {
        // Several separators are as good as one.
      }
      if (in.at(close)) {
        break;
      }
      if (!separated && !in.token().newline()) {
        throw in.unexpected("expected \\n or ; or " + close.label(), operatorHint());
      }
    }
    Body body = new Body(exprs, in.since(start));
    in.advance();
    return body;
  }

  private @Nullable String operatorHint() {
    if (in.at(Kind.IDENT) && (in.atWord("and") || in.atWord("or"))) {
      return "`import future.keywords." + in.text() + "` turns the keyword on";
    }
    return null;
  }

  /// One expression with its `with` modifiers.
  Expr literal() {
    in.enter();
    try {
      int start = in.start();
      if (in.at(Kind.SOME) && !terms.keywordBeginsRef()) {
        return some(start);
      }
      if (in.at(Kind.EVERY) && !terms.keywordBeginsRef()) {
        return every(start);
      }
      Expr core = logicOr();
      return withModifiers(core, start);
    } finally {
      in.leave();
    }
  }

  private Expr logicOr() {
    Expr left = logicAnd();
    while (orKeyword && in.atWord("or")) {
      in.advance();
      Expr right = logicAnd();
      left = new Expr.Logic(false, left, right, List.of(), left.at().to(right.at()));
    }
    return left;
  }

  private Expr logicAnd() {
    Expr left = operand();
    while (andKeyword && in.atWord("and")) {
      in.advance();
      Expr right = operand();
      left = new Expr.Logic(true, left, right, List.of(), left.at().to(right.at()));
    }
    return left;
  }

  private Expr operand() {
    int start = in.start();
    if (in.at(Kind.NOT) && !terms.keywordBeginsRef()) {
      in.advance();
      return negation(start);
    }
    if ((andKeyword || orKeyword) && in.at(Kind.LBRACE)) {
      Expr group = bodyOperand(start);
      if (group != null) {
        return group;
      }
    }
    if ((andKeyword || orKeyword) && in.at(Kind.LPAREN)) {
      Expr group = parenthesised(start);
      if (group != null) {
        return group;
      }
    }
    Term term = unification();
    return new Expr.Plain(term, false, List.of(), in.since(start));
  }

  private Expr negation(int start) {
    if (in.at(Kind.SOME) || in.at(Kind.EVERY)) {
      throw new ParseFailure(
          in.here(),
          "unexpected " + in.text() + " keyword: illegal negation of '" + in.text() + "'",
          "move the expression into a rule or function of its own and negate that");
    }
    if (!notKeyword) {
      Term term = unification();
      return new Expr.Plain(term, true, List.of(), in.since(start));
    }
    if (in.at(Kind.LBRACE)) {
      Body body = braced();
      if (body != null) {
        return new Expr.NotBody(body, List.of(), in.since(start));
      }
    }
    int inner = in.start();
    Term term = unification();
    Expr expr = new Expr.Plain(term, false, List.of(), in.since(inner));
    return new Expr.NotBody(new Body(List.of(expr), expr.at()), List.of(), in.since(start));
  }

  /// `{ body }` as an operand of `and` or `or`, or null when the brace begins an ordinary term.
  private @Nullable Expr bodyOperand(int start) {
    Mark mark = in.mark();
    Body body = braced();
    if (body == null) {
      return null;
    }
    boolean operand =
        in.atWord("and") || in.atWord("or") || precededByOperator(start) || endsExpr();
    if (!operand) {
      in.reset(mark);
      return null;
    }
    return new Expr.Group(body, List.of(), in.since(start));
  }

  /// `(a and b)` as an operand, or null (and back at the parenthesis) when a term stands there.
  private @Nullable Expr parenthesised(int start) {
    Mark mark = in.mark();
    try {
      in.advance();
      int inner = in.start();
      Expr expr = withModifiers(logicOr(), inner);
      boolean logic = !(expr instanceof Expr.Plain p) || p.negated() || !p.withs().isEmpty();
      if (logic && in.accept(Kind.RPAREN)) {
        return new Expr.Group(new Body(List.of(expr), expr.at()), List.of(), in.since(start));
      }
    } catch (ParseFailure notLogic) {
      // Then it is a term in parentheses.
    }
    in.reset(mark);
    return null;
  }

  private boolean endsExpr() {
    return in.token().newline() || in.at(Kind.SEMICOLON) || in.at(Kind.RBRACE) || in.at(Kind.WITH);
  }

  private boolean precededByOperator(int start) {
    String before = in.source().text().substring(0, start).stripTrailing();
    return before.endsWith(" and") || before.endsWith(" or");
  }

  /// `{ body }`, or null (and back at the brace) when what stands there is an object, a set or a
  /// comprehension.
  private @Nullable Body braced() {
    Mark mark = in.mark();
    try {
      in.advance();
      return query(Kind.RBRACE);
    } catch (ParseFailure notABody) {
      in.reset(mark);
      return null;
    }
  }

  private Term unification() {
    Term left = terms.infix();
    String name = in.at(Kind.ASSIGN) ? "assign" : in.at(Kind.UNIFY) ? "eq" : null;
    if (name == null) {
      return left;
    }
    in.advance();
    return terms.operator(name, List.of(left, terms.infix()));
  }

  private Expr some(int start) {
    in.advance();
    Mark mark = in.mark();
    Term first = terms.infix();
    if (first instanceof Call c && c.isInfix("internal.member_2")) {
      List<With> withs = withs();
      return new Expr.SomeIn(null, c.args().get(0), c.args().get(1), withs, in.since(start));
    }
    if (first instanceof Call c && c.isInfix("internal.member_3")) {
      List<With> withs = withs();
      return new Expr.SomeIn(
          c.args().get(0), c.args().get(1), c.args().get(2), withs, in.since(start));
    }
    in.reset(mark);
    List<Var> vars = new ArrayList<>();
    do {
      if (!in.at(Kind.IDENT)) {
        throw in.unexpected("expected a variable name after some");
      }
      vars.add(variable());
    } while (in.accept(Kind.COMMA));
    if (in.at(Kind.WITH) && !in.token().newline()) {
      throw in.unexpected("some cannot be modified by with");
    }
    return new Expr.SomeDecl(vars, List.of(), in.since(start));
  }

  private Var variable() {
    Span at = in.here();
    String name = in.text();
    in.advance();
    return new Var(name.equals("_") ? in.wildcard() : name, at);
  }

  private Expr every(int start) {
    in.advance();
    if (!in.at(Kind.IDENT)) {
      throw in.unexpected("expected a variable name after every");
    }
    Var key = null;
    Var value = variable();
    if (in.accept(Kind.COMMA)) {
      if (!in.at(Kind.IDENT)) {
        throw in.unexpected("expected a second variable name in every");
      }
      key = value;
      value = variable();
    }
    in.expect(Kind.IN, "in every");
    Term domain = terms.infix();
    in.expect(Kind.LBRACE, "to begin the body of every");
    Body body = query(Kind.RBRACE);
    List<With> withs = withs();
    return new Expr.Every(key, value, domain, body, withs, in.since(start));
  }

  private Expr withModifiers(Expr core, int start) {
    List<With> withs = withs();
    if (withs.isEmpty()) {
      return core;
    }
    Span at = in.since(start);
    return switch (core) {
      case Expr.Plain p -> new Expr.Plain(p.term(), p.negated(), withs, at);
      case Expr.NotBody n -> new Expr.NotBody(n.body(), withs, at);
      case Expr.Logic l -> new Expr.Logic(l.all(), l.left(), l.right(), withs, at);
      case Expr.Group g -> new Expr.Group(g.body(), withs, at);
      case Expr.SomeDecl s -> s;
      case Expr.SomeIn s -> s;
      case Expr.Every e -> e;
    };
  }

  private List<With> withs() {
    List<With> withs = new ArrayList<>();
    while (in.at(Kind.WITH) && !(in.token().newline() && terms.keywordBeginsRef())) {
      int start = in.start();
      in.advance();
      Term target = terms.term();
      if (!(target instanceof Var || target instanceof Term.Ref)) {
        throw new ParseFailure(
            target.at(), "unexpected with target: expected a reference or a name", null);
      }
      in.expect(Kind.AS, "after the target of with");
      Term value = terms.infix();
      withs.add(new With(target, value, in.since(start)));
    }
    return withs;
  }
}
