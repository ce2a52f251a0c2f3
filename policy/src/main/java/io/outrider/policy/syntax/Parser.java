package io.outrider.policy.syntax;

import io.outrider.policy.syntax.Module.Import;
import io.outrider.policy.syntax.Rule.Else;
import io.outrider.policy.syntax.Rule.Head;
import io.outrider.policy.syntax.Term.Scalar;
import io.outrider.policy.syntax.Term.Var;
import io.outrider.policy.syntax.Token.Kind;
import io.outrider.policy.syntax.TokenStream.Mark;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoString;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads modules and queries. After a mistake it goes on at the next rule, so that one run shows
/// them all.
public final class Parser {
  private static final Set<String> IMPORT_ROOTS = Set.of("data", "input", "future", "rego");
  private static final Set<String> FUTURE =
      Set.of("in", "every", "contains", "if", "not", "and", "or");
  private static final String V0_HINT =
      "this looks like Rego v0; `opa fmt --v0-v1` rewrites a file for Rego v1";

  private final TokenStream in;
  private final ExprParser exprs;
  private final TermParser terms;
  private final Consumer<Diagnostic> problems;

  private Parser(Source source, Consumer<Diagnostic> problems) {
    this.in = new TokenStream(source);
    this.exprs = new ExprParser(in);
    this.terms = exprs.terms();
    this.problems = problems;
  }

  /// The module in `source`, or null when it has none that could be read; `problems` hears of every
  /// mistake.
  public static @Nullable Module parseModule(Source source, Consumer<Diagnostic> problems) {
    return new Parser(source, problems).module();
  }

  /// The query in `source`, or null when it cannot be read.
  ///
  /// @param keywords which of `not`, `and`, `or` are on
  public static @Nullable Body parseQuery(
      Source source, Set<String> keywords, Consumer<Diagnostic> problems) {
    Parser parser = new Parser(source, problems);
    keywords.forEach(parser.exprs::activate);
    try {
      parser.in.moveTo(0);
      return parser.exprs.query(Kind.EOF);
    } catch (ParseFailure e) {
      problems.accept(e.diagnostic());
      return null;
    }
  }

  private @Nullable Module module() {
    List<String> packagePath = List.of();
    Span packageAt = new Span(in.source(), 0, 0);
    try {
      in.moveTo(0);
      int start = in.start();
      if (!in.at(Kind.PACKAGE)) {
        if (in.at(Kind.EOF)) {
          throw new ParseFailure(in.here(), "empty module", "a module begins with `package name`");
        }
        throw in.unexpected("package expected", "a module begins with `package name`");
      }
      packagePath = packagePath();
      packageAt = in.since(start);
    } catch (ParseFailure e) {
      problems.accept(e.diagnostic());
      if (!(in.source().text().contains("package"))) {
        return null;
      }
      skipStatement(in.start());
    }
    List<Import> imports = new ArrayList<>();
    List<Rule> rules = new ArrayList<>();
    while (true) {
      int start = in.start();
      try {
        if (in.at(Kind.EOF)) {
          break;
        }
        if (in.at(Kind.IMPORT) && !terms.keywordBeginsRef()) {
          imports.add(importStatement());
        } else if (in.at(Kind.PACKAGE) && !terms.keywordBeginsRef()) {
          throw in.unexpected("only one package per module");
        } else if (!in.accept(Kind.SEMICOLON)) {
          rules(rules);
        }
      } catch (ParseFailure e) {
        problems.accept(e.diagnostic());
        skipStatement(Math.max(start, in.previousEnd()));
      }
    }
    List<Span> comments = in.scanner().comments();
    return Annotations.attach(
        new Module(in.source(), packagePath, packageAt, imports, rules, List.of(), comments),
        problems);
  }

  /// Moves to the next line after `from` that looks like the start of a statement.
  private void skipStatement(int from) {
    String text = in.source().text();
    int at = from;
    while (true) {
      int newline = text.indexOf('\n', at);
      if (newline < 0) {
        in.moveTo(text.length());
        return;
      }
      at = newline + 1;
      if (at < text.length() && Character.isLetter(text.charAt(at))) {
        try {
          in.moveTo(at);
          return;
        } catch (ParseFailure illegal) {
          problems.accept(illegal.diagnostic());
        }
      }
    }
  }

  private List<String> packagePath() {
    in.advance();
    if (in.token().newline()) {
      throw in.unexpected("expected a name after package");
    }
    List<String> path = groundPath("package");
    if (path.getFirst().equals("data") && path.size() == 1) {
      throw new ParseFailure(in.since(in.previousEnd()), "unexpected package name: data", null);
    }
    return path;
  }

