package io.outrider.policy.eval;

import io.outrider.policy.compile.DocNode;
import io.outrider.policy.compile.RuleSet;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoValue;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// References into `data` where rules and base documents meet.
final class Documents {
  private Documents() {}

  private static boolean hidden(Eval cx, int node) {
    BitSet hidden = cx.env.hidden;
    return hidden != null && hidden.get(node);
  }

  /// The whole of a document that rules define.
  static final class Rule extends Node {
    private final Rules rules;
    private final int node;
    private final Node base;

    /// @param base the base document at the same path, which counts while a `with` hides the rules
    Rule(Rules rules, int node, Node base) {
      this.rules = rules;
      this.node = node;
      this.base = base;
    }

    @Override
    @Nullable RegoValue eval(Eval cx, Frame f) {
      return hidden(cx, node) ? base.eval(cx, f) : rules.value(cx);
    }
  }

  /// One key of a set or object that rules define.
  static final class RuleAt extends Node {
    private final Rules rules;
    private final int node;
    private final Node key;
    private final Node base;

    RuleAt(Rules rules, int node, Node key, Node base) {
      this.rules = rules;
      this.node = node;
      this.key = key;
      this.base = base;
    }

    @Override
    @Nullable RegoValue eval(Eval cx, Frame f) {
      RegoValue k = key.eval(cx, f);
      if (k == null || k == Unknown.VALUE) {
        return k;
      }
      if (hidden(cx, node)) {
        RegoValue value = base.eval(cx, f);
        return value == null ? null : Nodes.get(value, k);
      }
      return rules.at(cx, k);
    }
  }

  /// The key at one level of a reference: known before, or found by going through all keys.
  record Key(@Nullable Node known, @Nullable Matcher open) {}

  /// A reference that begins above the rules: `data.package`, `data.package[name]`.
  static final class Walk extends Step {
    private final DocNode start;
    private final Node base;
    private final Key[] keys;
    private final int slot;

    /// @param base the base document at the path of `start`
    /// @param slot where the value goes
    Walk(DocNode start, Node base, Key[] keys, int slot) {
      this.start = start;
      this.base = base;
      this.keys = keys;
      this.slot = slot;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      return walk(cx, f, start, base.eval(cx, f), 0);
    }

    private boolean walk(
        Eval cx, Frame f, @Nullable DocNode place, @Nullable RegoValue value, int at) {
      DocNode node = place != null && hidden(cx, place.id()) ? null : place;
      if (value == Unknown.VALUE) {
        return unknown(cx, f, at);
      }
      if (node == null && value == null) {
        return false;
      }
      RuleSet set = node == null ? null : node.rules();
      if (set != null) {
        return rules(cx, f, set, at);
      }
      if (at == keys.length) {
        RegoValue whole = node == null ? value : extent(cx, node, value);
        if (whole == null) {
          return false;
        }
        f.slots[slot] = whole;
        return whole == Unknown.VALUE ? possibly(cx, f) : next.run(cx, f);
      }
      Node known = keys[at].known();
      if (known != null) {
        RegoValue key = known.eval(cx, f);
        if (key == null) {
          return false;
        }
        if (key == Unknown.VALUE) {
          return unknown(cx, f, at + 1);
        }
        return walk(cx, f, child(node, key), value == null ? null : Nodes.get(value, key), at + 1);
      }
      return each(cx, f, node, value, at);
    }

    private static @Nullable DocNode child(@Nullable DocNode node, RegoValue key) {
      return node == null ? null : node.child(key);
    }

    private boolean rules(Eval cx, Frame f, RuleSet set, int at) {
      if (set.kind() == RuleSet.Kind.FUNCTION) {
        return false;
      }
      Rules rules = cx.engine.rules(set);
      Node known = at < keys.length ? keys[at].known() : null;
      if (known == null) {
        return walk(cx, f, null, rules.value(cx), at);
      }
      RegoValue key = known.eval(cx, f);
      if (key == null) {
        return false;
      }
      if (key == Unknown.VALUE) {
        return unknown(cx, f, at + 1);
      }
      return walk(cx, f, null, rules.at(cx, key), at + 1);
    }

