package io.outrider.policy.eval;

import io.outrider.policy.compile.IrTerm.ComprKind;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Comprehensions, template strings and print: terms that gather the solutions of a body.
final class Collect {
  private Collect() {}

  static final class Comprehension extends Node {
    private final ComprKind kind;
    private final Step body;

    Comprehension(ComprKind kind, Step body) {
      this.kind = kind;
      this.body = body;
    }

    @Override
    RegoValue eval(Eval cx, Frame f) {
      Object outerSink = f.sink;
      boolean outerUnknown = f.unknown;
      boolean outerMaybe = cx.maybe;
      f.unknown = false;
      cx.maybe = false;
      RegoValue result =
          switch (kind) {
            case ARRAY -> {
              List<RegoValue> items = new ArrayList<>();
              f.sink = items;
              body.run(cx, f);
              yield f.unknown ? Unknown.VALUE : RegoArray.of(items);
            }
            case SET -> {
              RegoSet.Builder set = RegoSet.builder();
              f.sink = set;
              body.run(cx, f);
              yield f.unknown ? Unknown.VALUE : set.build();
            }
            case OBJECT -> {
              RegoObject.Builder object = RegoObject.builder();
              f.sink = object;
              body.run(cx, f);
              yield f.unknown ? Unknown.VALUE : object.build();
            }
          };
      f.sink = outerSink;
      f.unknown = outerUnknown;
      cx.maybe = outerMaybe;
      return result;
    }
  }

  /// The end of a comprehension's body: adds one element.
  static final class Add extends Step {
    private final @Nullable Node key;
    private final Node value;
    private final Span at;

    Add(@Nullable Node key, Node value, Span at) {
      this.key = key;
      this.value = value;
      this.at = at;
    }

    @Override
    @SuppressWarnings("unchecked") // the sink was made by the comprehension this step belongs to
    boolean run(Eval cx, Frame f) {
      Node keyNode = key;
      RegoValue k = keyNode == null ? null : keyNode.eval(cx, f);
      RegoValue v = value.eval(cx, f);
      if (v == null || (keyNode != null && k == null)) {
        return false;
      }
      if (cx.maybe || v == Unknown.VALUE || k == Unknown.VALUE) {
        f.unknown = true;
        return true;
      }
      cx.tick();
      Object sink = f.sink;
      if (sink instanceof RegoSet.Builder set) {
        set.add(v);
      } else if (sink instanceof RegoObject.Builder object && k != null) {
        RegoValue before = object.get(k);
        if (before != null && !before.equals(v)) {
          if (cx.touched) {
            f.unknown = true;
            return true;
          }
          throw EvalException.conflict("object keys must be unique: " + k, at);
        }
        object.put(k, v);
      } else if (sink instanceof List<?> list) {
        ((List<RegoValue>) list).add(v);
      }
      return false;
    }
  }

  /// `$"..{x}.."`. Each hole is a set comprehension of at most one value.
  static final class Template extends Node {
    private final Node[] parts;
    private final Span at;

    Template(Node[] parts, Span at) {
      this.parts = parts;
      this.at = at;
    }

    @Override
    @Nullable RegoValue eval(Eval cx, Frame f) {
      StringBuilder out = new StringBuilder();
      for (Node part : parts) {
        RegoValue value = part.eval(cx, f);
        if (value == null || value == Unknown.VALUE) {
          return value;
        }
        if (value instanceof RegoSet set) {
          if (set.size() > 1) {
            if (cx.touched) {
              return Unknown.VALUE;
            }
            throw EvalException.conflict("template-strings must not produce multiple outputs", at);
          }
          out.append(set.isEmpty() ? "<undefined>" : text(set.get(0)));
        } else {
          out.append(text(value));
        }
      }
      cx.spend(out.length() / 16);
      return RegoString.of(out.toString());
    }
  }

  /// A value as `print` and templates show it: strings without quotes, everything else as Rego
  /// text.
  static String text(RegoValue value) {
    return value instanceof RegoString s ? s.value() : value.toString();
  }

  /// `print(..)`; always holds.
  static final class Print extends Step {
    private final Node[] args;

    Print(Node[] args) {
      this.args = args;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      List<String> printed = cx.printed;
      if (printed != null) {
        List<RegoSet> values = new ArrayList<>();
        for (Node arg : args) {
          values.add(arg.eval(cx, f) instanceof RegoSet set ? set : RegoSet.EMPTY);
        }
        print(cx, values, 0, "", printed);
      }
      return next.run(cx, f);
    }

    /// An argument with several values prints once for each.
    private static void print(
        Eval cx, List<RegoSet> values, int at, String line, List<String> out) {
      cx.tick();
      if (at == values.size()) {
        out.add(line);
        return;
      }
      String before = at == 0 ? "" : line + " ";
      RegoSet set = values.get(at);
      if (set.isEmpty()) {
        print(cx, values, at + 1, before + "<undefined>", out);
      }
      for (RegoValue value : set) {
        print(cx, values, at + 1, before + text(value), out);
      }
    }
  }
}
