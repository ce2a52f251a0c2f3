package io.outrider.policy.syntax;

import io.outrider.policy.syntax.Module.Import;
import io.outrider.policy.syntax.Rule.Else;
import io.outrider.policy.syntax.Rule.Head;
import io.outrider.policy.syntax.Term.Call;
import io.outrider.policy.syntax.Term.Scalar;
import io.outrider.policy.syntax.Term.Var;
import io.outrider.policy.syntax.Token.Kind;
import io.outrider.policy.syntax.TokenStream.Mark;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoString;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads modules and queries. After a mistake it goes on at the next rule, so that one run shows
/// them all.
///
/// What cannot be read at all is reported first. Statements that read well but make no rule, and
/// rules that this version of the language does not allow, are only reported when there is nothing
/// of the former.
public final class Parser {
  private static final Set<String> IMPORT_ROOTS = Set.of("data", "input", "future", "rego");
  private static final Set<String> KEYWORDS =
      Set.of(
          "package", "import", "as", "default", "else", "not", "some", "with", "null", "true",
          "false");
  private static final List<String> V1_KEYWORDS = List.of("in", "every", "contains", "if");
  private static final List<String> V2_KEYWORDS = List.of("not", "and", "or");
  private static final String V0_HINT =
      "this looks like Rego v0; `opa fmt --v0-v1` rewrites a file for Rego v1";

  /// What follows a keyword that was meant as the name of a rule.
  private static final Set<Kind> NAME_FOLLOWERS =
      EnumSet.of(Kind.ASSIGN, Kind.UNIFY, Kind.IF, Kind.CONTAINS, Kind.LPAREN);

  private static final Set<Kind> OPERATOR_FOLLOWERS =
      EnumSet.of(Kind.ASSIGN, Kind.UNIFY, Kind.IF, Kind.CONTAINS);
  private static final Set<Kind> PATH_FOLLOWERS = EnumSet.of(Kind.ASSIGN, Kind.UNIFY, Kind.LPAREN);
  private static final Map<Kind, Set<Kind>> KEYWORD_NAMES =
      Map.ofEntries(
          Map.entry(Kind.EVERY, NAME_FOLLOWERS),
          Map.entry(Kind.IF, NAME_FOLLOWERS),
          Map.entry(Kind.IN, NAME_FOLLOWERS),
          Map.entry(Kind.SOME, NAME_FOLLOWERS),
          Map.entry(Kind.AS, NAME_FOLLOWERS),
          Map.entry(Kind.PACKAGE, PATH_FOLLOWERS),
          Map.entry(Kind.IMPORT, PATH_FOLLOWERS),
          Map.entry(Kind.NOT, OPERATOR_FOLLOWERS),
          Map.entry(Kind.ALL_OF, OPERATOR_FOLLOWERS),
          Map.entry(Kind.ANY_OF, OPERATOR_FOLLOWERS),
          Map.entry(Kind.CONTAINS, EnumSet.of(Kind.IF, Kind.CONTAINS)));

  private final TokenStream in;
  private final ExprParser exprs;
  private final TermParser terms;
  private final Consumer<Diagnostic> problems;
  private final RegoVersion given;
  private final Predicate<String> isBuiltin;
  private RegoVersion version;

  /// Mistakes of statements that could be read.
  private final List<Diagnostic> late = new ArrayList<>();

  /// Those that are mistakes only from version 1 on.
  private final List<Diagnostic> sinceV1 = new ArrayList<>();

  private boolean unreadable;

  private Parser(
      Source source,
      RegoVersion version,
      Predicate<String> isBuiltin,
      Consumer<Diagnostic> problems) {
    this.in = new TokenStream(source);
    this.exprs = new ExprParser(in);
    this.terms = exprs.terms();
    this.problems = problems;
    this.given = version;
    this.isBuiltin = isBuiltin;
    this.version = version;
    if (version != RegoVersion.V0) {
      V1_KEYWORDS.forEach(exprs::activate);
    }
    if (version == RegoVersion.V2) {
      V2_KEYWORDS.forEach(exprs::activate);
    }
  }

