package io.outrider.policy.eval;

import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.compile.RuleSet;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoValue;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One document or function, ready to run. Filled in after all of them exist, since they refer to
/// each other.
final class Rules {
  /// Stands in the memo for "evaluated, and undefined".
  private static final Object UNDEFINED = new Object();

  private final RuleSet set;
  private final int id;
  private DefCode[] defs = new DefCode[0];
  private @Nullable DefCode fallback;
  private @Nullable Index index;
  private Place.Reader[] places = new Place.Reader[0];
  private int frameSize;
  private @Nullable Object fixed;
  private boolean oneValue;

  /// Whether each rule of a set can be asked for one element.
  private boolean keyed = true;

  Rules(RuleSet set) {
    this.set = set;
    this.id = set.id();
  }

  RuleSet set() {
    return set;
  }

  void fill(DefCode[] newDefs, @Nullable DefCode newFallback) {
    defs = newDefs;
    fallback = newFallback;
    frameSize =
        Math.max(
            Arrays.stream(newDefs).mapToInt(DefCode::frameSize).max().orElse(0),
            newFallback == null ? 0 : newFallback.frameSize());
    oneValue =
        set.kind() != RuleSet.Kind.SET
            && set.kind() != RuleSet.Kind.OBJECT
            && haveOneValue(newDefs);
    Map<Place, Integer> numbers = new LinkedHashMap<>();
    for (DefCode def : newDefs) {
      for (DefCode.Branch branch : def.branches()) {
        branch.number(
            branch.requirements().stream()
                .mapToInt(r -> numbers.computeIfAbsent(r.place(), p -> numbers.size()))
                .toArray(),
            branch.requirements().stream().mapToInt(r -> key(r, numbers)).toArray());
      }
    }
    places = numbers.keySet().stream().map(Place.Reader::new).toArray(Place.Reader[]::new);
    index = Index.of(newDefs, numbers);
    keyed = set.kind() != RuleSet.Kind.SET || Arrays.stream(newDefs).allMatch(DefCode::isKeyed);
  }

  /// Where the first success is the last word, looking for a key costs as much as it saves.
  private int key(Requirement requirement, Map<Place, Integer> numbers) {
    Place key = requirement.key();
    return key == null || oneValue ? -1 : numbers.computeIfAbsent(key, p -> numbers.size());
  }

  /// Whether all definitions can only give one and the same value, so that the first success is the
  /// last word.
  private static boolean haveOneValue(DefCode[] defs) {
    RegoValue common = null;
    for (DefCode def : defs) {
      RegoValue value = def.constant();
      if (value == null || (common != null && !common.equals(value))) {
        return false;
      }
      common = value;
    }
    return true;
  }

  private DefCode[] candidates(Eval cx, Place.Values seen) {
    Index known = index;
    return known == null ? defs : known.candidates(cx, seen);
  }

  private Place.Values seen(RegoValue @Nullable [] args) {
    return new Place.Values(places, args);
  }

  /// One frame for all definitions: they run one after the other, and none reads what another has
  /// left there.
  private Frame frame(boolean one) {
    Frame f = new Frame(frameSize);
    f.one = one;
    return f;
  }

  /// Whether those of the candidates that can hold all give one and the same value.
  private boolean haveOneValue(Eval cx, DefCode[] candidates, Place.Values seen) {
    if (oneValue) {
      return true;
    }
    RegoValue common = null;
    for (DefCode def : candidates) {
      for (DefCode.Branch branch : def.branches()) {
        RegoValue value = branch.constant();
        if (value != null && value.equals(common)) {
          continue;
        }
        if (branch.unmet(cx, seen) != null) {
          continue;
        }
        if (value == null || common != null) {
          return false;
        }
        common = value;
      }
    }
    return true;
  }

  // Complete rules.

  /// Keeps a value that is the same in every evaluation.
  void fix(@Nullable RegoValue value) {
    fixed = value == null ? UNDEFINED : value;
  }

  /// Whether the kept value counts: not while a `with` has replaced something.
  private boolean isFixed(Eval cx) {
    Env env = cx.env;
    return env.hidden == null && env.mocks == null && env.data == cx.engine.data();
  }

  /// The document's value: null for undefined.
  @Nullable RegoValue value(Eval cx) {
    Object kept = fixed;
    if (kept != null && isFixed(cx)) {
      return kept == UNDEFINED ? null : (RegoValue) kept;
    }
    return switch (set.kind()) {
      case COMPLETE -> {
        Env env = cx.env;
        Object known = env.memo[id];
        if (known == null) {
          RegoValue value = complete(cx, null);
          env.memo[id] = value == null ? UNDEFINED : value;
          yield value;
        }
        yield known == UNDEFINED ? null : (RegoValue) known;
      }
      case SET -> members(cx, null);
      case OBJECT -> entries(cx, null);
      case FUNCTION -> null;
    };
  }

