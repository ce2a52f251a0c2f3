package io.outrider.policy.syntax;

import io.outrider.policy.syntax.Term.Call;
import io.outrider.policy.syntax.Term.Entry;
import io.outrider.policy.syntax.Term.Part;
import io.outrider.policy.syntax.Term.Ref;
import io.outrider.policy.syntax.Term.Scalar;
import io.outrider.policy.syntax.Term.Var;
import io.outrider.policy.syntax.Token.Kind;
import io.outrider.policy.syntax.TokenStream.Mark;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoString;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads terms: operators by precedence, then references and calls, then literals.
final class TermParser {
  /// The largest exponent of two of a number, as in OPA.
  private static final int MAX_BINARY_EXPONENT = 100_000;

  private static final int LOWEST = 1;
  private static final int HIGHEST = 5;

  /// Terms shorter than this are read again faster than they are looked up.
  private static final int WORTH_KEEPING = 6;

  private final TokenStream in;
  private final ExprParser exprs;

  /// What was found at places of the statement being read. Brackets and braces are read as one
  /// thing and then, from the same place, as another; without this, each level of nesting would
  /// double the time.
  private final Map<Token, Outcome> read = new HashMap<>();

  TermParser(TokenStream in, ExprParser exprs) {
    this.in = in;
    this.exprs = exprs;
  }

  /// What came of reading a term: the term, or why there is none, and where the reading ended.
  private record Outcome(@Nullable Term term, @Nullable ParseFailure failure, Mark end) {}

  /// Another statement begins, or words get another meaning.
  void forget() {
    read.clear();
  }

  /// Any term, `x in xs` and `k, v in xs` included.
  Term infix() {
    return membership(operators(LOWEST), true);
  }

  /// A term where a comma separates: inside lists and argument lists.
  Term infixInList() {
    return membership(operators(LOWEST), false);
  }

  private Term membership(Term first, boolean pair) {
    Term left = first;
    if (pair && in.at(Kind.COMMA)) {
      Mark mark = in.mark();
      in.advance();
      Term value = operatorsOrNull();
      if (value != null && atIn()) {
        in.advance();
        Term domain = operators(LOWEST);
        left = operator("internal.member_3", List.of(first, value, domain));
      } else {
        in.reset(mark);
      }
    }
    while (atIn()) {
      in.advance();
      left = operator("internal.member_2", List.of(left, operators(LOWEST)));
    }
    return left;
  }

  /// The operator `in`, and not a reference such as `in.x` that begins the next line. Any keyword
  /// that a reference begins with is a name from here on.
  private boolean atIn() {
    if (in.keywordBeginsRef()) {
      in.asName();
    }
    return in.at(Kind.IN);
  }

  private @Nullable Term operatorsOrNull() {
    try {
      return operators(LOWEST);
    } catch (ParseFailure notATerm) {
      return null;
    }
  }

  /// Comparison, `|`, `&`, sums, products, each binding tighter than the one before, all from left
  /// to right.
  private Term operators(int level) {
    return operators(term(), level);
  }

  /// The operators that follow a term which has been read, down to `level`.
  private Term operators(Term first, int level) {
    Term left = first;
    while (true) {
      int found = operatorLevel();
      String name = found < level ? null : operatorAt(found);
      if (name == null) {
        return left;
      }
      in.advance();
      left = operator(name, List.of(left, operators(found + 1)));
    }
  }

  /// How tightly the operator at hand binds, or 0 where there is none.
  private int operatorLevel() {
    for (int level = HIGHEST; level >= LOWEST; level--) {
      if (operatorAt(level) != null) {
        return level;
      }
    }
    return 0;
  }

