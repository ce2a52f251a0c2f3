package io.outrider.policy.eval;

import io.outrider.policy.compile.Query;
import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.compile.RuleSet;
import io.outrider.policy.value.RegoValue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One evaluation over one input. Not thread-safe; every method may throw [EvalException].
public final class Session {
  private final Engine engine;
  private final Eval eval;

  Session(Engine engine, @Nullable RegoValue input, EvalOptions options) {
    this.engine = engine;
    this.eval = new Eval(engine, input, options);
    if (options.explain()) {
      eval.explanation = new Explanation();
      eval.coverage = new Coverage();
    }
  }

  /// The value of a document that rules define: null for undefined. If it depends on something
  /// unknown, [#isUnknown] says so. Each rule that contributed is added to `origins`.
  public @Nullable RegoValue document(RuleSet set, List<Origin> origins) {
    return Output.checked(engine.rules(set).valueWithOrigins(eval, origins));
  }

  /// What one definition gives, as if it were the only one of its document.
  public @Nullable RegoValue definition(RuleDef def) {
    return engine.rules(def.owner()).only(eval, def);
  }

  /// Whether a value given by this session stands for one that is not known.
  public static boolean isUnknown(@Nullable RegoValue value) {
    return value == Unknown.VALUE;
  }

  /// All solutions of a query: for each, the values of the query's variables by name.
  public List<Map<String, RegoValue>> query(Query query) {
    return query(engine.prepare(query));
  }

  /// As [#query(Query)], for a query that this session's engine has prepared.
  public List<Map<String, RegoValue>> query(Prepared query) {
    return query.run(eval);
  }

  public List<String> printed() {
    List<String> lines = eval.printed;
    return lines == null ? List.of() : lines;
  }

  /// Which rules held and where others failed; null unless asked for.
  public @Nullable Explanation explanation() {
    return eval.explanation;
  }

  /// What was reached of the policies; null unless asked for.
  public @Nullable Coverage coverage() {
    return eval.coverage;
  }

  /// Elements visited and solutions tried so far.
  public long steps() {
    return eval.steps();
  }
}
