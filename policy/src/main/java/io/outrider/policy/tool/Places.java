package io.outrider.policy.tool;

import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Expr;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Rule;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.syntax.Term;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The places of a module that an evaluation can reach: heads of rules and expressions, those
/// inside comprehensions included.
final class Places {
  private final List<Span> found = new ArrayList<>();

  private Places() {}

  static List<Span> of(Module module) {
    Places places = new Places();
    module.rules().forEach(places::rule);
    return places.found;
  }

  private void rule(Rule rule) {
    found.addAll(rule.headSpans(0));
    terms(rule.head().path());
    List<Term> args = rule.head().args();
    terms(args == null ? List.of() : args);
    term(rule.head().member());
    term(rule.head().value());
    if (!rule.isDefault()) {
      body(rule.body());
    }
    for (int i = 0; i < rule.elses().size(); i++) {
      found.addAll(rule.headSpans(i + 1));
      term(rule.elses().get(i).value());
      body(rule.elses().get(i).body());
    }
  }

  private void body(@Nullable Body body) {
    if (body != null) {
      body.exprs().forEach(this::expr);
    }
  }

  private void expr(Expr expr) {
    if (!(expr instanceof Expr.SomeDecl || expr instanceof Expr.SomeIn)) {
      found.add(expr.at());
    }
    switch (expr) {
      case Expr.Plain e -> term(e.term());
      case Expr.SomeDecl e -> {}
      case Expr.SomeIn e -> {
        term(e.key());
        term(e.value());
        term(e.domain());
      }
      case Expr.Every e -> {
        term(e.domain());
        body(e.body());
      }
      case Expr.NotBody e -> body(e.body());
      case Expr.Logic e -> {
        expr(e.left());
        expr(e.right());
      }
      case Expr.Group e -> body(e.body());
    }
    expr.withs().forEach(with -> term(with.value()));
  }

  private void terms(List<Term> terms) {
    terms.forEach(this::term);
  }

  private void term(@Nullable Term term) {
    switch (term) {
      case null -> {}
      case Term.Scalar t -> {}
      case Term.Var t -> {}
      case Term.Ref t -> {
        term(t.head());
        terms(t.path());
      }
      case Term.Call t -> terms(t.args());
      case Term.ArrayTerm t -> terms(t.items());
      case Term.SetTerm t -> terms(t.items());
      case Term.ObjectTerm t ->
          t.entries()
              .forEach(e -> {
                term(e.key());
                term(e.value());
              });
      case Term.ArrayCompr t -> {
        term(t.head());
        body(t.body());
      }
      case Term.SetCompr t -> {
        term(t.head());
        body(t.body());
      }
      case Term.ObjectCompr t -> {
        term(t.key());
        term(t.value());
        body(t.body());
      }
      case Term.Template t -> {
        for (Term.Part part : t.parts()) {
          if (part instanceof Term.Hole hole) {
            expr(hole.expr());
          }
        }
      }
    }
  }
}
