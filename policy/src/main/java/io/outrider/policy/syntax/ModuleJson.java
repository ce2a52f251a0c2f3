package io.outrider.policy.syntax;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Writes modules as the JSON that OPA's `ast` package gives for them, which is what
/// `rego.parse_module` returns. Metadata blocks appear as comments only, as there.
public final class ModuleJson {
  /// Values in OPA's order of types, other terms after them.
  private static final List<String> TYPES =
      List.of(
          "null",
          "boolean",
          "number",
          "string",
          "var",
          "ref",
          "array",
          "object",
          "set",
          "arraycomprehension",
          "objectcomprehension",
          "setcomprehension",
          "call",
          "templatestring");

  private static final Comparator<RegoValue> ORDER = ModuleJson::compare;

  /// Wildcards by the names they have in the tree, which may skip numbers.
  private final Map<String, String> wildcards = new HashMap<>();

  private int wildcardsSeen;

  private ModuleJson() {}

  /// The whole module.
  public static RegoObject of(Module module) {
    return new ModuleJson().module(module);
  }

  private RegoObject module(Module module) {
    RegoObject.Builder out = RegoObject.builder();
    List<RegoValue> path = new ArrayList<>();
    path.add(var("data"));
    module.packagePath().forEach(name -> path.add(typed("string", RegoString.of(name))));
    out.put("package", RegoObject.builder().put("path", RegoArray.of(path)).build());
    if (!module.imports().isEmpty()) {
      out.put("imports", list(module.imports(), ModuleJson::imported));
    }
    if (!module.rules().isEmpty()) {
      out.put("rules", list(module.rules(), this::rule));
    }
    if (!module.comments().isEmpty()) {
      out.put("comments", list(module.comments(), ModuleJson::comment));
    }
    return out.build();
  }

  private interface Writer<T> {
    RegoValue write(T item);
  }

  private static <T> RegoArray list(List<T> items, Writer<? super T> writer) {
    List<RegoValue> out = new ArrayList<>(items.size());
    for (T item : items) {
      out.add(writer.write(item));
    }
    return RegoArray.of(out);
  }

  private static RegoObject comment(Span at) {
    byte[] text = at.text().substring(1).getBytes(StandardCharsets.UTF_8);
    return RegoObject.builder()
        .put("Text", RegoString.of(Base64.getEncoder().encodeToString(text)))
        .put(
            "Location",
            RegoObject.builder()
                .put("file", RegoString.of(at.file()))
                .put("row", RegoNumber.of(at.row()))
                .put("col", RegoNumber.of(at.col()))
                .build())
        .build();
  }

  private static RegoObject imported(Module.Import item) {
    List<RegoValue> path = new ArrayList<>();
    path.add(var(item.path().getFirst()));
    item.path()
        .subList(1, item.path().size())
        .forEach(name -> path.add(typed("string", RegoString.of(name))));
    RegoObject.Builder out = RegoObject.builder();
    // A lone `import input` is a variable there, and no reference.
    out.put("path", path.size() == 1 ? path.getFirst() : typed("ref", RegoArray.of(path)));
    if (item.alias() != null) {
      out.put("alias", RegoString.of(item.alias().name()));
    }
    return out.build();
  }

  private RegoObject rule(Rule rule) {
    RegoObject.Builder out = RegoObject.builder();
    if (rule.isDefault()) {
      out.put("default", RegoBoolean.TRUE);
    }
    out.put("head", head(rule, rule.head().value(), rule.head().assign()));
    out.put("body", body(rule.isDefault() ? null : rule.body()));
    RegoObject other = elses(rule, 0);
    if (other != null) {
      out.put("else", other);
    }
    return out.build();
  }

  private @Nullable RegoObject elses(Rule rule, int branch) {
    if (branch == rule.elses().size()) {
      return null;
    }
    // Each branch has wildcards of its own in the place of arguments that are wildcards.
    List<Term> args = rule.head().args();
    if (args != null) {
      args.stream()
          .filter(arg -> arg instanceof Term.Var v && v.isWildcard())
          .forEach(arg -> wildcards.remove(((Term.Var) arg).name()));
    }
    Rule.Else other = rule.elses().get(branch);
    RegoObject.Builder out = RegoObject.builder();
    out.put("head", head(rule, other.value(), assigns(rule, other)));
    out.put("body", body(other.body()));
    RegoObject next = elses(rule, branch + 1);
    if (next != null) {
      out.put("else", next);
    }
    return out.build();
  }

  /// Whether the value of an `else` is given with `:=`, which the tree does not tell.
  private static boolean assigns(Rule rule, Rule.Else branch) {
    return branch.value() == null
        ? rule.head().assign()
        : branch.at().text().substring("else".length()).stripLeading().startsWith(":=");
  }

