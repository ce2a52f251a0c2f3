package io.outrider.policy.eval;

import io.outrider.policy.compile.IrTerm.Callee;
import io.outrider.policy.eval.Env.Mock;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `with`: what it replaces holds between [Enter] and [Leave], and not in the steps after them.
final class Overlay {
  private Overlay() {}

  /// One replacement.
  sealed interface Change {
    /// `with input...`.
    record Input(List<RegoValue> path, Node value) implements Change {}

    /// `with data...`; `nodes` are the places in the document tree that vanish behind it.
    record Data(List<RegoValue> path, BitSet nodes, Node value) implements Change {}

    /// `with f as g`; the key is the built-in or the rule set.
    record Function(Object key, Callee replacement) implements Change {}

    record Result(Object key, Node value) implements Change {}
  }

  static final class Enter extends Step {
    private final Change[] changes;
    private final Leave leave;
    private final int[] outputs;

    /// @param outputs the slots that the steps up to `leave` bind
    Enter(Change[] changes, Leave leave, int[] outputs) {
      this.changes = changes;
      this.leave = leave;
      this.outputs = outputs;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      Env before = cx.env;
      RegoValue input = before.input;
      RegoObject data = before.data;
      BitSet hidden = before.hidden;
      Map<Object, Mock> mocks = before.mocks;
      Unknown unknowns = before.unknowns;
      for (Change change : changes) {
        Node node =
            switch (change) {
              case Change.Input c -> c.value();
              case Change.Data c -> c.value();
              case Change.Result c -> c.value();
              case Change.Function c -> null;
            };
        RegoValue value = node == null ? null : node.eval(cx, f);
        if (node != null && value == null) {
          return false;
        }
        if (value == Unknown.VALUE) {
          return skip(cx, f);
        }
        switch (change) {
          case Change.Input c -> {
            input = put(input, c.path(), 0, notNull(value));
            unknowns = Unknown.without(unknowns, c.path(), 0);
          }
          case Change.Data c -> {
            if (!c.path().stream().allMatch(key -> key instanceof RegoString)) {
              throw EvalException.conflict("bad document path", null);
            }
            data =
                put(data, c.path(), 0, notNull(value)) instanceof RegoObject o
                    ? o
                    : RegoObject.EMPTY;
            hidden = hidden == null ? new BitSet() : (BitSet) hidden.clone();
            hidden.or(c.nodes());
          }
          case Change.Function c -> mocks = plus(mocks, c.key(), new Mock(c.replacement(), null));
          case Change.Result c -> mocks = plus(mocks, c.key(), new Mock(null, value));
        }
      }
      cx.env = new Env(before, input, data, hidden, mocks, unknowns, cx.engine.ruleSetCount());
      boolean stop = next.run(cx, f);
      cx.env = before;
      return stop;
    }

    private static RegoValue notNull(@Nullable RegoValue value) {
      if (value == null) {
        throw new IllegalStateException("a change without a value");
      }
      return value;
    }

    /// The world behind the `with` is unknown: so is all that is computed in it.
    private boolean skip(Eval cx, Frame f) {
      for (int slot : outputs) {
        f.slots[slot] = Unknown.VALUE;
      }
      return leave.possibly(cx, f);
    }

    private static Map<Object, Mock> plus(
        @Nullable Map<Object, Mock> mocks, Object key, Mock mock) {
      Map<Object, Mock> all = mocks == null ? new HashMap<>() : new HashMap<>(mocks);
      all.put(key, mock);
      return all;
    }
  }

  static final class Leave extends Step {
    @Override
    boolean run(Eval cx, Frame f) {
      Env inner = cx.env;
      Env outer = inner.outer;
      if (outer == null) {
        throw new IllegalStateException("left more overlays than were entered");
      }
      cx.env = outer;
      boolean stop = next.run(cx, f);
      cx.env = inner;
      return stop;
    }
  }

  /// `base` with `value` at the path; what is in the way and is no object is replaced by one.
  static RegoValue put(@Nullable RegoValue base, List<RegoValue> path, int at, RegoValue value) {
    if (at == path.size()) {
      return value;
    }
    RegoObject object = base instanceof RegoObject o ? o : RegoObject.EMPTY;
    RegoValue key = path.get(at);
    return object.with(key, put(object.get(key), path, at + 1, value));
  }
}
