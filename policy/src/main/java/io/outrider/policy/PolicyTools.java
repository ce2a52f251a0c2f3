package io.outrider.policy;

import io.outrider.policy.builtin.Builtins;
import io.outrider.policy.compile.Compiler;
import io.outrider.policy.compile.Program;
import io.outrider.policy.compile.Query;
import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.eval.Engine;
import io.outrider.policy.eval.EvalException;
import io.outrider.policy.eval.EvalOptions;
import io.outrider.policy.eval.Explanation;
import io.outrider.policy.eval.Session;
import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Expr;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.syntax.Term;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
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
  private final Compiler compiler;
  private final Program program;
  private final Engine engine;

  private PolicyTools(PolicyOptions options, Compiler compiler, Program program, Engine engine) {
    this.options = options;
    this.compiler = compiler;
    this.program = program;
    this.engine = engine;
  }

  /// Compiles policies; throws [PolicyException] with every problem found.
  public static PolicyTools compile(LoadedPolicies policies, PolicyOptions options)
      throws PolicyException {
    Sources sources = Sources.parse(policies);
    Compiler compiler = new Compiler(Builtins.standard(), true, options.strict());
    Program program = sources.compile(compiler);
    return new PolicyTools(options, compiler, program, new Engine(program, sources.data(), true));
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

  EvalOptions evalOptions() {
    return new EvalOptions(
        options.limits().steps(),
        options.limits().depth(),
        options.limits().time().toNanos(),
        true,
        null,
        true,
        true,
        InstantSource.system(),
        new Random());
  }

  /// Evaluates a query, such as `data.outrider.allow` or `x := data.outrider.deny[_]`.
  ///
  /// @param input null for none: `input` is then undefined
  public Evaluation eval(String query, @Nullable RegoValue input) {
    List<Diagnostic> problems = new ArrayList<>();
    Body body = Parser.parseQuery(new Source("", query), Set.of("not", "and", "or"), problems::add);
    if (body == null || !problems.isEmpty()) {
      return failed(problems);
    }
    Compiler queries = compiler.forQueries();
    Query compiled = queries.query(program, capturing(body));
    if (!queries.problems().isEmpty()) {
      return failed(queries.problems());
    }
    Session session = engine.session(input, evalOptions());
    List<Evaluation.Problem> errors = new ArrayList<>();
    List<Evaluation.Solution> solutions = new ArrayList<>();
    try {
      for (Map<String, RegoValue> solution : session.query(compiled)) {
        solutions.add(solution(body, solution));
      }
    } catch (EvalException e) {
      errors.add(problem(e));
    } catch (StackOverflowError e) {
      errors.add(new Evaluation.Problem("eval_depth_limit_error", "nested too deep", "", 0));
    }
    return new Evaluation(
        solutions, errors, rules(session), attempts(session), session.printed(), session.steps());
  }

  private static Evaluation failed(List<Diagnostic> problems) {
    List<Evaluation.Problem> errors =
        problems.stream()
            .map(d -> new Evaluation.Problem(d.code(), d.message(), d.file(), d.row()))
            .toList();
    return new Evaluation(List.of(), errors, List.of(), List.of(), List.of(), 0);
  }

  private static Evaluation.Problem problem(EvalException e) {
    Span at = e.at();
    return new Evaluation.Problem(
        e.code(), e.text(), at == null ? "" : at.file(), at == null ? 0 : at.row());
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
    Session session = engine.session(input, evalOptions());
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
        if (earlier == 0) {
          tests.add(PolicyTest.of(def));
        }
      }
    }
    return tests;
  }

  /// Runs one test, without input.
  public PolicyTest.Run run(PolicyTest test) {
    Session session = engine.session(null, evalOptions());
    RegoValue value = null;
    List<Evaluation.Problem> errors = new ArrayList<>();
    try {
      value = session.document(test.rules(), new ArrayList<>());
    } catch (EvalException e) {
      errors.add(problem(e));
    } catch (StackOverflowError e) {
      errors.add(new Evaluation.Problem("eval_depth_limit_error", "nested too deep", "", 0));
    }
    Explanation explanation = session.explanation();
    return PolicyTest.Run.of(
        test, value, errors, explanation, attempts(session), session.printed());
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
