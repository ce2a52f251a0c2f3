package io.outrider.policy.eval;

import io.outrider.policy.compile.LocalVar;
import io.outrider.policy.compile.Query;
import io.outrider.policy.compile.RuleSet;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
    return engine.rules(set).valueWithOrigins(eval, origins);
  }

  /// Whether a value given by this session stands for one that is not known.
  public static boolean isUnknown(@Nullable RegoValue value) {
    return value == Unknown.VALUE;
  }

  /// All solutions of a query: for each, the values of the query's variables by name.
  public List<Map<String, RegoValue>> query(Query query) {
    Solutions end = new Solutions(query.vars());
    Engine.LoweredQuery lowered = engine.lower(query, end);
    lowered.body().run(eval, new Frame(lowered.frameSize()));
    return end.found;
  }

  private static final class Solutions extends Step {
    private final List<LocalVar> vars;
    private final List<Map<String, RegoValue>> found = new ArrayList<>();

    Solutions(List<LocalVar> vars) {
      this.vars = vars;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      cx.tick();
      Map<String, RegoValue> solution = new LinkedHashMap<>();
      for (LocalVar var : vars) {
        RegoValue value = f.slots[var.slot()];
        if (value != null) {
          solution.put(var.name(), value);
        }
      }
      found.add(solution);
      return false;
    }
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