  private RegoObject head(Rule rule, @Nullable Term value, boolean assign) {
    Rule.Head head = rule.head();
    RegoObject.Builder out = RegoObject.builder();
    List<RegoValue> ref = new ArrayList<>();
    ref.add(term(head.name()));
    head.path().forEach(key -> ref.add(term(key)));
    out.put("ref", RegoArray.of(ref));
    boolean twoParts = head.path().size() == 1 && head.member() == null;
    // A constant key is part of the reference only where a body follows.
    boolean hasKey =
        twoParts
            && head.args() == null
            && (rule.body() == null || !(head.path().getFirst() instanceof Term.Scalar));
    boolean named = !rule.isDefault() && (head.args() == null || rule.body() != null);
    if (head.path().isEmpty() || (twoParts && named)) {
      out.put("name", RegoString.of(head.name().name()));
    }
    if (head.args() != null) {
      out.put("args", list(head.args(), this::term));
    }
    if (head.member() != null) {
      out.put("key", term(head.member()));
    } else {
      if (hasKey) {
        out.put("key", term(head.path().getFirst()));
      }
      out.put("value", value == null ? typed("boolean", RegoBoolean.TRUE) : term(value));
    }
    if (assign) {
      out.put("assign", RegoBoolean.TRUE);
    }
    return out.build();
  }

  private RegoArray body(@Nullable Body body) {
    if (body == null) {
      return RegoArray.of(
          List.of(
              RegoObject.builder()
                  .put("generated", RegoBoolean.TRUE)
                  .put("index", RegoNumber.of(0))
                  .put("terms", typed("boolean", RegoBoolean.TRUE))
                  .build()));
    }
    return exprs(body.exprs());
  }

  private RegoArray exprs(List<Expr> exprs) {
    List<RegoValue> out = new ArrayList<>(exprs.size());
    for (Expr expr : exprs) {
      out.add(expr(expr, out.size()));
    }
    return RegoArray.of(out);
  }

  private RegoObject expr(Expr expr, int index) {
    RegoObject.Builder out = RegoObject.builder();
    out.put("index", RegoNumber.of(index));
    if (expr instanceof Expr.Plain plain && plain.negated()) {
      out.put("negated", RegoBoolean.TRUE);
    }
    out.put("terms", terms(expr));
    if (!expr.withs().isEmpty()) {
      out.put("with", list(expr.withs(), this::with));
    }
    return out.build();
  }

  private RegoObject with(Expr.With with) {
    return RegoObject.builder()
        .put("target", term(with.target()))
        .put("value", term(with.value()))
        .build();
  }

  private RegoValue terms(Expr expr) {
    return switch (expr) {
      case Expr.Plain plain ->
          plain.term() instanceof Term.Call call ? callTerms(call) : term(plain.term());
      case Expr.SomeDecl some ->
          RegoObject.builder().put("symbols", list(some.vars(), this::term)).build();
      case Expr.SomeIn some -> {
        List<RegoValue> call = new ArrayList<>();
        call.add(name(some.key() == null ? "internal.member_2" : "internal.member_3"));
        if (some.key() != null) {
          call.add(term(some.key()));
        }
        call.add(term(some.value()));
        call.add(term(some.domain()));
        yield RegoObject.builder()
            .put("symbols", RegoArray.of(List.of(typed("call", RegoArray.of(call)))))
            .build();
      }
      case Expr.Every every ->
          RegoObject.builder()
              .put("key", every.key() == null ? RegoNull.NULL : term(every.key()))
              .put("value", term(every.value()))
              .put("domain", term(every.domain()))
              .put("body", body(every.body()))
              .build();
      case Expr.NotBody not ->
          RegoObject.builder()
              .put("type", RegoString.of("not"))
              .put("explicit_body", RegoBoolean.of(not.braces()))
              .put("body", body(not.body()))
              .build();
      case Expr.Logic logic -> logic(logic);
      case Expr.Group group -> body(group.body());
    };
  }

  private RegoObject logic(Expr.Logic logic) {
    RegoObject.Builder out = RegoObject.builder();
    out.put("type", RegoString.of(logic.all() ? "and" : "or"));
    operand(out, "lhs", logic.left());
    operand(out, "rhs", logic.right());
    return out.build();
  }

  private void operand(RegoObject.Builder out, String side, Expr operand) {
    if (operand instanceof Expr.Group group && group.withs().isEmpty()) {
      out.put("explicit_" + side, RegoBoolean.TRUE);
      out.put(side, body(group.body()));
    } else {
      out.put(side, exprs(List.of(operand)));
    }
  }

  private RegoArray callTerms(Term.Call call) {
    List<RegoValue> out = new ArrayList<>();
    out.add(
        call.infix() ? name(((Term.Var) call.function()).name()) : asRef(term(call.function())));
    call.args().forEach(arg -> out.add(term(arg)));
    return RegoArray.of(out);
  }