  /// The module in `source`, in Rego v1 unless it says otherwise, or null when it has none that
  /// could be read; `problems` hears of every mistake.
  public static @Nullable Module parseModule(Source source, Consumer<Diagnostic> problems) {
    return parseModule(source, RegoVersion.V1, name -> false, problems);
  }

  /// The module in `source`, or null when it has none that could be read; `problems` hears of every
  /// mistake.
  ///
  /// @param isBuiltin which names are those of built-ins, which a rule must not have
  public static @Nullable Module parseModule(
      Source source,
      RegoVersion version,
      Predicate<String> isBuiltin,
      Consumer<Diagnostic> problems) {
    return new Parser(source, version, isBuiltin, problems).module();
  }

  /// The query in `source`, or null when it cannot be read.
  ///
  /// @param keywords which of `not`, `and`, `or` are on
  public static @Nullable Body parseQuery(
      Source source, Set<String> keywords, Consumer<Diagnostic> problems) {
    Parser parser = new Parser(source, RegoVersion.V1, name -> false, problems);
    keywords.forEach(parser.exprs::activate);
    try {
      parser.in.moveTo(0);
      return parser.exprs.query(Kind.EOF);
    } catch (ParseFailure e) {
      problems.accept(e.diagnostic());
      return null;
    }
  }

  // Statements.

  private @Nullable Module module() {
    Module read = statements();
    if (unreadable) {
      return read;
    }
    List<Diagnostic> found = new ArrayList<>();
    List<Annotations.Block> blocks = Annotations.blocks(in.scanner().comments(), found::add);
    if (found.isEmpty()) {
      rules.forEach(this::checkName);
      found.addAll(late);
      if (version != RegoVersion.V0) {
        found.addAll(sinceV1);
      }
    }
    if (found.isEmpty() && read != null) {
      Module annotated = Annotations.attach(read, blocks, found::add);
      found.forEach(problems);
      return annotated;
    }
    found.forEach(problems);
    return read;
  }

  private void checkName(Rule rule) {
    String name = rule.head().name().name();
    if (rule.head().path().isEmpty() && (isAlwaysKeyword(name) || V1_KEYWORDS.contains(name))) {
      sinceV1.add(
          Diagnostic.error(
              Diagnostic.PARSE,
              rule.at(),
              name + " keyword cannot be used for rule name",
              "choose another name"));
    }
  }

  private List<String> packagePath = List.of();
  private @Nullable Span packageAt;
  private final List<Import> imports = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();