  private @Nullable String operatorAt(int level) {
    return switch (level) {
      case 1 ->
          switch (in.kind()) {
            case EQUAL -> "equal";
            case NEQ -> "neq";
            case LT -> "lt";
            case GT -> "gt";
            case LTE -> "lte";
            case GTE -> "gte";
            default -> null;
          };
      case 2 -> in.at(Kind.OR) ? "or" : null;
      case 3 -> in.at(Kind.AND) ? "and" : null;
      case 4 -> in.at(Kind.ADD) ? "plus" : in.at(Kind.SUB) ? "minus" : null;
      default ->
          switch (in.kind()) {
            case MUL -> "mul";
            case DIV -> "div";
            case REM -> "rem";
            default -> null;
          };
    };
  }

  Call operator(String name, List<Term> args) {
    Span at = args.getFirst().at().to(args.getLast().at());
    return new Call(new Var(name, at), args, true, at);
  }

  /// A term without operators, with what follows it directly: `.name`, `[key]`, `(args)`.
  Term term() {
    Token first = in.token();
    Outcome known = read.get(first);
    if (known != null) {
      in.skipTo(known.end());
      if (known.failure() != null) {
        throw known.failure();
      }
      return Objects.requireNonNull(known.term());
    }
    try {
      Term term = unread();
      if (in.previousEnd() - first.start() >= WORTH_KEEPING) {
        read.put(first, new Outcome(term, null, in.mark()));
      }
      return term;
    } catch (ParseFailure failure) {
      read.put(first, new Outcome(null, failure, in.mark()));
      throw failure;
    }
  }

  private Term unread() {
    in.enter();
    try {
      int start = in.start();
      if ((in.at(Kind.ALL_OF) || in.at(Kind.ANY_OF))
          && in.source().text().startsWith("(", in.token().end())) {
        // The set operators have these names as functions.
        in.asName();
      }
      if (in.at(Kind.SUB)) {
        Kind next = in.scanner().next(in.token().end()).kind();
        if (next == Kind.IDENT || next == Kind.CONTAINS) {
          Span sign = in.here();
          in.advance();
          int inner = in.start();
          Term negated = suffixes(name(), inner);
          Scalar zero = new Scalar(RegoNumber.of(0), sign);
          return new Call(new Var("minus", sign), List.of(zero, negated), true, in.since(start));
        }
      }
      Term head = head();
      return suffixes(head, start);
    } finally {
      in.leave();
    }
  }

  private Term head() {
    int start = in.start();
    return switch (in.kind()) {
      case NULL, TRUE, FALSE -> {
        Kind kind = in.kind();
        in.advance();
        yield new Scalar(
            kind == Kind.NULL ? RegoNull.NULL : RegoBoolean.of(kind == Kind.TRUE), in.since(start));
      }
      case NUMBER, SUB -> number();
      case STRING, RAW_STRING -> string();
      case TEMPLATE, RAW_TEMPLATE -> template();
      case LBRACK -> array();
      case LBRACE -> setOrObject();
      case LPAREN -> {
        in.advance();
        Term inner = infix();
        in.expect(Kind.RPAREN, "to close the parenthesis");
        yield inner;
      }
      case IDENT, CONTAINS -> name();
      case DOT -> {
        in.advance();
        throw in.unexpected("expected number");
      }
      default -> throw in.unexpected("expected a term");
    };
  }

  private Term name() {
    Span at = in.here();
    String name = in.text();
    in.advance();
    if (name.equals("_")) {
      return new Var(in.wildcard(), at);
    }
    if (name.equals("set") && in.atAdjacent(Kind.LPAREN)) {
      Mark mark = in.mark();
      in.advance();
      if (in.accept(Kind.RPAREN)) {
        return new Term.SetTerm(List.of(), in.since(at.start()));
      }
      in.reset(mark);
    }
    return new Var(name, at);
  }

  private Scalar number() {
    int start = in.start();
    String sign = "";
    if (in.accept(Kind.SUB)) {
      sign = "-";
      if (!in.at(Kind.NUMBER)) {
        throw in.unexpected("expected a number after -");
      }
    }
    String text = in.text();
    Span at = in.here();
    in.advance();
    try {
      RegoNumber value = RegoNumber.parse(sign + text);
      if (!isTooBig(value)) {
        return new Scalar(value, in.since(start));
      }
    } catch (NumberFormatException e) {
      // Far too big.
    }
    throw new ParseFailure(at, "number too big", null);
  }