    private boolean unknown(Eval cx, Frame f, int at) {
      for (int i = at; i < keys.length; i++) {
        Matcher open = keys[i].open();
        if (open != null) {
          open.matchUnknown(f);
        }
      }
      f.slots[slot] = Unknown.VALUE;
      return possibly(cx, f);
    }

    private boolean each(
        Eval cx, Frame f, @Nullable DocNode node, @Nullable RegoValue value, int at) {
      if (node == null) {
        return eachOf(cx, f, value, at);
      }
      TreeSet<RegoValue> all = new TreeSet<>(node.keys());
      if (value instanceof RegoObject object) {
        object.forEach(entry -> all.add(entry.key()));
      }
      for (RegoValue key : all) {
        if (visit(cx, f, node.child(key), key, value == null ? null : Nodes.get(value, key), at)) {
          return true;
        }
      }
      return false;
    }

    private boolean eachOf(Eval cx, Frame f, @Nullable RegoValue value, int at) {
      switch (value) {
        case RegoArray array -> {
          for (int i = 0; i < array.size(); i++) {
            if (visit(cx, f, null, RegoNumber.of(i), array.get(i), at)) {
              return true;
            }
          }
        }
        case RegoObject object -> {
          for (int i = 0; i < object.size(); i++) {
            if (visit(cx, f, null, object.keyAt(i), object.valueAt(i), at)) {
              return true;
            }
          }
        }
        case RegoSet set -> {
          for (int i = 0; i < set.size(); i++) {
            if (visit(cx, f, null, set.get(i), set.get(i), at)) {
              return true;
            }
          }
        }
        case null, default -> {}
      }
      return false;
    }

    private boolean visit(
        Eval cx,
        Frame f,
        @Nullable DocNode node,
        RegoValue key,
        @Nullable RegoValue value,
        int at) {
      cx.tick();
      Matcher open = keys[at].open();
      int matched = open == null ? Matcher.NO : open.match(cx, f, key);
      if (matched == Matcher.NO) {
        return false;
      }
      boolean maybe = cx.maybe;
      cx.maybe = maybe || matched == Matcher.MAYBE;
      boolean stop = walk(cx, f, node, value, at + 1);
      cx.maybe = maybe;
      return stop;
    }
  }

  /// A [Walk] all of whose keys are known, as a term.
  static final class Value extends Node {
    private final Walk walk;
    private final int slot;

    Value(DocNode start, Node base, List<Node> keys, int slot) {
      this.slot = slot;
      this.walk =
          new Walk(start, base, keys.stream().map(k -> new Key(k, null)).toArray(Key[]::new), slot);
      this.walk.next = new Stop();
    }

    @Override
    @Nullable RegoValue eval(Eval cx, Frame f) {
      f.slots[slot] = null;
      walk.run(cx, f);
      return f.slots[slot];
    }
  }

  private static final class Stop extends Step {
    @Override
    boolean run(Eval cx, Frame f) {
      return true;
    }
  }

  /// Everything below a place: what rules define, over what base documents have.
  static @Nullable RegoValue extent(Eval cx, DocNode node, @Nullable RegoValue base) {
    if (hidden(cx, node.id())) {
      return base;
    }
    RuleSet set = node.rules();
    if (set != null) {
      return set.kind() == RuleSet.Kind.FUNCTION ? null : cx.engine.rules(set).value(cx);
    }
    RegoObject below = base instanceof RegoObject o ? o : RegoObject.EMPTY;
    RegoObject.Builder out = below.toBuilder();
    for (RegoValue key : node.keys()) {
      cx.tick();
      DocNode child = node.child(key);
      RegoValue value = child == null ? null : extent(cx, child, below.get(key));
      if (value == Unknown.VALUE) {
        return value;
      }
      if (value != null) {
        out.put(key, value);
      }
    }
    return out.build();
  }
}
