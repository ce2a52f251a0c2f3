package io.outrider.policy;

import io.outrider.policy.builtin.Builtins;
import io.outrider.policy.compile.Compiler;
import io.outrider.policy.compile.Program;
import io.outrider.policy.compile.Query;
import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.eval.Coverage;
import io.outrider.policy.eval.Engine;
import io.outrider.policy.eval.EvalException;
import io.outrider.policy.eval.EvalOptions;
import io.outrider.policy.eval.Explanation;
import io.outrider.policy.eval.Session;
import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Expr;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.syntax.Term;
import io.outrider.policy.types.SchemaTypes;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import io.outrider.policy.value.Type;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Policies compiled for people: `print` is kept and evaluations explain themselves. Slower than
/// [PolicySet], same answers.
public final class PolicyTools {
  private static final String VALUE = "__expr";

  private final PolicyOptions options;
  private final List<Module> modules;
  private final Compiler compiler;
  private final Program program;
  private final Engine engine;

  private PolicyTools(
      PolicyOptions options,
      List<Module> modules,
      Compiler compiler,
      Program program,
      Engine engine) {
    this.options = options;
    this.modules = List.copyOf(modules);
    this.compiler = compiler;
    this.program = program;
    this.engine = engine;
  }

  /// Compiles policies; throws [PolicyException] with every problem found.
  public static PolicyTools compile(LoadedPolicies policies, PolicyOptions options)
      throws PolicyException {
    Sources sources = Sources.parse(policies, options.regoVersion());
    Compiler compiler =
        new Compiler(Builtins.enabling(options.builtins()), true, options.strict(), input(options));
    Program program = sources.compile(compiler);
    return new PolicyTools(
        options, sources.modules(), compiler, program, new Engine(program, sources.data(), true));
  }

  private static @Nullable Type input(PolicyOptions options) {
    RegoObject schema = options.inputSchema();
    if (schema != null) {
      return SchemaTypes.of(schema);
    }
    return options.knownInput() ? InputSchema.type() : null;
  }

  /// For policies that have compiled before.
  static PolicyTools of(LoadedPolicies policies, PolicyOptions options) {
    try {
      return compile(policies, options);
    } catch (PolicyException e) {
      throw new IllegalStateException("policies that compiled once do so again", e);
    }
  }

  /// Every problem of the policies, by place; empty when they compile.
  public static List<Diagnostic> check(LoadedPolicies policies, PolicyOptions options) {
    try {
      compile(policies, options);
      return List.of();
    } catch (PolicyException e) {
      return e.diagnostics();
    }
  }

  /// The modules, as parsed.
  public List<Module> modules() {
    return modules;
  }

  private EvalOptions evalOptions(boolean strict) {
    return new EvalOptions(
        options.limits().steps(),
        options.limits().depth(),
        options.limits().time().toNanos(),
        strict,
        null,
        true,
        true,
        InstantSource.system(),
        new Random());
  }

  /// Evaluates a query, such as `data.outrider.allow` or `x := data.outrider.deny[_]`. A built-in
  /// that fails stops it.
  ///
  /// @param input null for none: `input` is then undefined
  public Evaluation eval(String query, @Nullable RegoValue input) {
    return eval(RegoQuery.Text.of(query), input, true);
  }

  /// As [#eval(String, RegoValue)].
  ///
  /// @param strict whether a built-in that fails stops the evaluation; otherwise its call is
  ///   undefined, as `opa eval` has it by default
  public Evaluation eval(RegoQuery.Text query, @Nullable RegoValue input, boolean strict) {
    Compiler queries = compiler.forQueries();
    Body body;
    Query compiled;
    try {
      body = query.parse();
      compiled = query.compile(queries, program, capturing(body));
    } catch (PolicyException e) {
      return failed(e.diagnostics());
    }
    Session session = engine.session(input, evalOptions(strict));
    List<Evaluation.Problem> errors = new ArrayList<>();
    List<Evaluation.Solution> solutions = new ArrayList<>();
    try {
      for (Map<String, RegoValue> solution : session.query(compiled)) {
        solutions.add(solution(body, solution));
      }
    } catch (EvalException e) {
      errors.add(problem(e));
    } catch (StackOverflowError e) {
      errors.add(tooDeep());
    }
    return new Evaluation(
        asked(body),
        solutions,
        errors,
        rules(session),
        attempts(session),
        session.printed(),
        reached(session),
        session.steps());
  }

  private static List<Evaluation.Asked> asked(Body body) {
    return body.exprs().stream()
        .filter(e -> !(e instanceof Expr.SomeDecl))
        .map(e -> new Evaluation.Asked(e.at().text(), e.at().row(), e.at().col()))
        .toList();
  }

  private static Set<Span> reached(Session session) {
    Coverage coverage = session.coverage();
    return coverage == null ? Set.of() : coverage.reached();
  }

  static Evaluation.Problem tooDeep() {
    return new Evaluation.Problem("eval_depth_limit_error", "nested too deep", "", 0, 0);
  }

  private static Evaluation failed(List<Diagnostic> problems) {
    List<Evaluation.Problem> errors =
        problems.stream()
            .map(d -> new Evaluation.Problem(d.code(), d.message(), d.file(), d.row(), d.col()))
            .toList();
    return new Evaluation(
        List.of(), List.of(), errors, List.of(), List.of(), List.of(), Set.of(), 0);
  }