  /// The value, with the rules that gave it added to `origins`.
  @Nullable RegoValue valueWithOrigins(Eval cx, List<Origin> origins) {
    return switch (set.kind()) {
      case COMPLETE -> complete(cx, origins);
      case SET -> members(cx, origins);
      case OBJECT -> entries(cx, origins);
      case FUNCTION -> null;
    };
  }

  private @Nullable RegoValue complete(Eval cx, @Nullable List<Origin> origins) {
    boolean maybe = cx.maybe;
    cx.maybe = false;
    cx.enter(firstSpan());
    RegoValue result = answer(cx, null, origins);
    cx.leave();
    cx.maybe = maybe;
    return result;
  }

  private Span firstSpan() {
    DefCode last = fallback;
    return defs.length == 0 && last != null ? last.def().at() : defs[0].def().at();
  }

  /// The value on which the definitions agree, otherwise the default.
  private @Nullable RegoValue answer(
      Eval cx, RegoValue @Nullable [] args, @Nullable List<Origin> origins) {
    Place.Values seen = seen(args);
    RegoValue result = answer(cx, candidates(cx, seen), seen, args, origins);
    DefCode last = fallback;
    return result == null && last != null
        ? last.value(cx, args, seen, frame(true), origins)
        : result;
  }

  private @Nullable RegoValue answer(
      Eval cx,
      DefCode[] candidates,
      Place.Values seen,
      RegoValue @Nullable [] args,
      @Nullable List<Origin> origins) {
    RegoValue result = null;
    boolean unknown = false;
    boolean one = haveOneValue(cx, candidates, seen);
    Frame f = frame(one);
    for (DefCode def : candidates) {
      RegoValue value = def.value(cx, args, seen, f, origins);
      if (value == null) {
        continue;
      }
      if (value == Unknown.VALUE) {
        unknown = true;
      } else if (result == null) {
        result = value;
        if (one && !unknown) {
          break;
        }
      } else if (!result.equals(value)) {
        if (cx.touched) {
          return Unknown.VALUE;
        }
        throw conflict(def.def());
      }
    }
    return result == null && unknown ? Unknown.VALUE : result;
  }

  EvalException conflict(RuleDef at) {
    return EvalException.conflict(
        set.kind() == RuleSet.Kind.FUNCTION
            ? "functions must not produce multiple outputs for same inputs: function "
                + set.name()
                + " produced conflicting values for the same inputs"
            : "complete rules must not produce multiple outputs: rule "
                + set.name()
                + " produced conflicting values",
        at.at());
  }

  /// What one definition gives, as if it were the only one. For tests, which OPA judges one by one.
  @Nullable RegoValue only(Eval cx, RuleDef def) {
    DefCode code = Arrays.stream(defs).filter(d -> d.def() == def).findFirst().orElseThrow();
    return switch (set.kind()) {
      case COMPLETE -> code.value(cx, null, seen(null), frame(false), null);
      case SET -> {
        Members members = new Members(null);
        code.collect(cx, members, seen(null), frame(false));
        yield members.set.build();
      }
      case OBJECT -> {
        ObjectDoc doc = new ObjectDoc();
        code.collect(cx, doc, seen(null), frame(false));
        yield doc.build();
      }
      case FUNCTION -> null;
    };
  }

  // Functions.

  /// The function's value for these arguments, which may be unknown.
  @Nullable RegoValue call(Eval cx, RegoValue[] args, Span at) {
    Env env = cx.env;
    @SuppressWarnings("unchecked") // only this method writes this place of the memo
    Map<Arguments, Object> known = (Map<Arguments, Object>) env.memo[id];
    if (known == null) {
      known = new HashMap<>();
      env.memo[id] = known;
    }
    Arguments key = new Arguments(args);
    Object before = known.get(key);
    if (before != null) {
      return before == UNDEFINED ? null : (RegoValue) before;
    }
    boolean maybe = cx.maybe;
    cx.maybe = false;
    cx.enter(at);
    RegoValue result = answer(cx, args, null);
    cx.leave();
    cx.maybe = maybe;
    known.put(key, result == null ? UNDEFINED : result);
    return result;
  }

  /// The arguments of a call. Collections are compared by identity: hashing a large one costs more
  /// than it saves.
  private static final class Arguments {
    private final RegoValue[] values;
    private final int hash;

    Arguments(RegoValue[] values) {
      this.values = values;
      int h = 1;
      for (RegoValue value : values) {
        h = 31 * h + (isCollection(value) ? System.identityHashCode(value) : value.hashCode());
      }
      this.hash = h;
    }

