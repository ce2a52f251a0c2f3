package io.outrider.policy.syntax;

import io.outrider.policy.syntax.Expr.With;
import io.outrider.policy.syntax.Term.Call;
import io.outrider.policy.syntax.Term.Var;
import io.outrider.policy.syntax.Token.Kind;
import io.outrider.policy.syntax.TokenStream.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads bodies and the expressions in them.
final class ExprParser {
  /// Built-ins without a value, which say nothing as an operand.
  private static final Set<String> VOID = Set.of("print", "internal.print", "internal.test_case");

  private final TokenStream in;
  private final TermParser terms;
  private boolean notBodies;

  ExprParser(TokenStream in) {
    this.in = in;
    this.terms = new TermParser(in, this);
  }

  TermParser terms() {
    return terms;
  }

  /// Turns on a keyword that a module must ask for. With `not`, what is negated stays together.
  void activate(String keyword) {
    terms.forget();
    if (keyword.equals("not")) {
      notBodies = true;
    } else {
      in.scanner().activate(keyword);
    }
  }

  private boolean hasLogic() {
    return in.scanner().isActive("and") || in.scanner().isActive("or");
  }

  private boolean atLogic() {
    return in.at(Kind.ALL_OF) || in.at(Kind.ANY_OF);
  }

  /// Expressions up to `close`, which is read too.
  Body query(Kind close) {
    int start = in.start();
    if (in.at(close)) {
      throw new ParseFailure(in.here(), "found empty body", null);
    }
    List<Expr> exprs = new ArrayList<>();
    while (true) {
      exprs.add(literal());
      if (in.accept(Kind.SEMICOLON)) {
        continue;
      }
      if (in.at(close)) {
        break;
      }
      if (!in.token().newline()) {
        throw in.unexpected("expected \\n or ; or " + close.label(), operatorHint());
      }
    }
    Body body = new Body(exprs, in.since(start));
    in.advance();
    return body;
  }

  private @Nullable String operatorHint() {
    for (String word : List.of("in", "and", "or")) {
      if (in.at(Kind.IDENT) && in.text().equals(word)) {
        return "`import future.keywords." + word + "` turns the keyword on";
      }
    }
    return null;
  }

  /// One expression with its `with` modifiers.
  Expr literal() {
    in.enter();
    try {
      return modified();
    } finally {
      in.leave();
    }
  }

  private Expr modified() {
    int start = in.start();
    if (in.at(Kind.LBRACE) && hasLogic()) {
      Expr led = ledByBody(start);
      if (led != null) {
        return led;
      }
    }
    if (in.at(Kind.LPAREN) && hasLogic()) {
      Expr group = parenthesised(false);
      if (group != null) {
        return continued(group, start);
      }
    }
    if (in.keywordBeginsRef()) {
      in.asName();
      return plain(false, start);
    }
    boolean negated = in.accept(Kind.NOT);
    if (negated && notBodies && in.at(Kind.LBRACE)) {
      return continued(notBody(start), start);
    }
    if (in.at(Kind.SOME) || in.at(Kind.EVERY)) {
      if (negated) {
        throw new ParseFailure(
            in.here(),
            "unexpected " + in.text() + " keyword: illegal negation of '" + in.text() + "'",
            "move the expression into a rule or function of its own and negate that");
      }
      return in.at(Kind.SOME) ? some(start) : every(start);
    }
    return plain(negated, start);
  }

  /// `{ body } and ...`, or null (and back at the brace) when no operator follows.
  private @Nullable Expr ledByBody(int start) {
    Mark mark = in.mark();
    Body body;
    try {
      in.advance();
      body = query(Kind.RBRACE);
    } catch (ParseFailure notABody) {
      in.reset(mark);
      return null;
    }
    if (!atLogic()) {
      in.reset(mark);
      return null;
    }
    Expr group = new Expr.Group(body, List.of(), in.since(start));
    checkUnion(body, group.at());
    return withModifiers(operators(group), start);
  }

  /// What follows an operand that stands at the beginning: more operands, or modifiers.
  private Expr continued(Expr first, int start) {
    return withModifiers(atLogic() ? operators(first) : first, start);
  }