  private static RegoValue asRef(RegoValue term) {
    return term instanceof RegoObject o
            && o.get("type") instanceof RegoString type
            && type.value().equals("var")
        ? typed("ref", RegoArray.of(List.of(term)))
        : term;
  }

  /// A dotted name as a reference.
  private static RegoObject name(String dotted) {
    List<RegoValue> parts = new ArrayList<>();
    for (String part : dotted.split("\\.", -1)) {
      parts.add(parts.isEmpty() ? var(part) : typed("string", RegoString.of(part)));
    }
    return typed("ref", RegoArray.of(parts));
  }

  private String name(Term.Var v) {
    return v.isWildcard()
        ? wildcards.computeIfAbsent(v.name(), n -> "$" + wildcardsSeen++)
        : v.name();
  }

  private static RegoObject var(String name) {
    return typed("var", RegoString.of(name));
  }

  private static RegoObject typed(String type, RegoValue value) {
    return RegoObject.builder(2).put("type", RegoString.of(type)).put("value", value).build();
  }

  private RegoObject term(Term term) {
    return switch (term) {
      case Term.Scalar scalar ->
          typed(
              scalar.value().typeName(),
              scalar.value() instanceof RegoNull ? RegoObject.EMPTY : scalar.value());
      case Term.Var v when v.isRoot() -> typed("ref", RegoArray.of(List.of(var(v.name()))));
      case Term.Var v -> var(name(v));
      case Term.Ref ref -> {
        List<RegoValue> parts = new ArrayList<>();
        parts.add(ref.head() instanceof Term.Var v ? var(name(v)) : term(ref.head()));
        ref.path().forEach(part -> parts.add(term(part)));
        yield typed("ref", RegoArray.of(parts));
      }
      case Term.Call call -> typed("call", callTerms(call));
      case Term.ArrayTerm array -> typed("array", list(array.items(), this::term));
      case Term.SetTerm set -> {
        TreeSet<RegoValue> items = new TreeSet<>(ORDER);
        set.items().forEach(item -> items.add(term(item)));
        yield typed("set", RegoArray.of(List.copyOf(items)));
      }
      case Term.ObjectTerm object -> {
        TreeMap<RegoValue, RegoValue> entries = new TreeMap<>(ORDER);
        object.entries().forEach(e -> entries.put(term(e.key()), term(e.value())));
        List<RegoValue> pairs = new ArrayList<>();
        entries.forEach((key, value) -> pairs.add(RegoArray.of(List.of(key, value))));
        yield typed("object", RegoArray.of(pairs));
      }
      case Term.ArrayCompr compr ->
          typed("arraycomprehension", comprehension(compr.head(), compr.body()));
      case Term.SetCompr compr ->
          typed("setcomprehension", comprehension(compr.head(), compr.body()));
      case Term.ObjectCompr compr ->
          typed(
              "objectcomprehension",
              RegoObject.builder()
                  .put("key", term(compr.key()))
                  .put("value", term(compr.value()))
                  .put("body", body(compr.body()))
                  .build());
      case Term.Template template ->
          typed(
              "templatestring",
              RegoObject.builder()
                  .put(
                      "parts",
                      template.parts().isEmpty()
                          ? RegoNull.NULL
                          : list(template.parts(), this::part))
                  .put("multi_line", RegoBoolean.of(template.at().text().startsWith("$`")))
                  .build());
    };
  }

  private RegoObject comprehension(Term head, Body body) {
    return RegoObject.builder().put("term", term(head)).put("body", body(body)).build();
  }

  private RegoObject part(Term.Part part) {
    return switch (part) {
      case Term.Text text -> typed("string", RegoString.of(text.text()));
      case Term.Hole(Expr.Plain plain) when plain.term() instanceof Term.Scalar scalar ->
          term(scalar);
      case Term.Hole hole -> expr(hole.expr(), 0);
    };
  }

  /// As OPA orders terms: by type, then by value.
  private static int compare(RegoValue a, RegoValue b) {
    if (!(a instanceof RegoObject x && b instanceof RegoObject y)) {
      return a.compareTo(b);
    }
    int byType = Integer.compare(rank(x), rank(y));
    RegoValue left = x.get("value");
    RegoValue right = y.get("value");
    if (byType != 0 || left == null || right == null) {
      return byType != 0 ? byType : a.compareTo(b);
    }
    return left instanceof RegoArray l && right instanceof RegoArray r
        ? compareAll(l, r)
        : left.compareTo(right);
  }

  private static int compareAll(RegoArray a, RegoArray b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      RegoValue x = a.get(i);
      RegoValue y = b.get(i);
      int order =
          x instanceof RegoArray l && y instanceof RegoArray r ? compareAll(l, r) : compare(x, y);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  private static int rank(RegoObject term) {
    return term.get("type") instanceof RegoString s ? TYPES.indexOf(s.value()) : -1;
  }
}
