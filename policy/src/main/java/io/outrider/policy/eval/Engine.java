package io.outrider.policy.eval;

import io.outrider.policy.builtin.PatternCache;
import io.outrider.policy.compile.DocNode;
import io.outrider.policy.compile.IrTerm;
import io.outrider.policy.compile.Outputs;
import io.outrider.policy.compile.Program;
import io.outrider.policy.compile.Query;
import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.compile.RuleSet;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A program lowered over its base data, ready to be asked. Immutable once built; any number of
/// threads may ask at once.
public final class Engine {
  private final Program program;
  private final RegoObject data;
  private final boolean marks;
  private final PatternCache patterns = new PatternCache();
  private final Rules[] rules;

  /// @param marks whether evaluations can be explained, which costs time
  public Engine(Program program, RegoObject data, boolean marks) {
    this.program = program;
    this.data = data;
    this.marks = marks;
    this.rules = new Rules[program.ruleSets().size()];
    for (RuleSet set : program.ruleSets()) {
      rules[set.id()] = new Rules(set);
    }
    for (RuleSet set : program.ruleSets()) {
      DefCode[] defs = set.defs().stream().map(this::lower).toArray(DefCode[]::new);
      RuleDef fallback = set.fallback();
      rules[set.id()].fill(defs, fallback == null ? null : lower(fallback));
    }
    if (!marks) {
      workOut(program.independent());
    }
  }

  /// What all documents that do not depend on input may cost together when a program is loaded;
  /// what is left over is worked out by each evaluation that asks.
  private static final long INDEPENDENT_STEPS = 1_000_000;

  private static final long INDEPENDENT_NANOS = 1_000_000_000;

  /// Works out once what would be the same in every evaluation. A document that has an error, or
  /// costs too much, is left to the evaluations, whose limits it must keep to.
  private void workOut(List<RuleSet> independent) {
    Eval cx =
        new Eval(
            this,
            null,
            new EvalOptions(
                INDEPENDENT_STEPS,
                MAX_DEPTH,
                INDEPENDENT_NANOS,
                true,
                null,
                false,
                false,
                InstantSource.system(),
                new Random(0)));
    for (RuleSet set : independent) {
      try {
        rules[set.id()].fix(rules[set.id()].value(cx));
      } catch (EvalException e) {
        if (e.kind() != EvalException.Kind.ERROR) {
          return;
        }
        cx.resetDepth(0);
      }
    }
  }

  /// Stays clear of a small thread stack.
  private static final int MAX_DEPTH = 512;

  Rules rules(RuleSet set) {
    return rules[set.id()];
  }

  DocNode root() {
    return program.root();
  }

  RegoObject data() {
    return data;
  }

  PatternCache patterns() {
    return patterns;
  }

  int ruleSetCount() {
    return rules.length;
  }

  // Lowering.

  private DefCode lower(RuleDef def) {
    Lowering lowering = new Lowering(this, def.frameSize(), marks);
    List<Step> ignored = new ArrayList<>();
    List<Runnable> later = new ArrayList<>();
    Matcher[] args = new Matcher[def.args().size()];
    for (int i = 0; i < args.length; i++) {
      args[i] = lowering.matcher(def.args().get(i), later, ignored);
    }
    BitSet arguments = lowering.boundVars();
    DefCode.Branch[] branches = new DefCode.Branch[def.branches().size()];
    for (int i = 0; i < branches.length; i++) {
      lowering.restore((BitSet) arguments.clone());
      RuleDef.Branch branch = def.branches().get(i);
      int index = i;
      Step body =
          lowering.body(
              branch.body(),
              true,
              branch.path(),
              () -> held(def, index, end(lowering, def, branch)));
      RegoValue constant = branch.value() instanceof IrTerm.Const c ? c.value() : null;
      branches[i] =
          new DefCode.Branch(
              body, constant, Requirements.of(program.root(), branch.body(), def.args()));
    }
    DefCode.Keyed keyed = keyed(lowering, def);
    return new DefCode(def, branches, args, keyed, lowering.frameSize());
  }

  /// What follows a body, which also counts the head as reached where that is asked for.
  private Step held(RuleDef def, int branch, Step end) {
    if (!marks) {
      return end;
    }
    Step step = end;
    for (Span at : def.rule().headSpans(branch)) {
      step = Coverage.Hit.before(at, step);
    }
    return step;
  }

  private Step end(Lowering lowering, RuleDef def, RuleDef.Branch branch) {
    Node value = lowering.node(branch.value());
    return switch (def.owner().kind()) {
      case COMPLETE, FUNCTION -> new Emit.Value(value, def);
      case SET -> new Emit.Member(value, def);
      case OBJECT ->
          new Emit.Entry(
              branch.path().stream().map(lowering::node).toArray(Node[]::new), value, def);
    };
  }

  private DefCode.@Nullable Keyed keyed(Lowering lowering, RuleDef def) {
    RuleSet.Kind kind = def.owner().kind();
    if (kind != RuleSet.Kind.SET && kind != RuleSet.Kind.OBJECT) {
      return null;
    }
    RuleDef.Branch branch = def.branches().getFirst();
    IrTerm key = kind == RuleSet.Kind.SET ? branch.value() : branch.path().getFirst();
    if (!Outputs.isPattern(key)) {
      return null;
    }
    lowering.restore(new BitSet());
    List<Runnable> later = new ArrayList<>();
    Matcher matcher = lowering.matcher(key, later, new ArrayList<>());
    Step body =
        lowering.body(
            branch.body(),
            true,
            () ->
                held(
                    def,
                    0,
                    kind == RuleSet.Kind.SET ? new Steps.Found() : end(lowering, def, branch)));
    return new DefCode.Keyed(matcher, body);
  }

  // Asking.

  /// One evaluation: documents asked of it share what they have in common.
  public Session session(@Nullable RegoValue input, EvalOptions options) {
    return new Session(this, input, options);
  }

  /// A query, to be asked many times.
  public Prepared prepare(Query query) {
    return new Prepared(this, query);
  }

  /// What a query gives; see [Session#query].
  record LoweredQuery(Step body, int frameSize) {}

  LoweredQuery lower(Query query, Step end) {
    Lowering lowering = new Lowering(this, query.frameSize(), marks);
    Step body = lowering.body(query.ir(), false, () -> end);
    return new LoweredQuery(body, lowering.frameSize());
  }
}