  private List<String> groundPath(String where) {
    if (!(in.at(Kind.IDENT) || in.kind().isKeyword())) {
      throw in.unexpected("expected a name after " + where);
    }
    List<String> path = new ArrayList<>();
    path.add(in.text());
    in.advance();
    while (true) {
      if (in.atAdjacent(Kind.DOT)) {
        in.advance();
        if (!(in.at(Kind.IDENT) || in.kind().isKeyword())) {
          throw in.unexpected("expected a name after .");
        }
        path.add(in.text());
        in.advance();
      } else if (in.atAdjacent(Kind.LBRACK)) {
        in.advance();
        Term key = terms.infix();
        if (!(key instanceof Scalar s && s.value() instanceof RegoString name)) {
          throw new ParseFailure(
              key.at(), "unexpected " + where + " path, must only contain string elements", null);
        }
        path.add(name.value());
        in.expect(Kind.RBRACK, "in the path");
      } else {
        return path;
      }
    }
  }

  private Import importStatement() {
    int start = in.start();
    in.advance();
    List<String> path = groundPath("import");
    Span pathAt = in.since(start);
    if (!IMPORT_ROOTS.contains(path.getFirst())) {
      throw new ParseFailure(
          pathAt,
          "unexpected import path, must begin with one of: {data, future, input, rego}, got: "
              + path.getFirst(),
          null);
    }
    Var alias = null;
    if (in.accept(Kind.AS)) {
      if (!in.at(Kind.IDENT)) {
        throw in.unexpected("expected a name after as");
      }
      alias = new Var(in.text(), in.here());
      in.advance();
      if (alias.name().equals("_")) {
        throw new ParseFailure(alias.at(), "unexpected wildcard as import alias", null);
      }
      if (alias.name().equals("input") || alias.name().equals("data")) {
        throw new ParseFailure(
            alias.at(),
            "unexpected import alias, must not be a reserved name, got: " + alias.name(),
            null);
      }
    }
    checkKeywordImport(path, alias, pathAt);
    return new Import(path, alias, in.since(start));
  }

  private void checkKeywordImport(List<String> path, @Nullable Var alias, Span at) {
    String root = path.getFirst();
    if (root.equals("future")) {
      if (path.size() < 2 || !path.get(1).equals("keywords") || path.size() > 3) {
        throw new ParseFailure(at, "invalid import, must be `future.keywords`", null);
      }
      if (alias != null) {
        throw new ParseFailure(alias.at(), "`future` imports cannot be aliased", null);
      }
      if (path.size() == 3 && !FUTURE.contains(path.get(2))) {
        throw new ParseFailure(at, "unexpected keyword, must be one of " + sorted(FUTURE), null);
      }
      if (path.size() == 3) {
        exprs.activate(path.get(2));
      } else {
        FUTURE.forEach(exprs::activate);
      }
    } else if (root.equals("rego")) {
      boolean known = path.size() == 2 && (path.get(1).equals("v1") || path.get(1).equals("v2"));
      if (!known) {
        throw new ParseFailure(at, "invalid import, must be `rego.v1` or `rego.v2`", null);
      }
      if (alias != null) {
        throw new ParseFailure(alias.at(), "`rego` imports cannot be aliased", null);
      }
      if (path.get(1).equals("v2")) {
        FUTURE.forEach(exprs::activate);
      }
    }
  }

  private static List<String> sorted(Set<String> words) {
    return words.stream().sorted().toList();
  }

  private void rules(List<Rule> rules) {
    int start = in.start();
    if (in.at(Kind.DEFAULT) && !terms.keywordBeginsRef()) {
      rules.add(defaultRule(start));
      return;
    }
    Head head = head();
    boolean hasIf = acceptIf();
    if (!hasIf && in.at(Kind.LBRACE) && !in.token().newline()) {
      throw in.unexpected("`if` keyword is required before rule body", V0_HINT);
    }
    if (!hasIf && isBareDynamic(head)) {
      throw new ParseFailure(
          head.at(), "`contains` keyword is required for partial set rules", V0_HINT);
    }
    if (!hasIf && head.args() == null && head.value() == null && head.member() == null) {
      throw new ParseFailure(
          head.at(),
          "var cannot be used for rule name",
          "a rule has a value (`:=`), a member (`contains`) or a body (`if`)");
    }
    Body body = hasIf ? ruleBody() : null;
    List<Else> elses = new ArrayList<>();
    while (in.at(Kind.ELSE) && !terms.keywordBeginsRef()) {
      if (!hasIf) {
        throw in.unexpected("a rule without a body always holds");
      }
      elses.add(elseBranch(head));
    }
    rules.add(new Rule(head, body, elses, false, List.of(), in.since(start)));
    // Chained bodies are further definitions with the same head.
    while (hasIf && elses.isEmpty() && in.at(Kind.LBRACE) && !in.token().newline()) {
      int next = in.start();
      in.advance();
      Body chained = exprs.query(Kind.RBRACE);
      rules.add(new Rule(head, chained, List.of(), false, List.of(), in.since(next)));
    }
  }

  /// The keyword `if`, and not a rule such as `if.x := 1` that begins the next line.
  private boolean atIf() {
    return in.at(Kind.IF) && !(in.token().newline() && terms.keywordBeginsRef());
  }

