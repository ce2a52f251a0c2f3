package io.outrider.policy.eval;

import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.value.RegoValue;

/// The ends of rule bodies: what a solution gives.
final class Emit {
  private Emit() {}

  /// The value of a complete rule or function.
  static final class Value extends Step {
    private final Node value;
    private final RuleDef def;
    private final boolean constant;

    Value(Node value, RuleDef def) {
      this.value = value;
      this.def = def;
      this.constant = value.constant() != null;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      RegoValue v = value.eval(cx, f);
      if (v == null) {
        return false;
      }
      if (cx.maybe || v == Unknown.VALUE) {
        f.unknown = true;
        return false;
      }
      RegoValue before = f.result;
      if (before == null) {
        f.result = v;
        return constant && f.one;
      }
      if (!before.equals(v)) {
        if (cx.touched) {
          f.result = null;
          f.unknown = true;
          return true;
        }
        throw cx.engine.rules(def.owner()).conflict(def);
      }
      return false;
    }
  }

  /// An element of a set.
  static final class Member extends Step {
    private final Node value;
    private final RuleDef def;

    Member(Node value, RuleDef def) {
      this.value = value;
      this.def = def;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      RegoValue v = value.eval(cx, f);
      if (v == null || !(f.sink instanceof Rules.Members members)) {
        return false;
      }
      boolean certain = !cx.maybe;
      if (!certain || v == Unknown.VALUE) {
        f.unknown = true;
        if (members.origins != null) {
          members.origins.add(new Origin(v, def, 0, certain));
        }
        return false;
      }
      cx.tick();
      f.result = v;
      boolean added = members.set.add(v);
      if (members.origins != null && (added || !known(members, v))) {
        members.origins.add(new Origin(v, def, 0, true));
      }
      return false;
    }

    /// Whether this rule has given the element before; another rule giving the same one is named as
    /// well.
    private boolean known(Rules.Members members, RegoValue v) {
      if (members.origins == null) {
        return true;
      }
      for (Origin origin : members.origins) {
        if (origin.def() == def && origin.value().equals(v)) {
          return true;
        }
      }
      return false;
    }
  }

  /// A key of an object, at any depth.
  static final class Entry extends Step {
    private final Node[] path;
    private final Node value;
    private final RuleDef def;

    Entry(Node[] path, Node value, RuleDef def) {
      this.path = path;
      this.value = value;
      this.def = def;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      RegoValue[] keys = Calls.values(cx, f, path);
      RegoValue v = keys == null ? null : value.eval(cx, f);
      if (keys == null || v == null || !(f.sink instanceof ObjectDoc doc)) {
        return false;
      }
      if (cx.maybe || v == Unknown.VALUE || Calls.hasUnknown(keys)) {
        f.unknown = true;
        return false;
      }
      cx.tick();
      f.result = v;
      if (cx.touched) {
        try {
          doc.put(keys, v, def.isMember(), def.at());
        } catch (EvalException conflict) {
          f.unknown = true;
        }
        return false;
      }
      doc.put(keys, v, def.isMember(), def.at());
      return false;
    }
  }
}