  private Expr plain(boolean negated, int start) {
    if (negated && notBodies && in.at(Kind.LPAREN)) {
      Expr group = parenthesised(true);
      if (group != null) {
        return continued(notOf(group, start), start);
      }
    }
    int inner = in.start();
    Term term = unification();
    Span termAt = in.since(inner);
    Span withAt = in.here();
    List<With> withs = withs();
    Expr expr;
    if (negated && notBodies) {
      Expr single = new Expr.Plain(term, false, List.of(), termAt);
      expr = new Expr.NotBody(bodyOf(single), false, withs, in.since(start));
    } else {
      expr = new Expr.Plain(term, negated, withs, in.since(start));
    }
    if (!atLogic()) {
      return expr;
    }
    if (!withs.isEmpty()) {
      throw withOnOperand(withAt);
    }
    if (!negated && termAt.text().startsWith("{")) {
      if (term instanceof Term.ObjectTerm o && o.entries().isEmpty()) {
        throw new ParseFailure(termAt, "found empty body", null);
      }
      throw ledByBrace(termAt, in.kind().label());
    }
    return withModifiers(operators(expr), start);
  }

  private ParseFailure withOnOperand(Span at) {
    return new ParseFailure(
        at,
        "`with` modifier is not allowed on operand of `" + in.kind().label() + "`",
        "put the operand in ( ) or { }, or move `with` to the end");
  }

  private static ParseFailure ledByBrace(Span at, String operator) {
    return new ParseFailure(
        at,
        "operand of `" + operator + "` cannot begin with `{` unless the braces hold a body",
        "put the operand in parentheses: (" + at.text() + ")");
  }

  private static Body bodyOf(Expr expr) {
    return new Body(List.of(expr), expr.at());
  }

  private Expr notOf(Expr operand, int start) {
    return operand instanceof Expr.Group g && g.withs().isEmpty()
        ? new Expr.NotBody(g.body(), true, List.of(), in.since(start))
        : new Expr.NotBody(bodyOf(operand), false, List.of(), in.since(start));
  }

  // `and`, `or`.

  /// The operators after a first operand: `and` binds tighter than `or`.
  private Expr operators(Expr first) {
    in.enter();
    try {
      Expr left = in.at(Kind.ALL_OF) ? conjunction(first) : first;
      while (in.accept(Kind.ANY_OF)) {
        Expr right = operand("or");
        if (in.at(Kind.ALL_OF)) {
          right = conjunction(right);
        }
        checkVoid(left, "or");
        checkVoid(right, "or");
        left = new Expr.Logic(false, left, right, List.of(), in.since(first.at().start()));
      }
      return left;
    } finally {
      in.leave();
    }
  }

  private Expr conjunction(Expr first) {
    Expr left = first;
    while (in.accept(Kind.ALL_OF)) {
      Expr right = operand("and");
      checkVoid(left, "and");
      checkVoid(right, "and");
      left = new Expr.Logic(true, left, right, List.of(), in.since(first.at().start()));
    }
    return left;
  }

  /// @param operator the operator before it; empty for the first one in parentheses
  private Expr operand(String operator) {
    int start = in.start();
    if (in.at(Kind.LBRACE)) {
      return bracedOperand(operator);
    }
    boolean negated = in.at(Kind.NOT) && !in.keywordBeginsRef();
    if (negated) {
      in.advance();
    }
    if (negated && notBodies && in.at(Kind.LBRACE)) {
      return notBody(start);
    }
    if (in.at(Kind.LPAREN) && (!negated || notBodies)) {
      Expr group = parenthesised(true);
      if (group != null) {
        return negated ? notOf(group, start) : group;
      }
    }
    int inner = in.start();
    Term term = unification();
    if (!negated) {
      return new Expr.Plain(term, false, List.of(), in.since(start));
    }
    return notBodies
        ? notOf(new Expr.Plain(term, false, List.of(), in.since(inner)), start)
        : new Expr.Plain(term, true, List.of(), in.since(start));
  }