  static Evaluation.Problem problem(EvalException e) {
    Span at = e.at();
    return at == null
        ? new Evaluation.Problem(e.code(), e.text(), "", 0, 0)
        : new Evaluation.Problem(e.code(), e.text(), at.file(), at.row(), at.col());
  }

  /// The query with the value of each expression given to a variable, so that `1 == 2` has the
  /// value false rather than none.
  private static Body capturing(Body body) {
    List<Expr> exprs = new ArrayList<>();
    for (int i = 0; i < body.exprs().size(); i++) {
      Expr expr = body.exprs().get(i);
      if (expr instanceof Expr.Plain p && hasValue(p)) {
        Term.Var value = new Term.Var(VALUE + i, p.at());
        Term.Var assign = new Term.Var("assign", p.at());
        Term.Call call = new Term.Call(assign, List.of(value, p.term()), true, p.at());
        expr = new Expr.Plain(call, false, p.withs(), p.at());
      }
      exprs.add(expr);
    }
    return new Body(exprs, body.at());
  }

  private static boolean hasValue(Expr.Plain expr) {
    boolean binds =
        expr.term() instanceof Term.Call c
            && (c.isInfix("assign")
                || c.isInfix("eq")
                || (c.function() instanceof Term.Var v && v.name().equals("print")));
    return !expr.negated() && !binds;
  }

  private static Evaluation.Solution solution(Body body, Map<String, RegoValue> found) {
    Map<String, RegoValue> bindings = new LinkedHashMap<>();
    List<RegoValue> expressions = new ArrayList<>();
    found.forEach((name, value) -> {
      if (!name.startsWith(VALUE)) {
        bindings.put(name, value);
      }
    });
    for (int i = 0; i < body.exprs().size(); i++) {
      if (!(body.exprs().get(i) instanceof Expr.SomeDecl)) {
        RegoValue value = found.get(VALUE + i);
        expressions.add(value == null ? RegoBoolean.TRUE : value);
      }
    }
    return new Evaluation.Solution(bindings, expressions);
  }

  private static List<RuleRef> rules(Session session) {
    List<RuleRef> rules = new ArrayList<>();
    for (Evaluation.Attempt attempt : attempts(session)) {
      if (attempt.held() && !rules.contains(attempt.rule())) {
        rules.add(attempt.rule());
      }
    }
    return rules;
  }

  /// The decision on an input, as [PolicySet#decide] gives it, with what led to it.
  public Explained explain(RegoValue input) {
    List<Entry> entries = options.packages().stream().map(p -> Entry.of(program, p)).toList();
    Session session = engine.session(input, evalOptions(true));
    Decision decision;
    try {
      decision = new Judge(entries, program).decide(session, input);
    } catch (EvalException e) {
      decision = Judge.failed(e);
    } catch (StackOverflowError e) {
      decision = Judge.failed(e);
    }
    return new Explained(decision, attempts(session), session.printed());
  }

  /// A decision, every rule body that was tried for it, and what was printed.
  public record Explained(
      Decision decision, List<Evaluation.Attempt> attempts, List<String> printed) {
    public Explained {
      attempts = List.copyOf(attempts);
      printed = List.copyOf(printed);
    }
  }

  // Tests.

  /// The tests: rules whose name begins with `test_`, or with `todo_test_` for those not ready to
  /// be run.
  public List<PolicyTest> tests() {
    List<PolicyTest> tests = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (RuleDef def : program.defs()) {
      if (!def.owner().path().isEmpty()
          && def.owner().path().getLast() instanceof RegoString name
          && def.args().isEmpty()
          && !def.isDefault()
          && (name.value().startsWith("test_") || name.value().startsWith("todo_test_"))) {
        int earlier = seen.merge(def.owner().name(), 1, Integer::sum) - 1;
        tests.add(PolicyTest.of(def, earlier));
      }
    }
    return tests;
  }

  /// Runs one test, without input. A built-in that fails stops it.
  public PolicyTest.Run run(PolicyTest test) {
    return run(test, true);
  }

  /// As [#run(PolicyTest)].
  ///
  /// @param strict whether a built-in that fails stops the test; otherwise its call is undefined,
  ///   as `opa test` has it
  public PolicyTest.Run run(PolicyTest test, boolean strict) {
    Session session = engine.session(null, evalOptions(strict));
    RegoValue value = null;
    List<Evaluation.Problem> errors = new ArrayList<>();
    try {
      value = session.definition(test.def());
    } catch (EvalException e) {
      errors.add(problem(e));
    } catch (StackOverflowError e) {
      errors.add(tooDeep());
    }
    Explanation explanation = session.explanation();
    return PolicyTest.Run.of(
        test, value, errors, explanation, attempts(session), session.printed(), reached(session));
  }

  static List<Evaluation.Attempt> attempts(Session session) {
    Explanation explanation = session.explanation();
    if (explanation == null) {
      return List.of();
    }
    List<Evaluation.Attempt> attempts = new ArrayList<>();
    for (Explanation.Attempt attempt : explanation.attempts()) {
      int row =
          attempt.branch() == 0
              ? attempt.def().at().row()
              : attempt.def().branches().get(attempt.branch()).at().row();
      RuleRef rule = new RuleRef(attempt.def().owner().name(), attempt.def().at().file(), row);
      Span at = attempt.at();
      attempts.add(
          new Evaluation.Attempt(
              rule,
              attempt.held(),
              at == null ? row : at.row(),
              at == null ? "" : at.text(),
              attempt.values()));
    }
    return attempts;
  }
}