  private @Nullable Module statements() {
    boolean first = true;
    boolean started = false;
    while (true) {
      int start = in.start();
      try {
        if (!started) {
          started = true;
          in.moveTo(0);
        }
        if (in.at(Kind.EOF)) {
          break;
        }
        start = in.start();
        statement(first);
        first = false;
      } catch (ParseFailure e) {
        unreadable = true;
        problems.accept(e.diagnostic());
        skipStatement(Math.max(start, in.previousEnd()));
        first = false;
      }
    }
    if (first) {
      unreadable = true;
      problems.accept(
          new Diagnostic(
              Diagnostic.PARSE,
              "empty module",
              in.source().name(),
              0,
              0,
              "",
              "a module begins with `package name`",
              Diagnostic.Severity.ERROR));
      return null;
    }
    Span at = packageAt == null ? new Span(in.source(), 0, 0) : packageAt;
    return new Module(
        in.source(),
        version,
        packagePath,
        at,
        imports,
        rules,
        List.of(),
        List.of(),
        in.scanner().comments());
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
        in.moveTo(at);
        return;
      }
    }
  }

  private void statement(boolean first) {
    terms.forget();
    checkKeywordName(false);
    Span at = in.here();
    if (in.at(Kind.PACKAGE) && !in.keywordBeginsRef()) {
      List<String> path = packagePath();
      if (first) {
        packagePath = path;
        packageAt = in.since(at.start());
      } else {
        late(in.since(at.start()), "unexpected package", "a module has one package");
      }
      return;
    }
    if (first) {
      late(at, "package expected", "a module begins with `package name`");
    }
    if (in.at(Kind.IMPORT) && !in.keywordBeginsRef()) {
      Import read = importStatement();
      imports.add(read);
    } else if (!rule()) {
      rule(exprOfRule());
    }
  }

  private void late(Span at, String message, @Nullable String hint) {
    late.add(Diagnostic.error(Diagnostic.PARSE, at, message, hint));
  }

  /// Reports a keyword where the name of a rule is wanted, when what follows shows that it was
  /// meant as one.
  private void checkKeywordName(boolean certain) {
    Set<Kind> followers = KEYWORD_NAMES.get(in.kind());
    if (followers == null) {
      return;
    }
    Span at = in.here();
    if (certain || followers.contains(in.scanner().next(in.token().end()).kind())) {
      throw new ParseFailure(
          at, in.kind().label() + " keyword cannot be used for rule name", "choose another name");
    }
  }

  // Packages and imports.

  private List<String> packagePath() {
    in.advance();
    Term path = path();
    List<String> names = new ArrayList<>();
    switch (path) {
      case Var v -> names.add(v.name());
      case Term.Ref ref when ref.head() instanceof Var v -> {
        names.add(v.name());
        names.addAll(names(ref));
      }
      case Term.Ref ref -> throw new ParseFailure(ref.at(), "expected path", null);
      default -> throw in.unexpected("expected path");
    }
    if (in.at(Kind.SUB)) {
      throw in.unexpected("a package name has no -", "use _ instead");
    }
    return names;
  }

  private Term path() {
    if (in.kind().isKeyword()) {
      in.asName();
    }
    if (!in.at(Kind.IDENT)) {
      throw in.unexpected("expected a name");
    }
    return terms.term();
  }

  private static List<String> names(Term.Ref ref) {
    List<String> names = new ArrayList<>();
    for (Term key : ref.path()) {
      if (!(key instanceof Scalar s && s.value() instanceof RegoString name)) {
        throw new ParseFailure(key.at(), "unexpected token in path: expecting string", null);
      }
      names.add(name.value());
    }
    return names;
  }

  private Import importStatement() {
    int start = in.start();
    in.advance();
    Term term;
    in.scanner().setNamesOnly(true);
    try {
      term = path();
    } finally {
      in.scanner().setNamesOnly(false);
      terms.forget();
    }
    in.reclassify();
    List<String> path = new ArrayList<>();
    switch (term) {
      case Var v -> path.add(v.name());
      case Term.Ref ref when ref.head() instanceof Var v -> {
        path.add(v.name());
        path.addAll(names(ref));
      }
      case Term.Ref ref -> {
        names(ref);
        path.add(ref.head().at().text());
      }
      default -> throw new ParseFailure(in.here(), "expected path", null);
    }
    if (!IMPORT_ROOTS.contains(path.getFirst())) {
      throw new ParseFailure(
          term.at(),
          "unexpected import path, must begin with one of: {data, future, input, rego}, got: "
              + path.getFirst(),
          null);
    }
    Var alias = in.accept(Kind.AS) ? alias() : null;
    if (alias == null && !path.getFirst().equals("future") && isKeyword(path.getLast())) {
      throw new ParseFailure(
          term.at(),
          "unexpected import path, must not end with a keyword, got: " + path.getLast(),
          "import a different path or use an alias");
    }
    if (in.at(Kind.SUB)) {
      throw in.unexpected("an import has no -", "write the name in brackets: data[\"a-b\"]");
    }
    Import read = new Import(path, alias, in.since(start));
    turnOn(read, term.at());
    return read;
  }

  private Var alias() {
    if (!in.at(Kind.IDENT)) {
      throw in.unexpected("expected var");
    }
    Term alias = terms.term();
    if (alias instanceof Var v && v.isRoot()) {
      throw new ParseFailure(
          alias.at(),
          "unexpected import alias, must not be a reserved name, got: " + v.name(),
          null);
    }
    if (!(alias instanceof Var v)) {
      throw in.unexpected("expected var");
    }
    return v;
  }

  private boolean isKeyword(String word) {
    return isAlwaysKeyword(word)
        || (given != RegoVersion.V0 && V1_KEYWORDS.contains(word))
        || (given == RegoVersion.V2 && V2_KEYWORDS.contains(word));
  }

  private static boolean isAlwaysKeyword(String word) {
    return KEYWORDS.contains(word);
  }

  private void turnOn(Import imported, Span at) {
    List<String> path = imported.path();
    Var alias = imported.alias();
    switch (path.getFirst()) {
      case "future" -> {
        if (path.size() < 2 || !path.get(1).equals("keywords")) {
          throw new ParseFailure(at, "invalid import, must be `future.keywords`", null);
        }
        if (alias != null) {
          throw new ParseFailure(alias.at(), "`future` imports cannot be aliased", null);
        }
        List<String> known = new ArrayList<>(V1_KEYWORDS);
        known.addAll(V2_KEYWORDS);
        if (path.size() == 3 && !known.contains(path.get(2))) {
          throw new ParseFailure(
              at, "unexpected keyword, must be one of " + known.stream().sorted().toList(), null);
        }
        (path.size() == 3 ? List.of(path.get(2)) : known).forEach(exprs::activate);
        in.reclassify();
      }
      case "rego" -> {
        boolean known = path.size() == 2 && (path.get(1).equals("v1") || path.get(1).equals("v2"));
        if (!known) {
          throw new ParseFailure(
              at,
              "invalid import `"
                  + String.join(".", path)
                  + "`, must be one of: `rego.v1`,"
                  + " `rego.v2`",
              null);
        }
        if (alias != null) {
          throw new ParseFailure(alias.at(), "`rego` imports cannot be aliased", null);
        }
        raise(path.get(1).equals("v2") ? RegoVersion.V2 : RegoVersion.V1);
        in.reclassify();
      }
      default -> {}
    }
  }

  private void raise(RegoVersion to) {
    if (to.compareTo(version) > 0) {
      version = to;
    }
    V1_KEYWORDS.forEach(exprs::activate);
    if (to == RegoVersion.V2) {
      V2_KEYWORDS.forEach(exprs::activate);
    }
  }

  // Rules.

  /// Reads a rule that can be told by its form: with a body, with `contains`, or a default. False
  /// (and back at the beginning) for any other statement.
  private boolean rule() {
    Mark mark = in.mark();
    int start = in.start();
    if (in.keywordBeginsRef()) {
      in.asName();
    }
    if (in.accept(Kind.DEFAULT)) {
      if (in.keywordBeginsRef()) {
        in.asName();
      }
      if (!in.at(Kind.IDENT)) {
        checkKeywordName(true);
        in.reset(mark);
        return false;
      }
      rules.add(defaultRule(start));
      return true;
    }
    if (!in.at(Kind.IDENT) || isEmptySet()) {
      in.reset(mark);
      return false;
    }
    Head head = head(start);
    boolean hasIf = in.at(Kind.IF);
    if (!hasIf && !in.at(Kind.LBRACE)) {
      if (head.member() == null) {
        in.reset(mark);
        return false;
      }
      rules.add(new Rule(head, null, List.of(), false, List.of(), in.since(start)));
      return true;
    }
    if (!hasIf && isBare(head)) {
      head = setOf(head);
      sinceV1(head.at(), "`contains` keyword is required for partial set rules");
    }
    Body body;
    if (hasIf) {
      in.advance();
      body = ruleBody();
    } else {
      in.advance();
      body = exprs.query(Kind.RBRACE);
      sinceV1(
          new Span(in.source(), start, in.previousEnd()),
          "`if` keyword is required before " + kindOf(head) + " body");
    }
    List<Else> elses = elses(head);
    rules.add(new Rule(head, body, elses, false, List.of(), in.since(start)));
    chained(head, hasIf, elses);
    return true;
  }

  /// `set()`, which is a value and no function.
  private boolean isEmptySet() {
    if (!in.text().equals("set")) {
      return false;
    }
    Mark mark = in.mark();
    in.advance();
    boolean empty = in.accept(Kind.LPAREN) && in.at(Kind.RPAREN);
    in.reset(mark);
    return empty;
  }

  private void sinceV1(Span at, String message) {
    sinceV1.add(Diagnostic.error(Diagnostic.PARSE, at, message, V0_HINT));
  }

  private static String kindOf(Head head) {
    return head.args() == null ? "rule" : "function";
  }

  /// `p[x]` and `p.x` without a value: before version 1 these define a set.
  private static boolean isBare(Head head) {
    return head.args() == null
        && head.value() == null
        && head.member() == null
        && head.path().size() == 1;
  }

  private static Head setOf(Head head) {
    Term member = head.path().getFirst();
    return new Head(head.name(), List.of(), null, member, null, false, head.at());
  }

  private List<Else> elses(Head head) {
    List<Else> elses = new ArrayList<>();
    while (in.at(Kind.ELSE) && !(elses.isEmpty() && in.keywordBeginsRef())) {
      if (elses.isEmpty()) {
        if (head.path().stream().anyMatch(key -> !isGround(key))) {
          throw new ParseFailure(
              in.here(), "else keyword cannot be used on rules with variables in head", null);
        }
        if (head.member() != null) {
          throw new ParseFailure(
              in.here(), "else keyword cannot be used on multi-value rules", null);
        }
      }
      Else branch = elseBranch(head);
      elses.add(branch);
      if (branch.body() == null) {
        // It always holds, so nothing may follow.
        break;
      }
    }
    return elses;
  }

  private static boolean isGround(Term key) {
    return switch (key) {
      case Scalar t -> true;
      case Var t -> false;
      case Term.Ref t -> isGroundHead(t.head()) && t.path().stream().allMatch(Parser::isGround);
      case Call t -> t.args().stream().allMatch(Parser::isGround);
      case Term.ArrayTerm t -> t.items().stream().allMatch(Parser::isGround);
      case Term.SetTerm t -> t.items().stream().allMatch(Parser::isGround);
      case Term.ObjectTerm t ->
          t.entries().stream().allMatch(e -> isGround(e.key()) && isGround(e.value()));
      default -> false;
    };
  }

  private static boolean isGroundHead(Term head) {
    return head instanceof Var || isGround(head);
  }

  private Else elseBranch(Head head) {
    Span at = in.here();
    int start = in.start();
    in.advance();
    Term value = null;
    boolean bare = in.at(Kind.LBRACE) || in.at(Kind.IF);
    if (in.at(Kind.ASSIGN) || in.at(Kind.UNIFY)) {
      in.advance();
      value = terms.infix();
    } else if (!bare) {
      throw in.unexpected("expected else value term or rule body");
    }
    boolean hasIf = in.accept(Kind.IF);
    if (!hasIf && !in.at(Kind.LBRACE)) {
      return new Else(value, null, in.since(start));
    }
    if (!hasIf) {
      sinceV1(at, "`if` keyword is required before " + kindOf(head) + " body");
    }
    if (in.accept(Kind.LBRACE)) {
      Body body = exprs.query(Kind.RBRACE);
      return new Else(value, body, in.since(start));
    }
    if (in.at(Kind.EOF)) {
      throw in.unexpected("rule body expected");
    }
    Expr expr = exprs.literal();
    return new Else(value, new Body(List.of(expr), expr.at()), in.since(start));
  }

  /// Chained bodies are further definitions with the same head.
  private void chained(Head head, boolean hasIf, List<Else> elses) {
    while (in.at(Kind.LBRACE)) {
      if (!elses.isEmpty()) {
        throw new ParseFailure(in.here(), "expected else keyword", null);
      }
      Span at = in.here();
      in.advance();
      Body body = exprs.query(Kind.RBRACE);
      if (!hasIf) {
        sinceV1(at, "`if` keyword is required before " + kindOf(head) + " body");
      }
      rules.add(new Rule(head, body, List.of(), false, List.of(), in.since(at.start())));
    }
  }

  private Head head(int start) {
    Var name = new Var(in.text(), in.here());
    if (name.name().equals("_")) {
      name = new Var(in.wildcard(), name.at());
    }
    in.advance();
    if (!in.token().spaced() && isOperator(in.kind())) {
      throw in.unexpected("no operator may follow the name of a rule");
    }
    List<Term> path = new ArrayList<>();
    List<Term> args = null;
    boolean more = true;
    for (boolean first = true; more; first = false) {
      if (!first && in.token().spaced()) {
        break;
      }
      switch (in.kind()) {
        case DOT -> {
          in.advance();
          if (in.token().spaced()) {
            throw in.spaceAfterDot();
          }
          if (!(in.at(Kind.IDENT) || in.kind().isKeyword())) {
            throw in.unexpected("expected identifier");
          }
          path.add(new Scalar(RegoString.of(in.text()), in.here()));
          in.advance();
        }
        case LBRACK -> {
          in.advance();
          path.add(terms.infix());
          in.expect(Kind.RBRACK, "in the rule head");
        }
        case LPAREN -> {
          args = args();
          more = false;
        }
        default -> more = false;
      }
    }
    Term member = null;
    Term value = null;
    boolean assign = false;
    if (in.at(Kind.CONTAINS)) {
      if (args != null) {
        throw in.unexpected(
            "the contains keyword can only be used with multi-value rule definitions");
      }
      in.advance();
      member = terms.infix();
    } else if (in.at(Kind.ASSIGN) || in.at(Kind.UNIFY)) {
      assign = in.at(Kind.ASSIGN);
      in.advance();
      value = terms.infix();
    }
    List<Term> patterns = args == null || args.isEmpty() ? null : args;
    return new Head(name, path, patterns, member, value, assign, in.since(start));
  }

  private static boolean isOperator(Kind kind) {
    return switch (kind) {
      case ADD, SUB, MUL, DIV, REM, AND, OR, EQUAL, NEQ, GT, GTE, LT, LTE -> true;
      default -> false;
    };
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
    // expression that is nothing but a set literal would always hold, so that is read as a body.
    Mark mark = in.mark();
    try {
      Expr expr = exprs.literal();
      boolean set = expr instanceof Expr.Plain p && p.term() instanceof Term.SetTerm;
      if (!set) {
        return new Body(List.of(expr), expr.at());
      }
    } catch (ParseFailure notAnExpression) {
      // Then it is a body; its own reading reports what is wrong in it.
    }
    in.reset(mark);
    in.advance();
    return exprs.query(Kind.RBRACE);
  }

  private Rule defaultRule(int start) {
    Head head = head(in.start());
    Span at = in.since(start);
    if (head.value() == null && head.member() == null && !isBare(head)) {
      // A head without a value stands for true, even here.
      Scalar holds = new Scalar(RegoBoolean.TRUE, at);
      head = new Head(head.name(), head.path(), head.args(), null, holds, false, head.at());
    }
    Term value = head.value();
    if (value == null) {
      throw new ParseFailure(
          at,
          "illegal default rule (must have a value)",
          "write default " + head.name().name() + " := <VALUE>");
    }
    String kind = DefaultValues.problem(value);
    if (kind != null) {
      throw new ParseFailure(
          at,
          "illegal default rule (value cannot contain " + kind + ")",
          "a default is a constant or a comprehension");
    }
    checkDefaultArgs(head, at);
    Expr holds = new Expr.Plain(new Scalar(RegoBoolean.TRUE, at), false, List.of(), at);
    return new Rule(head, new Body(List.of(holds), at), List.of(), true, List.of(), at);
  }

  private static void checkDefaultArgs(Head head, Span at) {
    List<Term> args = head.args();
    List<String> seen = new ArrayList<>();
    for (Term arg : args == null ? List.<Term>of() : args) {
      if (!(arg instanceof Var v) || v.isRoot()) {
        throw new ParseFailure(
            at,
            "illegal default rule (arguments cannot contain " + DefaultValues.kind(arg) + ")",
            "a default function takes plain variables");
      }
      if (seen.contains(v.name())) {
        throw new ParseFailure(
            at, "illegal default rule (arguments cannot be repeated " + v.name() + ")", null);
      }
      seen.add(v.name());
    }
  }

  // Rules without a body: statements that read like expressions.

  private Expr exprOfRule() {
    Expr expr = exprs.literal();
    while (in.accept(Kind.SEMICOLON)) {
      late(expr.at(), "multiple expressions cannot be used for rule head", null);
      expr = exprs.literal();
    }
    return expr;
  }

  private void rule(Expr expr) {
    String problem = "expression cannot be used for rule head";
    switch (expr) {
      case Expr.Plain p when !p.withs().isEmpty() ->
          problem = "expressions using with keyword cannot be used for rule head";
      case Expr.Plain p when p.negated() ->
          problem = "negated expressions cannot be used for rule head";
      case Expr.SomeDecl s -> problem = "'some' declarations cannot be used for rule head";
      case Expr.SomeIn s -> problem = "'some' declarations cannot be used for rule head";
      case Expr.Plain p -> problem = rule(p);
      default -> {}
    }
    if (problem != null) {
      late(expr.at(), problem, "a rule has a value (`:=`), a member (`contains`) or a body (`if`)");
    }
  }

  /// Adds the rule that an expression stands for, or says why there is none.
  private @Nullable String rule(Expr.Plain expr) {
    Span at = expr.at();
    return switch (expr.term()) {
      case Call c when c.isInfix("assign") || c.isInfix("eq") ->
          valued(c.args().get(0), c.args().get(1), c.isInfix("assign"), at);
      case Call c when c.infix() || isBuiltin.test(c.function().at().text()) ->
          "rule name conflicts with built-in function";
      case Call c when c.args().isEmpty() -> "rule argument list must take at least one argument";
      case Call c -> defined(c.function(), c.args(), null, false, at);
      case Term.Ref r when r.path().size() > 1 -> {
        sinceV1(at, "rule must have value assignment and/or body declaration");
        yield defined(r, null, null, false, at);
      }
      case Term.Ref r when r.head() instanceof Var v -> {
        sinceV1(at, "`contains` keyword is required for partial set rules");
        Term member = r.path().getFirst();
        rules.add(
            new Rule(
                new Head(v, List.of(), null, member, null, false, at),
                null,
                List.of(),
                false,
                List.of(),
                at));
        yield null;
      }
      case Term.Ref r -> "invalid rule head: " + r.at().text();
      default -> nameOf(expr.term()) + " cannot be used for rule name";
    };
  }

  private @Nullable String valued(Term left, Term value, boolean assign, Span at) {
    if (left instanceof Call c && !c.infix()) {
      return defined(c.function(), c.args().isEmpty() ? null : c.args(), value, assign, at);
    }
    return defined(left, null, value, assign, at);
  }

  private @Nullable String defined(
      Term name, @Nullable List<Term> args, @Nullable Term value, boolean assign, Span at) {
    switch (name) {
      case Var v ->
          rules.add(
              new Rule(
                  new Head(v, List.of(), args, null, value, assign, at),
                  null,
                  List.of(),
                  false,
                  List.of(),
                  at));
      case Term.Ref r when r.head() instanceof Var v ->
          rules.add(
              new Rule(
                  new Head(v, r.path(), args, null, value, assign, at),
                  null,
                  List.of(),
                  false,
                  List.of(),
                  at));
      case Term.Ref r -> {
        return "invalid rule head: " + r.at().text();
      }
      default -> {
        return nameOf(name) + " cannot be used for rule name";
      }
    }
    return null;
  }

  private static String nameOf(Term term) {
    return switch (term) {
      case Scalar t -> t.value().typeName();
      case Var t -> "var";
      case Term.Ref t -> "ref";
      case Call t -> "call";
      case Term.ArrayTerm t -> "array";
      case Term.SetTerm t -> "set";
      case Term.ObjectTerm t -> "object";
      case Term.ArrayCompr t -> "arraycomprehension";
      case Term.SetCompr t -> "setcomprehension";
      case Term.ObjectCompr t -> "objectcomprehension";
      case Term.Template t -> "templatestring";
    };
  }
}