    private static boolean isCollection(RegoValue value) {
      return value instanceof RegoObject || value instanceof RegoArray || value instanceof RegoSet;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (!(other instanceof Arguments o) || o.hash != hash) {
        return false;
      }
      for (int i = 0; i < values.length; i++) {
        RegoValue a = values[i];
        RegoValue b = o.values[i];
        if (a != b && (isCollection(a) || !a.equals(b))) {
          return false;
        }
      }
      return true;
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  // Sets and objects.

  /// What is known about a set or an object: all of it, or some keys.
  private static final class Partial {
    @Nullable RegoValue whole;
    @Nullable Map<RegoValue, Object> byKey;
  }

  private Partial partial(Eval cx) {
    Partial known = (Partial) cx.env.memo[id];
    if (known == null) {
      known = new Partial();
      cx.env.memo[id] = known;
    }
    return known;
  }

  /// A set while it is being filled.
  static final class Members {
    final RegoSet.Builder set = RegoSet.builder();
    final @Nullable List<Origin> origins;

    Members(@Nullable List<Origin> origins) {
      this.origins = origins;
    }
  }

  private RegoValue members(Eval cx, @Nullable List<Origin> origins) {
    Partial known = partial(cx);
    RegoValue whole = known.whole;
    if (whole != null && origins == null) {
      return whole;
    }
    Members members = new Members(origins);
    boolean unknown = runAll(cx, members);
    RegoValue result = unknown ? Unknown.VALUE : members.set.build();
    known.whole = result;
    return result;
  }

  private RegoValue entries(Eval cx, @Nullable List<Origin> origins) {
    Partial known = partial(cx);
    RegoValue whole = known.whole;
    if (whole != null && origins == null) {
      return whole;
    }
    ObjectDoc doc = new ObjectDoc();
    boolean unknown = runAll(cx, doc);
    RegoValue result = unknown ? Unknown.VALUE : doc.build();
    known.whole = result;
    return result;
  }

  private boolean runAll(Eval cx, Object sink) {
    boolean maybe = cx.maybe;
    cx.maybe = false;
    cx.enter(firstSpan());
    boolean unknown = false;
    Place.Values seen = seen(null);
    Frame f = frame(false);
    for (DefCode def : candidates(cx, seen)) {
      unknown |= def.collect(cx, sink, seen, f);
    }
    cx.leave();
    cx.maybe = maybe;
    return unknown;
  }

  /// What the set or object has at a key, without working out the rest of it: as in OPA, rules for
  /// other keys are not even looked at. Null when there is nothing.
  @Nullable RegoValue at(Eval cx, RegoValue key) {
    if (set.kind() == RuleSet.Kind.COMPLETE) {
      RegoValue value = value(cx);
      return value == null || value == Unknown.VALUE ? value : Nodes.get(value, key);
    }
    Object kept = fixed;
    if (kept != null && isFixed(cx)) {
      return kept == UNDEFINED ? null : Nodes.get((RegoValue) kept, key);
    }
    Partial known = partial(cx);
    RegoValue whole = known.whole;
    if (whole == null && !keyed) {
      whole = members(cx, null);
    }
    if (whole != null) {
      return whole == Unknown.VALUE ? whole : Nodes.get(whole, key);
    }
    Map<RegoValue, Object> byKey = known.byKey;
    if (byKey == null) {
      byKey = new HashMap<>();
      known.byKey = byKey;
    }
    Object before = byKey.get(key);
    if (before == null) {
      RegoValue value = find(cx, key);
      byKey.put(key, value == null ? UNDEFINED : value);
      return value;
    }
    return before == UNDEFINED ? null : (RegoValue) before;
  }

  private @Nullable RegoValue find(Eval cx, RegoValue key) {
    boolean maybe = cx.maybe;
    cx.maybe = false;
    cx.enter(firstSpan());
    boolean unknown = false;
    RegoValue result = null;
    Place.Values seen = seen(null);
    Frame f = frame(false);
    if (set.kind() == RuleSet.Kind.SET) {
      for (DefCode def : candidates(cx, seen)) {
        int found = def.contains(cx, key, seen, f);
        if (found == Matcher.YES) {
          result = key;
          break;
        }
        unknown |= found == Matcher.MAYBE;
      }
    } else {
      ObjectDoc doc = new ObjectDoc();
      for (DefCode def : candidates(cx, seen)) {
        unknown |= def.collectAt(cx, doc, key, seen, f);
      }
      result = unknown ? null : doc.get(key);
    }
    cx.leave();
    cx.maybe = maybe;
    return result == null && unknown ? Unknown.VALUE : result;
  }

  /// Whether the document is `true` and nothing else.
  static boolean isTrue(@Nullable RegoValue value) {
    return value == RegoBoolean.TRUE;
  }
}