  /// Whether the number cannot be written in a policy: OPA draws the line at a power of two.
  private static boolean isTooBig(RegoNumber number) {
    if (number.isLong()) {
      return false;
    }
    BigDecimal value = number.asBigDecimal();
    double exponent =
        value.unscaledValue().bitLength() - value.scale() * (Math.log(10) / Math.log(2));
    return value.signum() != 0 && Math.abs(exponent) > MAX_BINARY_EXPONENT;
  }

  private Scalar string() {
    Token token = in.token();
    String value =
        token.kind() == Kind.STRING
            ? in.scanner().unquote(token)
            : in.source().text().substring(token.start() + 1, token.end() - 1);
    in.advance();
    return new Scalar(RegoString.of(value), in.since(token.start()));
  }

  private Term template() {
    Token open = in.token();
    boolean raw = open.kind() == Kind.RAW_TEMPLATE;
    List<Part> parts = new ArrayList<>();
    int at = open.end();
    while (true) {
      Scanner.Piece piece = in.scanner().templatePiece(at, raw, open.start());
      if (!piece.text().isEmpty()) {
        parts.add(new Term.Text(piece.text()));
      }
      if (!piece.hole()) {
        in.moveTo(piece.next());
        return new Term.Template(parts, new Span(in.source(), open.start(), piece.next()));
      }
      in.moveTo(piece.next());
      if (in.at(Kind.RBRACE)) {
        throw in.unexpected("expected an expression in the template string");
      }
      Expr expr = exprs.literal();
      if (!in.at(Kind.RBRACE)) {
        throw in.unexpected("expected } after the expression in the template string");
      }
      checkHole(expr);
      parts.add(new Term.Hole(expr));
      at = in.token().end();
    }
  }

  private static void checkHole(Expr expr) {
    boolean plain =
        expr instanceof Expr.Plain p
            && !p.negated()
            && !(p.term() instanceof Call c && (c.isInfix("eq") || c.isInfix("assign")));
    if (!plain) {
      throw new ParseFailure(
          expr.at(),
          "unexpected expression in template string: expected a term",
          "not, =, :=, some and every are not allowed between the braces");
    }
  }

  private Term suffixes(Term head, int start) {
    Term base = head;
    List<Term> path = new ArrayList<>();
    while (true) {
      if (in.atAdjacent(Kind.DOT)) {
        checkRefHead(base, start);
        in.advance();
        if (in.token().spaced()) {
          throw in.spaceAfterDot();
        }
        if (!(in.at(Kind.IDENT) || in.kind().isKeyword())) {
          throw in.unexpected("expected a name after .");
        }
        path.add(new Scalar(RegoString.of(in.text()), in.here()));
        in.advance();
      } else if (in.atAdjacent(Kind.LBRACK)) {
        checkRefHead(base, start);
        in.advance();
        path.add(infix());
        in.expect(Kind.RBRACK, "to close the reference");
      } else if (in.atAdjacent(Kind.LPAREN) && (base instanceof Var || !path.isEmpty())) {
        Term function = path.isEmpty() ? base : new Ref(base, path, in.since(start));
        base = call(function, start);
        path = new ArrayList<>();
      } else {
        return path.isEmpty() ? base : new Ref(base, path, in.since(start));
      }
    }
  }

  private void checkRefHead(Term base, int start) {
    String kind =
        switch (base) {
          case Scalar t -> t.value().typeName();
          case Term.Template t -> "templatestring";
          case Ref t -> "ref";
          case Var t -> t.isRoot() && t.at().start() != start ? "ref" : null;
          default -> null;
        };
    if (kind != null) {
      throw new ParseFailure(base.at(), "illegal ref (head cannot be " + kind + ")", null);
    }
  }

