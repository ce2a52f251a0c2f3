package io.outrider.policy.eval;

import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
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

  /// A body or one of its `else` bodies.
  static final class Branch {
    private final Step body;
    private final @Nullable RegoValue constant;
    private final List<Requirement> requirements;
    private int[] places = new int[0];
    private int[] keys = new int[0];

    /// @param constant the value if it is always the same one, or null
    Branch(Step body, @Nullable RegoValue constant, List<Requirement> requirements) {
      this.body = body;
      this.constant = constant;
      this.requirements = List.copyOf(requirements);
    }

    @Nullable RegoValue constant() {
      return constant;
    }

    List<Requirement> requirements() {
      return requirements;
    }

    /// @param newPlaces for each requirement the number of its place
    /// @param newKeys for each requirement the number of its key, or -1
    void number(int[] newPlaces, int[] newKeys) {
      places = newPlaces;
      keys = newKeys;
    }

    /// The first requirement that is not met, or null when the body is worth trying.
    @Nullable Requirement unmet(Eval cx, Place.Values seen) {
      for (int i = 0; i < places.length; i++) {
        RegoValue value = seen.get(cx, places[i]);
        Requirement requirement = requirements.get(i);
        if (value == null
            || (value != Unknown.VALUE && !requirement.condition().holds(value))
            || (keys[i] >= 0 && !mayHave(value, seen.get(cx, keys[i])))) {
          return requirement;
        }
      }
      return null;
    }

    private static boolean mayHave(RegoValue collection, @Nullable RegoValue key) {
      if (key == null || key == Unknown.VALUE) {
        return key != null;
      }
      return switch (collection) {
        case RegoObject object -> object.containsKey(key);
        case RegoSet set -> set.contains(key);
        default -> true;
      };
    }
  }

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

  int frameSize() {
    return frameSize;
  }

  /// Whether it can be run for one key or element alone.
  boolean isKeyed() {
    return keyed != null;
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
  ///
  /// @param f of use again afterwards, for another definition
  @Nullable RegoValue value(
      Eval cx,
      RegoValue @Nullable [] values,
      Place.Values seen,
      Frame f,
      @Nullable List<Origin> origins) {
    if (branches.length == 1 && excluded(cx, 0, seen)) {
      return null;
    }
    int matched = Matcher.YES;
    if (values != null) {
      for (int i = 0; i < args.length; i++) {
        int fits = args[i].matchAny(cx, f, values[i]);
        if (fits == Matcher.NO) {
          return null;
        }
        matched |= fits;
      }
    }
    boolean certain = (matched & Matcher.MAYBE) == 0;
    Explanation explanation = cx.explanation;
    for (int i = 0; i < branches.length; i++) {
      if (branches.length > 1 && excluded(cx, i, seen)) {
        continue;
      }
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

  /// Whether a requirement of the branch is not met, so that it cannot have a solution.
  boolean excluded(Eval cx, int branch, Place.Values seen) {
    Requirement unmet = branches[branch].unmet(cx, seen);
    if (unmet == null) {
      return false;
    }
    Explanation explanation = cx.explanation;
    if (explanation != null) {
      explanation.excluded(def, branch, unmet, cx, seen.arguments());
    }
    return true;
  }

  /// Runs a rule that adds to a set or an object.
  ///
  /// @return whether it may add something that is not known
  boolean collect(Eval cx, Object sink, Place.Values seen, Frame f) {
    return !excluded(cx, 0, seen) && collect(cx, f, sink, branches[0].body);
  }

  /// As [#collect], for one key only.
  boolean collectAt(Eval cx, ObjectDoc sink, RegoValue key, Place.Values seen, Frame f) {
    Keyed code = keyed;
    if (code == null) {
      return collect(cx, sink, seen, f);
    }
    if (excluded(cx, 0, seen)) {
      return false;
    }
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
    f.result = null;
    f.unknown = false;
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
  int contains(Eval cx, RegoValue element, Place.Values seen, Frame f) {
    Keyed code = keyed;
    if (code == null) {
      throw new IllegalStateException("not a set: " + def);
    }
    if (excluded(cx, 0, seen)) {
      return Matcher.NO;
    }
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
