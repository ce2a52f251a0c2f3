package io.outrider.policy;

import io.outrider.policy.compile.Compiler;
import io.outrider.policy.compile.Program;
import io.outrider.policy.compile.Query;
import io.outrider.policy.eval.Engine;
import io.outrider.policy.eval.EvalException;
import io.outrider.policy.eval.EvalOptions;
import io.outrider.policy.eval.Prepared;
import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Expr;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Module.Import;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.syntax.Term;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A query over [Rego] policies, compiled once. Safe for use by many threads; asking it again costs
/// the evaluation and nothing else.
public final class RegoQuery {
  private static final String VALUE = "__value";

  private final Engine engine;
  private final EvalOptions options;
  private final Prepared prepared;

  private RegoQuery(Engine engine, EvalOptions options, Prepared prepared) {
    this.engine = engine;
    this.options = options;
    this.prepared = prepared;
  }

  static RegoQuery of(
      Text text, Compiler compiler, Program program, Engine engine, EvalOptions options)
      throws PolicyException {
    Body body = text.parse();
    Query query = text.compile(compiler, program, named(body));
    return new RegoQuery(engine, options, engine.prepare(query));
  }

  /// A query that is one term, such as `data.authz.allow`, has that term's value.
  private static Body named(Body body) {
    if (body.exprs().size() == 1
        && body.exprs().getFirst() instanceof Expr.Plain p
        && !p.negated()
        && !(p.term() instanceof Term.Call c && (c.isInfix("assign") || c.isInfix("eq")))) {
      Span at = p.at();
      Term.Var value = new Term.Var(VALUE, at);
      Term.Call assigned =
          new Term.Call(new Term.Var("assign", at), List.of(value, p.term()), true, at);
      return new Body(List.of(new Expr.Plain(assigned, false, p.withs(), at)), body.at());
    }
    return body;
  }

  /// What the term of the query is for this input; empty where it is undefined.
  ///
  /// Throws [RegoException] if the evaluation fails: a built-in got what it cannot use, rules
  /// contradict each other, or a limit was passed.
  public Optional<RegoValue> value(RegoValue input) {
    List<Map<String, RegoValue>> found = solutions(input);
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(found.getFirst().getOrDefault(VALUE, RegoBoolean.TRUE));
  }

  /// As [#value(RegoValue)], for an input that is JSON text.
  public Optional<RegoValue> value(String json) {
    return value(RegoJson.read(json));
  }

  /// Whether the query is defined and exactly `true`.
  ///
  /// Throws [RegoException] as [#value(RegoValue)] does; whoever asks for a permission must take
  /// that as a no.
  public boolean isTrue(RegoValue input) {
    return value(input).orElse(RegoBoolean.FALSE) == RegoBoolean.TRUE;
  }

  /// As [#isTrue(RegoValue)], for an input that is JSON text.
  public boolean isTrue(String json) {
    return isTrue(RegoJson.read(json));
  }

  /// The values of the query's variables, once for every way to satisfy it: for `some role in
  /// data.roles[user]` one map for each pair of `user` and `role`.
  public List<Map<String, RegoValue>> solutions(RegoValue input) {
    try {
      return engine.session(input, options).query(prepared);
    } catch (EvalException e) {
      throw new RegoException(PolicyTools.problem(e), e);
    } catch (StackOverflowError e) {
      throw new RegoException(PolicyTools.tooDeep(), e);
    }
  }

  /// The text of a query, with the package and the imports it is read in.
  ///
  /// @param packageName such as `outrider`; empty for none
  /// @param imports such as `data.roles` or `input.user as u`
  public record Text(String query, String packageName, List<String> imports) {
    public Text {
      imports = List.copyOf(imports);
    }

    /// A query without a package.
    public static Text of(String query) {
      return new Text(query, "", List.of());
    }

    Body parse() throws PolicyException {
      List<Diagnostic> problems = new ArrayList<>();
      Body body =
          Parser.parseQuery(new Source("", query), Set.of("not", "and", "or"), problems::add);
      if (body == null || !problems.isEmpty()) {
        throw new PolicyException(problems);
      }
      return body;
    }

    Query compile(Compiler compiler, Program program, Body body) throws PolicyException {
      Module around = around();
      List<String> path = packageName.isEmpty() ? List.of() : around.packagePath();
      List<Import> known = around.imports();
      Query compiled = compiler.query(program, body, path, known);
      if (!compiler.problems().isEmpty()) {
        throw new PolicyException(compiler.problems());
      }
      return compiled;
    }

    private Module around() throws PolicyException {
      StringBuilder text = new StringBuilder("package ");
      text.append(packageName.isEmpty() ? "query" : packageName).append('\n');
      imports.forEach(one -> text.append("import ").append(one).append('\n'));
      List<Diagnostic> problems = new ArrayList<>();
      @Nullable Module module = Parser.parseModule(new Source("", text.toString()), problems::add);
      if (module == null || !problems.isEmpty()) {
        throw new PolicyException(problems);
      }
      return module;
    }
  }
}