  private boolean acceptIf() {
    boolean found = atIf();
    if (found) {
      in.advance();
    }
    return found;
  }

  private static boolean isBareDynamic(Head head) {
    return head.args() == null
        && head.value() == null
        && head.member() == null
        && !head.path().isEmpty();
  }

  private Head head() {
    int start = in.start();
    if (!in.at(Kind.IDENT) && !terms.keywordBeginsRef()) {
      throw in.unexpected("expected a rule, an import or the end of the file");
    }
    Var name = new Var(in.text(), in.here());
    if (name.name().equals("_")) {
      throw new ParseFailure(name.at(), "var _ cannot be used for rule name", null);
    }
    in.advance();
    List<Term> path = new ArrayList<>();
    while (true) {
      if (in.atAdjacent(Kind.DOT)) {
        in.advance();
        if (in.token().spaced() || !(in.at(Kind.IDENT) || in.kind().isKeyword())) {
          throw in.unexpected("expected a name after .");
        }
        path.add(new Scalar(RegoString.of(in.text()), in.here()));
        in.advance();
      } else if (in.atAdjacent(Kind.LBRACK)) {
        in.advance();
        path.add(terms.infix());
        in.expect(Kind.RBRACK, "in the rule head");
      } else {
        break;
      }
    }
    List<Term> args = in.atAdjacent(Kind.LPAREN) ? args() : null;
    Term member = null;
    Term value = null;
    boolean assign = false;
    if (in.accept(Kind.CONTAINS)) {
      if (args != null) {
        throw new ParseFailure(
            in.since(start),
            "the contains keyword can only be used with multi-value rule definitions",
            null);
      }
      member = terms.infix();
      if (in.at(Kind.ASSIGN) || in.at(Kind.UNIFY)) {
        throw in.unexpected("a rule with contains has no other value");
      }
    } else if (in.at(Kind.ASSIGN) || in.at(Kind.UNIFY)) {
      assign = in.at(Kind.ASSIGN);
      in.advance();
      value = terms.infix();
    }
    return new Head(name, path, args, member, value, assign, in.since(start));
  }

  private List<Term> args() {
    in.advance();
    List<Term> args = new ArrayList<>();
    while (!in.at(Kind.RPAREN)) {
      args.add(terms.infixInList());
      if (!in.accept(Kind.COMMA)) {
        break;
      }
    }
    in.expect(Kind.RPAREN, "or , in the function's arguments");
    return args;
  }

  private Body ruleBody() {
    if (!in.at(Kind.LBRACE)) {
      Expr expr = exprs.literal();
      return new Body(List.of(expr), expr.at());
    }
    // A brace after `if` may begin a body or, without one, an expression such as `{"a": 1}[x]`. An
    // expression that
    // is nothing but a set literal would always hold, so that is read as a body.
    Mark mark = in.mark();
    try {
      Expr expr = exprs.literal();
      boolean set =
          expr instanceof Expr.Plain p && !p.negated() && p.term() instanceof Term.SetTerm;
      if (!set && endsRule()) {
        return new Body(List.of(expr), expr.at());
      }
    } catch (ParseFailure notAnExpression) {
      // Then it is a body; its own reading reports what is wrong in it.
    }
    in.reset(mark);
    in.advance();
    return exprs.query(Kind.RBRACE);
  }

  private boolean endsRule() {
    return in.token().newline() || in.at(Kind.ELSE) || in.at(Kind.SEMICOLON) || in.at(Kind.LBRACE);
  }

  private Else elseBranch(Head head) {
    int start = in.start();
    if (head.member() != null) {
      throw in.unexpected("else keyword cannot be used on multi-value rules");
    }
    in.advance();
    Term value = null;
    if (in.at(Kind.ASSIGN) || in.at(Kind.UNIFY)) {
      in.advance();
      value = terms.infix();
    }
    if (acceptIf()) {
      Body body = ruleBody();
      return new Else(value, body, in.since(start));
    }
    if (in.at(Kind.LBRACE) && !in.token().newline()) {
      throw in.unexpected("`if` keyword is required before rule body", V0_HINT);
    }
    if (value == null) {
      throw in.unexpected("expected else value term (e.g., else := <VALUE>) or if");
    }
    return new Else(value, null, in.since(start));
  }

  private Rule defaultRule(int start) {
    in.advance();
    Head head = head();
    if (head.member() != null) {
      throw new ParseFailure(head.at(), "default rules cannot use contains", null);
    }
    if (head.value() == null) {
      throw in.unexpected(
          "expected rule value term (e.g., default " + head.name().name() + " := <VALUE>)");
    }
    if (atIf() || (in.at(Kind.LBRACE) && !in.token().newline())) {
      throw in.unexpected("a default rule has no body");
    }
    Span at = in.since(start);
    Expr holds = new Expr.Plain(new Scalar(RegoBoolean.TRUE, at), false, List.of(), at);
    return new Rule(head, new Body(List.of(holds), at), List.of(), true, List.of(), at);
  }
}
