package io.outrider.policy.eval;

import io.outrider.policy.builtin.Builtin;
import io.outrider.policy.builtin.BuiltinException;
import io.outrider.policy.compile.IrTerm.Callee;
import io.outrider.policy.compile.RuleSet;
import io.outrider.policy.eval.Env.Mock;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls of built-ins and of functions that policies define.
final class Calls {
  private Calls() {}

  /// A call of a built-in.
  static final class Native extends Node {
    private final Builtin builtin;
    private final Node[] args;
    private final Span at;

    Native(Builtin builtin, Node[] args, Span at) {
      this.builtin = builtin;
      this.args = args;
      this.at = at;
    }

    @Override
    @Nullable RegoValue eval(Eval cx, Frame f) {
      Map<Object, Mock> mocks = cx.env.mocks;
      if (mocks != null) {
        Mock mock = mocks.get(builtin);
        if (mock != null) {
          return mocked(cx, f, mock, args, at);
        }
      }
      return switch (args.length) {
        case 1 -> {
          RegoValue a = args[0].eval(cx, f);
          yield a == null || a == Unknown.VALUE ? a : invoke(cx, builtin, a, at);
        }
        case 2 -> {
          RegoValue a = args[0].eval(cx, f);
          if (a == null) {
            yield null;
          }
          RegoValue b = args[1].eval(cx, f);
          if (b == null) {
            yield null;
          }
          yield a == Unknown.VALUE || b == Unknown.VALUE
              ? Unknown.VALUE
              : invoke(cx, builtin, a, b, at);
        }
        default -> {
          RegoValue[] values = values(cx, f, args);
          if (values == null) {
            yield null;
          }
          yield hasUnknown(values) ? Unknown.VALUE : invoke(cx, builtin, values, at);
        }
      };
    }
  }

  static RegoValue @Nullable [] values(Eval cx, Frame f, Node[] args) {
    RegoValue[] values = new RegoValue[args.length];
    for (int i = 0; i < args.length; i++) {
      RegoValue value = args[i].eval(cx, f);
      if (value == null) {
        return null;
      }
      values[i] = value;
    }
    return values;
  }

