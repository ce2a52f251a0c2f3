package io.outrider.policy.eval;

import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.value.RegoValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One definition, ready to run.
final class DefCode {
  private final RuleDef def;
  private final Branch[] branches;
  private final Matcher[] args;
  private final @Nullable Keyed keyed;
  private final int frameSize;

  /// A body and its `else` bodies.
  ///
  /// @param constant the value if it is always the same one, or null
  record Branch(Step body, @Nullable RegoValue constant) {}

  /// The body lowered for the case that the first key, or the set's element, is known before.
  record Keyed(Matcher key, Step body) {}

  DefCode(RuleDef def, Branch[] branches, Matcher[] args, @Nullable Keyed keyed, int frameSize) {
    this.def = def;
    this.branches = branches;
    this.args = args;
    this.keyed = keyed;
    this.frameSize = frameSize;
  }

  RuleDef def() {
    return def;
  }

  @Nullable RegoValue constant() {
    RegoValue common = branches[0].constant;
    for (Branch branch : branches) {
      if (common == null || !common.equals(branch.constant)) {
        return null;
      }
    }
    return common;
  }

  /// The value of a complete rule or function: that of the first branch that has one.
  @Nullable RegoValue value(
      Eval cx, RegoValue @Nullable [] values, @Nullable List<Origin> origins) {
    Frame f = new Frame(frameSize);
    int matched = Matcher.YES;
    if (values != null) {
      for (int i = 0; i < args.length; i++) {
        int one = args[i].matchAny(cx, f, values[i]);
        if (one == Matcher.NO) {
          return null;
        }
        matched |= one;
      }
    }
    boolean certain = (matched & Matcher.MAYBE) == 0;
    Explanation explanation = cx.explanation;
    for (int i = 0; i < branches.length; i++) {
      f.result = null;
      f.unknown = false;
      cx.maybe = !certain;
      if (explanation != null) {
        explanation.begin(def, i, f);
      }
      branches[i].body.run(cx, f);
      cx.maybe = false;
      RegoValue result = f.result;
      if (explanation != null) {
        explanation.end(result != null || f.unknown);
      }
      if (result != null) {
        if (origins != null) {
          origins.add(new Origin(result, def, i, true));
        }
        return result;
      }
      if (f.unknown) {
        if (origins != null) {
          origins.add(new Origin(Unknown.VALUE, def, i, false));
        }
        return Unknown.VALUE;
      }
    }
    return null;
  }

  /// Runs a rule that adds to a set or an object.
  ///
  /// @return whether it may add something that is not known
  boolean collect(Eval cx, Object sink) {
    return collect(cx, new Frame(frameSize), sink, branches[0].body);
  }

  /// As [#collect], for one key only.
  boolean collectAt(Eval cx, ObjectDoc sink, RegoValue key) {
    Keyed code = keyed;
    if (code == null) {
      return collect(cx, sink);
    }
    Frame f = new Frame(frameSize);
    int matched = code.key.matchAny(cx, f, key);
    if (matched == Matcher.NO) {
      return false;
    }
    cx.maybe = matched == Matcher.MAYBE;
    boolean unknown = collect(cx, f, sink, code.body);
    cx.maybe = false;
    return unknown;
  }

  private boolean collect(Eval cx, Frame f, Object sink, Step body) {
    f.sink = sink;
    Explanation explanation = cx.explanation;
    if (explanation != null) {
      explanation.begin(def, 0, f);
    }
    body.run(cx, f);
    if (explanation != null) {
      explanation.end(f.result != null || f.unknown);
    }
    return f.unknown;
  }

  /// Whether the set has this element, by this rule.
  int contains(Eval cx, RegoValue element) {
    Keyed code = keyed;
    if (code == null) {
      throw new IllegalStateException("not a set: " + def);
    }
    Frame f = new Frame(frameSize);
    int matched = code.key.matchAny(cx, f, element);
    if (matched == Matcher.NO) {
      return Matcher.NO;
    }
    Explanation explanation = cx.explanation;
    if (explanation != null) {
      explanation.begin(def, 0, f);
    }
    int holds = Steps.holds(code.body, cx, f);
    if (explanation != null) {
      explanation.end(holds != Matcher.NO);
    }
    return holds == Matcher.NO ? Matcher.NO : matched == Matcher.MAYBE ? Matcher.MAYBE : holds;
  }

  Branch[] branches() {
    return branches;
  }
}
