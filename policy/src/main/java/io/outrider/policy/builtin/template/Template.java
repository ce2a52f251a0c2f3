package io.outrider.policy.builtin.template;

import io.outrider.policy.builtin.template.Piece.Command;
import io.outrider.policy.builtin.template.Piece.Operand;
import io.outrider.policy.builtin.template.Piece.Pipeline;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A parsed template. Immutable.
///
/// While it is filled in, a [RegoNumber] is a number of the data, which Go's templates see as text;
/// a number of the template itself is a [Long] or [Double]. Null is Go's missing value.
public final class Template {
  private static final int MAX_CALLS = 100;
  private static final int MAX_OUTPUT = 10_000_000;

  private final Map<String, List<Piece>> templates;

  private Template(Map<String, List<Piece>> templates) {
    this.templates = templates;
  }

  /// Throws [TemplateException] for text that is no template.
  public static Template parse(String text) {
    return new Template(TemplateParser.parse(text));
  }

  /// The template filled in.
  ///
  /// @param functions what the template language borrows from the other built-ins
  /// @param budget told of the work done; may throw to stop it
  public String render(RegoValue data, Functions functions, LongConsumer budget) {
    Run run = new Run(functions, budget);
    run.template("", data);
    return run.out.toString();
  }

  private enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  private record Variable(String name, @Nullable Object value) {}

  private final class Run {
    private final Functions functions;
    private final LongConsumer budget;
    private final StringBuilder out = new StringBuilder();
    private List<Variable> variables = new ArrayList<>();
    private int calls;

    Run(Functions functions, LongConsumer budget) {
      this.functions = functions;
      this.budget = budget;
    }

    void template(String name, @Nullable Object dot) {
      List<Piece> pieces = templates.get(name);
      if (pieces == null) {
        throw new TemplateException("template: no template \"" + name + "\"");
      }
      if (++calls > MAX_CALLS) {
        throw new TemplateException("templates call each other more than " + MAX_CALLS + " deep");
      }
      List<Variable> outer = variables;
      variables = new ArrayList<>(List.of(new Variable("$", dot)));
      pieces(pieces, dot);
      variables = outer;
      calls--;
    }

    private Flow pieces(List<Piece> pieces, @Nullable Object dot) {
      for (Piece piece : pieces) {
        budget.accept(1);
        Flow flow = piece(piece, dot);
        if (flow != Flow.ON) {
          return flow;
        }
      }
      return Flow.ON;
    }

    private Flow piece(Piece piece, @Nullable Object dot) {
      return switch (piece) {
        case Piece.Text text -> {
          append(text.text());
          yield Flow.ON;
        }
        case Piece.Print print -> {
          Object value = pipeline(print.pipeline(), dot);
          if (print.pipeline().variables().isEmpty()) {
            append(value == null || value == RegoNull.NULL ? "<no value>" : Values.shown(value));
          }
          yield Flow.ON;
        }
        case Piece.If each -> {
          int mark = variables.size();
          boolean holds = Values.isTrue(pipeline(each.pipeline(), dot));
          Flow flow = pieces(holds ? each.then() : each.otherwise(), dot);
          forget(mark);
          yield flow;
        }
        case Piece.With each -> {
          int mark = variables.size();
          Object value = pipeline(each.pipeline(), dot);
          Flow flow =
              Values.isTrue(value) ? pieces(each.then(), value) : pieces(each.otherwise(), dot);
          forget(mark);
          yield flow;
        }
        case Piece.Range range -> range(range, dot);
        case Piece.Call call -> {
          Pipeline pipeline = call.pipeline();
          template(call.name(), pipeline == null ? null : pipeline(pipeline, dot));
          yield Flow.ON;
        }
        case Piece.Break _ -> Flow.BREAK;
        case Piece.Continue _ -> Flow.CONTINUE;
      };
    }

    private void append(String text) {
      budget.accept(text.length() >> 4);
      if (out.length() + text.length() > MAX_OUTPUT) {
        throw new TemplateException("more than " + MAX_OUTPUT + " characters of output");
      }
      out.append(text);
    }

    private void forget(int mark) {
      variables.subList(mark, variables.size()).clear();
    }

    private Flow range(Piece.Range range, @Nullable Object dot) {
      int mark = variables.size();
      Pipeline bare = new Pipeline(List.of(), false, range.pipeline().commands());
      Object over = pipeline(bare, dot);
      boolean any = false;
      Flow flow = Flow.ON;
      switch (over) {
        case RegoArray array -> {
          for (int i = 0; i < array.size() && flow != Flow.BREAK; i++) {
            any = true;
            flow = once(range, (long) i, array.get(i));
          }
        }
        case RegoObject object -> {
          for (RegoObject.Entry entry : object) {
            any = true;
            flow = once(range, entry.key(), entry.value());
            if (flow == Flow.BREAK) {
              break;
            }
          }
        }
        case Long n -> {
          for (long i = 0; i < n && flow != Flow.BREAK; i++) {
            any = true;
            flow = once(range, i, i);
          }
        }
        case null -> {}
        case RegoNull _ -> {}
        default -> throw new TemplateException("range can't iterate over " + Values.shown(over));
      }
      forget(mark);
      return any ? Flow.ON : pieces(range.otherwise(), dot);
    }