  static boolean hasUnknown(RegoValue[] values) {
    for (RegoValue value : values) {
      if (value == Unknown.VALUE) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable RegoValue invoke(Eval cx, Builtin builtin, RegoValue a, Span at) {
    try {
      return builtin.call(cx.builtins(), a);
    } catch (BuiltinException e) {
      return failed(cx, builtin, e, at);
    }
  }

  private static @Nullable RegoValue invoke(
      Eval cx, Builtin builtin, RegoValue a, RegoValue b, Span at) {
    try {
      return builtin.call(cx.builtins(), a, b);
    } catch (BuiltinException e) {
      return failed(cx, builtin, e, at);
    }
  }

  static @Nullable RegoValue invoke(Eval cx, Builtin builtin, RegoValue[] args, Span at) {
    try {
      return builtin.call(cx.builtins(), args);
    } catch (BuiltinException e) {
      return failed(cx, builtin, e, at);
    }
  }

  private static @Nullable RegoValue failed(Eval cx, Builtin builtin, BuiltinException e, Span at) {
    if (cx.touched) {
      // With the real values the call may not be reached at all, so the error proves nothing.
      return Unknown.VALUE;
    }
    if (cx.options.strict()) {
      throw new EvalException(
          EvalException.Kind.ERROR, e.kind().code(), e.describe(builtin.name()), at);
    }
    return null;
  }

  private static @Nullable RegoValue mocked(Eval cx, Frame f, Mock mock, Node[] args, Span at) {
    RegoValue[] values = values(cx, f, args);
    if (values == null) {
      return null;
    }
    Callee function = mock.function();
    if (function == null) {
      return mock.value();
    }
    // Inside the replacement nothing is replaced, so that it may call what it stands in for.
    Env before = cx.env;
    cx.env =
        new Env(
            before,
            before.input,
            before.data,
            before.hidden,
            null,
            before.unknowns,
            cx.engine.ruleSetCount());
    RegoValue result =
        switch (function) {
          case Callee.Native n ->
              hasUnknown(values) ? Unknown.VALUE : invoke(cx, n.builtin(), values, at);
          case Callee.Function r -> cx.engine.rules(r.rules()).call(cx, values, at);
        };
    cx.env = before;
    return result;
  }

  /// A call of a function that a policy defines.
  static final class Function extends Node {
    private final RuleSet set;
    private final Rules rules;
    private final Node[] args;
    private final Span at;

    Function(RuleSet set, Rules rules, Node[] args, Span at) {
      this.set = set;
      this.rules = rules;
      this.args = args;
      this.at = at;
    }

    @Override
    @Nullable RegoValue eval(Eval cx, Frame f) {
      Map<Object, Mock> mocks = cx.env.mocks;
      if (mocks != null) {
        Mock mock = mocks.get(set);
        if (mock != null) {
          return mocked(cx, f, mock, args, at);
        }
      }
      RegoValue[] values = values(cx, f, args);
      return values == null ? null : rules.call(cx, values, at);
    }
  }

  /// A call of a built-in with several results (`walk`): once for each.
  static final class EachResult extends Step {
    private final Node call;
    private final Matcher result;

    EachResult(Node call, Matcher result) {
      this.call = call;
      this.result = result;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      RegoValue all = call.eval(cx, f);
      if (all == null) {
        return false;
      }
      if (all == Unknown.VALUE) {
        result.matchUnknown(f);
        return possibly(cx, f);
      }
      if (!(all instanceof RegoArray results)) {
        return false;
      }
      for (int i = 0; i < results.size(); i++) {
        cx.tick();
        boolean stop =
            switch (result.matchAny(cx, f, results.get(i))) {
              case Matcher.NO -> false;
              case Matcher.YES -> next.run(cx, f);
              default -> possibly(cx, f);
            };
        if (stop) {
          return true;
        }
      }
      return false;
    }
  }

  /// A comparison, without the way round through a boolean value.
  static final class Compare extends Step {
    private final String operator;
    private final int mask;
    private final Node left;
    private final Node right;

    private static final int LESS = 1;
    private static final int EQUAL = 2;
    private static final int GREATER = 4;

    /// @param operator the name of the built-in: `lt`, `lte`, `gt`, `gte`
    Compare(String operator, Node left, Node right) {
      this.operator = operator;
      this.mask =
          switch (operator) {
            case "lt" -> LESS;
            case "lte" -> LESS | EQUAL;
            case "gt" -> GREATER;
            case "gte" -> GREATER | EQUAL;
            default -> throw new IllegalArgumentException("operator: " + operator);
          };
      this.left = left;
      this.right = right;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      RegoValue a = left.eval(cx, f);
      RegoValue b = a == null ? null : right.eval(cx, f);
      if (a == null || b == null) {
        return false;
      }
      if (a == Unknown.VALUE || b == Unknown.VALUE) {
        return possibly(cx, f);
      }
      int order = a.compareTo(b);
      int bit = order < 0 ? LESS : order == 0 ? EQUAL : GREATER;
      return (mask & bit) != 0 && next.run(cx, f);
    }

    @Override
    public String toString() {
      return operator;
    }
  }

  static final class NotEqual extends Step {
    private final Node left;
    private final Node right;

    NotEqual(Node left, Node right) {
      this.left = left;
      this.right = right;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      RegoValue a = left.eval(cx, f);
      RegoValue b = a == null ? null : right.eval(cx, f);
      if (a == null || b == null) {
        return false;
      }
      if (a == Unknown.VALUE || b == Unknown.VALUE) {
        return possibly(cx, f);
      }
      return !a.equals(b) && next.run(cx, f);
    }
  }
}