  private Expr bracedOperand(String operator) {
    int start = in.start();
    Mark mark = in.mark();
    in.advance();
    boolean empty = in.at(Kind.RBRACE);
    try {
      Body body = query(Kind.RBRACE);
      Span at = in.since(start);
      checkUnion(body, at);
      return new Expr.Group(body, List.of(), at);
    } catch (ParseFailure failure) {
      if (!empty && !operator.isEmpty() && isTerm(mark)) {
        throw ledByBrace(in.since(start), operator);
      }
      throw failure;
    }
  }

  /// Whether a term stands at `mark`; if so, it has been read.
  private boolean isTerm(Mark mark) {
    Mark failed = in.mark();
    in.reset(mark);
    try {
      terms.infix();
      return true;
    } catch (ParseFailure notATerm) {
      in.reset(failed);
      return false;
    }
  }

  /// `(a or b)`, `({ body })` and the like, or null (and back at the parenthesis) when a term
  /// stands there.
  ///
  /// @param operand whether nothing but an operand is possible here
  private @Nullable Expr parenthesised(boolean operand) {
    in.enter();
    try {
      return group(operand);
    } finally {
      in.leave();
    }
  }

  private @Nullable Expr group(boolean operand) {
    Mark mark = in.mark();
    Span open = in.here();
    in.advance();
    if (in.at(Kind.RPAREN)) {
      if (operand) {
        throw new ParseFailure(open, "empty parenthesized group", null);
      }
      in.reset(mark);
      return null;
    }
    Expr first;
    int inner = in.start();
    try {
      first = operand("");
    } catch (ParseFailure notAnOperand) {
      in.reset(mark);
      return null;
    }
    boolean braces = first instanceof Expr.Group;
    if (atLogic()) {
      Expr expr = withModifiers(operators(first), inner);
      closeGroup();
      return expr;
    }
    if (in.at(Kind.WITH) && !braces) {
      Span withAt = in.here();
      Expr expr = withModifiers(first, inner);
      if (atLogic()) {
        throw withOnOperand(withAt);
      }
      closeGroup();
      if (operand || atLogic()) {
        return expr;
      }
      in.reset(mark);
      return null;
    }
    if (braces) {
      Span body = first.at();
      in.reset(mark);
      in.advance();
      boolean term = isBareTerm();
      in.reset(mark);
      if (!term) {
        throw new ParseFailure(
            open,
            "`(...)` in an operand position cannot contain a body",
            "leave the parentheses out: " + body.text());
      }
      return null;
    }
    boolean logic =
        first instanceof Expr.Logic
            || first instanceof Expr.NotBody
            || (first instanceof Expr.Plain p && p.negated());
    if (logic) {
      closeGroup();
      return first;
    }
    in.reset(mark);
    return null;
  }

  private boolean isBareTerm() {
    try {
      terms.term();
      return true;
    } catch (ParseFailure notATerm) {
      return false;
    }
  }

  private void closeGroup() {
    if (!in.accept(Kind.RPAREN)) {
      throw new ParseFailure(in.here(), "expected ) to close parenthesized group", null);
    }
  }

  private Expr notBody(int start) {
    Mark mark = in.mark();
    Span brace = in.here();
    in.advance();
    boolean empty = in.at(Kind.RBRACE);
    Body body;
    try {
      body = query(Kind.RBRACE);
    } catch (ParseFailure failure) {
      if (!empty && isTerm(mark)) {
        String term = in.since(brace.start()).text();
        throw new ParseFailure(
            brace,
            "`{...}` in an operand position must contain expression(s)",
            "write not (" + term + ") to negate the value");
      }
      throw failure;
    }
    checkUnion(body, in.since(brace.start()));
    return new Expr.NotBody(body, true, List.of(), in.since(start));
  }

  private static void checkUnion(Body body, Span at) {
    boolean ambiguous =
        body.exprs().getFirst() instanceof Expr.Plain p
            && p.term() instanceof Call c
            && c.isInfix("or")
            && !p.at().text().startsWith("(");
    if (ambiguous) {
      throw new ParseFailure(
          at,
          "ambiguous `{ ... | ... }` operand: read as a body holding a set-union expression, not as"
              + " a comprehension",
          "put the comprehension, or the union in it, in parentheses");
    }
  }

