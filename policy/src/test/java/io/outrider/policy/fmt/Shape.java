package io.outrider.policy.fmt;

import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Expr;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Module.Import;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.Rule;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.syntax.Term;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoString;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The meaning of a module as text: its syntax tree without places, and with the few things written
/// alike that mean the same: `p if true` and `p := true`, needless parentheses, `plus(1, 2)` and `1
/// + 2`, constants in template strings.
final class Shape {
  private Shape() {}

  static @Nullable String of(String text) {
    Module module = parse(text);
    return module == null
        ? null
        : module.packagePath()
            + module.imports().stream().map(Shape::imported).sorted().distinct().toList().toString()
            + module.rules().stream().map(Shape::rule).collect(Collectors.joining("\n"));
  }

  static @Nullable Module parse(String text) {
    List<Object> problems = new ArrayList<>();
    Module module = Parser.parseModule(new Source("x.rego", text), problems::add);
    return problems.isEmpty() ? module : null;
  }

  static List<String> comments(String text) {
    Module module = parse(text);
    return module == null
        ? List.of()
        : module.comments().stream().map(c -> c.text().stripTrailing()).sorted().toList();
  }

  private static String imported(Import one) {
    return one.path() + (one.alias() == null ? "" : " as " + one.alias().name());
  }

  private static String rule(Rule rule) {
    Rule.Head head = rule.head();
    return (rule.isDefault() ? "default " : "")
        + any(head.name())
        + any(head.path())
        + (head.args() == null ? "" : "(" + any(head.args()) + ")")
        + " contains "
        + any(head.member())
        + value(head.value())
        + body(rule.isDefault() ? null : rule.body())
        + rule.elses().stream()
            .map(e -> " else" + value(e.value()) + body(e.body()))
            .collect(Collectors.joining());
  }

  private static String value(@Nullable Term value) {
    return " := " + (value == null ? "true" : any(value));
  }

  private static String body(@Nullable Body body) {
    if (body == null) {
      return "";
    }
    if (body.exprs().size() == 1) {
      Expr only = body.exprs().getFirst();
      if (only instanceof Expr.Plain p
          && !p.negated()
          && p.withs().isEmpty()
          && p.term() instanceof Term.Scalar s
          && s.value() == RegoBoolean.TRUE) {
        return "";
      }
      if (only instanceof Expr.Group g && g.withs().isEmpty()) {
        return body(g.body());
      }
    }
    return " if " + any(body);
  }

  private static String any(@Nullable Object node) {
    return switch (node) {
      case null -> "-";
      case List<?> list -> list.stream().map(Shape::any).toList().toString();
      case Term.Var v -> v.isWildcard() ? "_" : v.name();
      case Term.Scalar s -> s.value().toString();
      case Term.Call c when isOperator(c) -> "op" + any(c.function()) + any(c.args());
      case Term.Template t -> template(t);
      case Expr.Group g when g.at().text().startsWith("(") && g.withs().isEmpty() ->
          any(g.body().exprs().getFirst());
      case Record record -> record(record);
      default -> node.toString();
    };
  }

  private static boolean isOperator(Term.Call call) {
    return call.function() instanceof Term.Var v
        && call.args().size() == 2
        && (call.infix() || Operator.named(v.name()) != null);
  }

  private static String template(Term.Template template) {
    StringBuilder out = new StringBuilder("$");
    for (Term.Part part : template.parts()) {
      switch (part) {
        case Term.Text text -> out.append(text.text());
        case Term.Hole hole ->
            out.append(
                hole.expr() instanceof Expr.Plain p
                        && p.withs().isEmpty()
                        && p.term() instanceof Term.Scalar s
                    ? s.value() instanceof RegoString t ? t.value() : s.at().text()
                    : "{" + any(hole.expr()) + "}");
      }
    }
    return out.toString();
  }

  private static String record(Record record) {
    StringBuilder out = new StringBuilder(record.getClass().getSimpleName()).append('(');
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      if (component.getType() != Span.class) {
        try {
          out.append(any(component.getAccessor().invoke(record))).append(' ');
        } catch (ReflectiveOperationException e) {
          throw new AssertionError(e);
        }
      }
    }
    return out.append(')').toString();
  }
}