  private Term call(Term function, int start) {
    in.advance();
    List<Term> args = new ArrayList<>();
    while (!in.at(Kind.RPAREN)) {
      args.add(infixInList());
      if (!in.accept(Kind.COMMA)) {
        break;
      }
    }
    in.expect(Kind.RPAREN, "or , in the arguments");
    return new Call(function, args, false, in.since(start));
  }

  private Term array() {
    int start = in.start();
    in.advance();
    if (in.accept(Kind.RBRACK)) {
      return new Term.ArrayTerm(List.of(), in.since(start));
    }
    boolean comprehension = !in.accept(Kind.COMMA);
    Mark mark = in.mark();
    Term first = term();
    if (in.at(Kind.OR) && comprehension) {
      Body body = comprehensionBody(Kind.RBRACK);
      if (body != null) {
        return new Term.ArrayCompr(first, body, in.since(start));
      }
    }
    in.reset(mark);
    List<Term> items = list(Kind.RBRACK);
    return new Term.ArrayTerm(items, in.since(start));
  }

  /// The body after `|`, or null when a comma shows that this is a list of unions and no
  /// comprehension.
  private @Nullable Body comprehensionBody(Kind close) {
    in.advance();
    try {
      return exprs.query(close);
    } catch (ParseFailure failure) {
      if (in.at(Kind.COMMA)) {
        return null;
      }
      throw failure;
    }
  }

  private List<Term> list(Kind close) {
    List<Term> items = new ArrayList<>();
    do {
      if (!items.isEmpty() && in.at(close)) {
        break;
      }
      items.add(infixInList());
    } while (in.accept(Kind.COMMA));
    in.expect(close, "or ,");
    return items;
  }

  private Term setOrObject() {
    int start = in.start();
    in.advance();
    if (in.accept(Kind.RBRACE)) {
      return new Term.ObjectTerm(List.of(), in.since(start));
    }
    boolean comprehension = !in.accept(Kind.COMMA);
    Mark mark = in.mark();
    Term first = term();
    if (in.at(Kind.COLON)) {
      return object(first, start, comprehension);
    }
    if (in.at(Kind.OR) && comprehension) {
      Body body = comprehensionBody(Kind.RBRACE);
      if (body != null) {
        return new Term.SetCompr(first, body, in.since(start));
      }
      in.reset(mark);
      return new Term.SetTerm(list(Kind.RBRACE), in.since(start));
    }
    in.reset(mark);
    Term key = infixInList();
    if (in.at(Kind.COLON)) {
      return object(key, start, comprehension);
    }
    if (!in.at(Kind.COMMA) && !in.at(Kind.RBRACE)) {
      throw in.unexpected("non-terminated set");
    }
    in.reset(mark);
    return new Term.SetTerm(list(Kind.RBRACE), in.since(start));
  }

  private Term object(Term firstKey, int start, boolean comprehension) {
    in.advance();
    Mark mark = in.mark();
    Term firstValue = term();
    if (in.at(Kind.OR) && comprehension) {
      in.advance();
      try {
        Body body = exprs.query(Kind.RBRACE);
        return new Term.ObjectCompr(firstKey, firstValue, body, in.since(start));
      } catch (ParseFailure notABody) {
        // Then the value is a union.
      }
    }
    in.reset(mark);
    firstValue = infixInList();
    if (!in.at(Kind.COMMA) && !in.at(Kind.RBRACE)) {
      throw in.unexpected("non-terminated object");
    }
    List<Entry> entries = new ArrayList<>();
    entries.add(new Entry(firstKey, firstValue));
    while (in.accept(Kind.COMMA)) {
      if (in.at(Kind.RBRACE)) {
        break;
      }
      Term key = infixInList();
      in.expect(Kind.COLON, "after the key");
      entries.add(new Entry(key, infixInList()));
    }
    in.expect(Kind.RBRACE, "or , in the object");
    return new Term.ObjectTerm(entries, in.since(start));
  }
}