    private Flow once(Piece.Range range, Object key, Object element) {
      budget.accept(1);
      int mark = variables.size();
      List<String> names = range.pipeline().variables();
      if (names.size() == 1) {
        set(names.getFirst(), element, range.pipeline().declares());
      } else if (names.size() == 2) {
        set(names.get(0), key, range.pipeline().declares());
        set(names.get(1), element, range.pipeline().declares());
      }
      Flow flow = pieces(range.body(), element);
      forget(mark);
      return flow;
    }

    private void set(String name, @Nullable Object value, boolean declares) {
      if (declares) {
        variables.add(new Variable(name, value));
        return;
      }
      for (int i = variables.size() - 1; i >= 0; i--) {
        if (variables.get(i).name.equals(name)) {
          variables.set(i, new Variable(name, value));
          return;
        }
      }
    }

    private @Nullable Object pipeline(Pipeline pipeline, @Nullable Object dot) {
      Object value = null;
      boolean hasValue = false;
      for (Command command : pipeline.commands()) {
        value = command(command, dot, value, hasValue);
        hasValue = true;
      }
      for (String name : pipeline.variables()) {
        set(name, value, pipeline.declares());
      }
      return value;
    }

    private @Nullable Object command(
        Command command, @Nullable Object dot, @Nullable Object piped, boolean hasPiped) {
      Operand first = command.words().getFirst();
      List<Operand> rest = command.words().subList(1, command.words().size());
      if (first instanceof Operand.Function function) {
        return call(function.name(), rest, dot, piped, hasPiped);
      }
      if (!rest.isEmpty() || hasPiped) {
        throw new TemplateException("can't give argument to non-function");
      }
      return value(first, dot);
    }

    private @Nullable Object value(Operand operand, @Nullable Object dot) {
      return switch (operand) {
        case Operand.Constant constant -> Values.literal(constant.value());
        case Operand.Nil _ -> null;
        case Operand.Function function -> call(function.name(), List.of(), dot, null, false);
        case Operand.Path path ->
            Values.fields(
                path.variable().isEmpty() ? dot : variable(path.variable()), path.fields());
        case Operand.Nested nested ->
            Values.fields(pipeline(nested.pipeline(), dot), nested.fields());
      };
    }

    private @Nullable Object variable(String name) {
      for (int i = variables.size() - 1; i >= 0; i--) {
        if (variables.get(i).name.equals(name)) {
          return variables.get(i).value;
        }
      }
      throw new TemplateException("undefined variable: " + name);
    }

    private @Nullable Object call(
        String name,
        List<Operand> operands,
        @Nullable Object dot,
        @Nullable Object piped,
        boolean hasPiped) {
      if (name.equals("and") || name.equals("or")) {
        return logical(name.equals("and"), operands, dot, piped, hasPiped);
      }
      List<@Nullable Object> args = new ArrayList<>();
      for (Operand operand : operands) {
        args.add(value(operand, dot));
      }
      if (hasPiped) {
        args.add(piped);
      }
      return functions.call(name, args);
    }

    /// The first argument that decides, or the last; what follows is not evaluated.
    private @Nullable Object logical(
        boolean isAnd,
        List<Operand> operands,
        @Nullable Object dot,
        @Nullable Object piped,
        boolean hasPiped) {
      Object value = null;
      for (Operand operand : operands) {
        value = value(operand, dot);
        if (Values.isTrue(value) != isAnd) {
          return value;
        }
      }
      if (operands.isEmpty() && !hasPiped) {
        throw new TemplateException(
            "wrong number of args for " + (isAnd ? "and" : "or") + ": want at least 1 got 0");
      }
      return hasPiped ? piped : value;
    }
  }

  /// Values while a template is filled in.
  static final class Values {
    private Values() {}

    static Object literal(RegoValue constant) {
      if (!(constant instanceof RegoNumber n)) {
        return constant;
      }
      return n.isLong() && n.isWrittenAsInteger() ? (Object) n.asLong() : (Object) n.asDouble();
    }

    static boolean isTrue(@Nullable Object value) {
      return switch (value) {
        case null -> false;
        case RegoNull _ -> false;
        case RegoBoolean b -> b.value();
        case RegoString s -> !s.value().isEmpty();
        case RegoArray a -> !a.isEmpty();
        case RegoObject o -> !o.isEmpty();
        case Long n -> n != 0;
        case Double d -> d != 0;
        default -> true;
      };
    }

    static @Nullable Object fields(@Nullable Object value, List<String> fields) {
      Object at = value;
      for (String field : fields) {
        if (at == null) {
          // What is missing has nothing but missing parts.
          return null;
        }
        if (at == RegoNull.NULL) {
          throw new TemplateException("nil pointer evaluating interface {}." + field);
        }
        if (!(at instanceof RegoObject object)) {
          throw new TemplateException("can't evaluate field " + field + " in type interface {}");
        }
        at = object.get(field);
      }
      return at;
    }

    /// As Go's `%v` prints it.
    static String shown(@Nullable Object value) {
      return switch (value) {
        case null -> "<nil>";
        case RegoNull _ -> "<nil>";
        case RegoString s -> s.value();
        case RegoNumber n -> n.text();
        case RegoArray array -> {
          List<String> items = new ArrayList<>();
          array.forEach(item -> items.add(shown(item)));
          yield "[" + String.join(" ", items) + "]";
        }
        case RegoObject object -> {
          List<String> items = new ArrayList<>();
          object.forEach(e -> items.add(shown(e.key()) + ":" + shown(e.value())));
          yield "map[" + String.join(" ", items) + "]";
        }
        default -> value.toString();
      };
    }
  }
}
