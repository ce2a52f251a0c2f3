package io.outrider.policy.eval;

import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which rules held during an evaluation, and at which expression the others failed.
public final class Explanation {
  private final Deque<Attempt> open = new ArrayDeque<>();
  private final List<Attempt> attempts = new ArrayList<>();

  /// Beyond this, more attempts explain nothing to a person and only cost memory.
  private static final int MAX_ATTEMPTS = 10_000;

  /// An expression, and the variables that were bound before it.
  ///
  /// @param at null where there is none after the keys were bound
  public record Reach(int index, @Nullable Span at, Map<String, RegoValue> values) {}

  /// One try of a rule body.
  public static final class Attempt {
    private final RuleDef def;
    private final int branch;
    private int furthest = -1;
    private @Nullable Span at;
    private Map<String, RegoValue> values = Map.of();
    private boolean held;
    private final Map<List<RegoValue>, Reach> cases = new LinkedHashMap<>();
    private @Nullable List<RegoValue> inCase;
    private int caseFrom;

    private Attempt(RuleDef def, int branch) {
      this.def = def;
      this.branch = branch;
    }

    public RuleDef def() {
      return def;
    }

    /// 0 for the rule's own body, then its `else` branches.
    public int branch() {
      return branch;
    }

    public boolean held() {
      return held;
    }

    /// The expression that was reached last, or null when not even the arguments matched.
    public @Nullable Span at() {
      return at;
    }

    /// For a rule with variables in its head: the keys that it came to consider, whether or not it
    /// held for them, each with the expression it reached last.
    public Map<List<RegoValue>, Reach> cases() {
      return Collections.unmodifiableMap(cases);
    }

    /// The variables that were bound there.
    public Map<String, RegoValue> values() {
      return Collections.unmodifiableMap(values);
    }
  }

  void begin(RuleDef def, int branch, Frame f) {
    open.push(new Attempt(def, branch));
  }

  void end(boolean held) {
    Attempt attempt = open.pop();
    attempt.held = held;
    if (attempts.size() < MAX_ATTEMPTS) {
      attempts.add(attempt);
    }
  }

  /// A body that was not entered, since the expression at the given place cannot hold.
  void excluded(
      RuleDef def, int branch, Requirement unmet, Eval cx, RegoValue @Nullable [] arguments) {
    Attempt attempt = new Attempt(def, branch);
    attempt.at = unmet.at();
    RegoValue value = new Place.Reader(unmet.place()).read(cx, arguments);
    if (value != null && value != Unknown.VALUE && unmet.place().root() == Place.Root.INPUT) {
      attempt.values = Map.of(unmet.place().text(), value);
    }
    if (attempts.size() < MAX_ATTEMPTS) {
      attempts.add(attempt);
    }
  }

  private void reached(Mark mark, Eval cx, Frame f) {
    Attempt attempt = open.peek();
    if (attempt == null) {
      return;
    }
    if (mark.index < attempt.caseFrom) {
      attempt.inCase = null;
    }
    List<RegoValue> inCase = attempt.inCase;
    Reach before = inCase == null ? null : attempt.cases.get(inCase);
    boolean furtherInCase = before != null && mark.index >= before.index;
    if (mark.index < attempt.furthest && !furtherInCase) {
      return;
    }
    Map<String, RegoValue> values = values(mark, cx, f);
    if (inCase != null && furtherInCase) {
      attempt.cases.put(inCase, new Reach(mark.index, mark.at, values));
    }
    if (mark.index < attempt.furthest) {
      return;
    }
    attempt.furthest = mark.index;
    attempt.at = mark.at;
    attempt.values = values;
  }

  private static Map<String, RegoValue> values(Mark mark, Eval cx, Frame f) {
    Map<String, RegoValue> values = new LinkedHashMap<>();
    for (int i = 0; i < mark.names.length; i++) {
      RegoValue value = f.slots[mark.slots[i]];
      if (value != null) {
        values.put(mark.names[i], value);
      }
    }
    for (int i = 0; i < mark.inputs.length; i++) {
      RegoValue value = mark.inputs[i].eval(cx, f);
      if (value != null && value != Unknown.VALUE) {
        values.put(mark.inputNames[i], value);
      }
    }
    return values;
  }

  private void reachedCase(int from, RegoValue[] keys) {
    Attempt attempt = open.peek();
    if (attempt != null) {
      attempt.inCase = List.of(keys);
      attempt.caseFrom = from;
      attempt.cases.putIfAbsent(attempt.inCase, new Reach(-1, null, Map.of()));
    }
  }

  /// All attempts, in the order in which they ended.
  public List<Attempt> attempts() {
    return Collections.unmodifiableList(attempts);
  }

  /// Stands where the keys of a rule's head are bound.
  static final class Case extends Step {
    private final int from;
    private final Node[] keys;

    /// @param from the index of the first expression after it
    Case(int from, Node[] keys) {
      this.from = from;
      this.keys = keys;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      Explanation explanation = cx.explanation;
      if (explanation != null) {
        RegoValue[] values = Calls.values(cx, f, keys);
        if (values != null) {
          explanation.reachedCase(from, values);
        }
      }
      return next.run(cx, f);
    }
  }

  /// Stands before each expression of a rule's body where explanations are wanted.
  static final class Mark extends Step {
    private final int index;
    private final Span at;
    private final String[] names;
    private final int[] slots;
    private final String[] inputNames;
    private final Nodes.Input[] inputs;

    /// @param names the variables that are bound before the expression
    /// @param inputs the parts of `input` that the expression names
    Mark(
        int index,
        Span at,
        String[] names,
        int[] slots,
        String[] inputNames,
        Nodes.Input[] inputs) {
      this.index = index;
      this.at = at;
      this.names = names;
      this.slots = slots;
      this.inputNames = inputNames;
      this.inputs = inputs;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      Explanation explanation = cx.explanation;
      if (explanation != null) {
        explanation.reached(this, cx, f);
      }
      return next.run(cx, f);
    }
  }
}