  private static void checkVoid(Expr operand, String operator) {
    List<Expr> exprs = operand instanceof Expr.Group g ? g.body().exprs() : List.of(operand);
    for (Expr expr : exprs) {
      boolean says =
          !(expr instanceof Expr.Plain p
              && !p.negated()
              && p.term() instanceof Call c
              && VOID.contains(c.function().at().text()));
      if (says) {
        return;
      }
    }
    throw new ParseFailure(
        exprs.getFirst().at(),
        "operand of `" + operator + "` cannot consist only of calls to `print`",
        "it always succeeds: move it out, or add an expression that can fail");
  }

  // The rest.

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
    Expr.SomeIn found = someIn(start);
    if (found != null) {
      return found;
    }
    in.reset(mark);
    List<Var> vars = new ArrayList<>();
    do {
      if (!in.at(Kind.IDENT)) {
        throw in.unexpected(
            "expected var",
            in.scanner().isActive("in")
                ? null
                : "`import future.keywords.in` allows `some x in xs`");
      }
      vars.add(variable());
    } while (in.accept(Kind.COMMA));
    return new Expr.SomeDecl(vars, List.of(), in.since(start));
  }

  private Expr.@Nullable SomeIn someIn(int start) {
    Term first;
    try {
      first = terms.infix();
    } catch (ParseFailure notATerm) {
      return null;
    }
    if (!(first instanceof Call c)) {
      return null;
    }
    boolean pair = c.isInfix("internal.member_3");
    if (!pair && !c.isInfix("internal.member_2")) {
      throw in.unexpected("expected `x in xs` or `x, y in xs` expression");
    }
    List<With> withs = withs();
    List<Term> args = c.args();
    return new Expr.SomeIn(
        pair ? args.getFirst() : null,
        args.get(args.size() - 2),
        args.getLast(),
        withs,
        in.since(start));
  }

  private Var variable() {
    Span at = in.here();
    String name = in.text();
    in.advance();
    return new Var(name.equals("_") ? in.wildcard() : name, at);
  }

  private Expr every(int start) {
    in.advance();
    Term range = terms.infix();
    boolean pair = range instanceof Call c && c.isInfix("internal.member_3");
    boolean member = range instanceof Call c && (pair || c.isInfix("internal.member_2"));
    if (!member) {
      throw in.unexpected("expected `x[, y] in xs { ... }` expression");
    }
    List<Term> args = ((Call) range).args();
    Var key = null;
    if (pair) {
      if (!(args.getFirst() instanceof Var k)) {
        throw in.unexpected("expected key to be a variable");
      }
      key = k;
    }
    if (!(args.get(args.size() - 2) instanceof Var value)) {
      throw in.unexpected("expected value to be a variable");
    }
    if (!in.accept(Kind.LBRACE)) {
      throw in.unexpected("missing body");
    }
    Body body = query(Kind.RBRACE);
    List<With> withs = withs();
    return new Expr.Every(key, value, args.getLast(), body, withs, in.since(start));
  }

  private Expr withModifiers(Expr core, int start) {
    List<With> withs = withs();
    if (withs.isEmpty()) {
      return core;
    }
    Span at = in.since(start);
    return switch (core) {
      case Expr.Plain p -> new Expr.Plain(p.term(), p.negated(), withs, at);
      case Expr.NotBody n -> new Expr.NotBody(n.body(), n.braces(), withs, at);
      case Expr.Logic l -> new Expr.Logic(l.all(), l.left(), l.right(), withs, at);
      case Expr.Group g -> new Expr.Group(g.body(), withs, at);
      case Expr.SomeDecl s -> s;
      case Expr.SomeIn s -> s;
      case Expr.Every e -> e;
    };
  }

  private List<With> withs() {
    List<With> withs = new ArrayList<>();
    while (in.at(Kind.WITH)) {
      int start = in.start();
      in.advance();
      if (!in.at(Kind.IDENT)) {
        throw in.unexpected("expected ident");
      }
      Term target = terms.term();
      if (!(target instanceof Var || target instanceof Term.Ref)) {
        throw in.unexpected("expected with target path");
      }
      if (!in.accept(Kind.AS)) {
        throw in.unexpected("expected as keyword");
      }
      Term value = terms.infix();
      withs.add(new With(target, value, in.since(start)));
    }
    return withs;
  }
}
