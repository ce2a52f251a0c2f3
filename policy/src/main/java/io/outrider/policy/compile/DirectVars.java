package io.outrider.policy.compile;

import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Expr;
import io.outrider.policy.syntax.Term;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The names that a body uses itself, outside of the bodies nested in it.
final class DirectVars {
  private final Set<String> names = new HashSet<>();

  static Set<String> of(@Nullable Body body, @Nullable Term... alsoDirect) {
    DirectVars vars = new DirectVars();
    if (body != null) {
      body.exprs().forEach(vars::expr);
    }
    for (Term term : alsoDirect) {
      if (term != null) {
        vars.term(term);
      }
    }
    return vars.names;
  }

  private void expr(Expr expr) {
    switch (expr) {
      case Expr.Plain e -> {
        if (!isPrint(e.term())) {
          term(e.term());
        }
      }
      case Expr.SomeDecl e -> {}
      case Expr.SomeIn e -> {
        if (e.key() != null) {
          term(e.key());
        }
        term(e.value());
        term(e.domain());
      }
      case Expr.Every e -> term(e.domain());
      case Expr.NotBody e -> {
        if (!e.braces()) {
          e.body().exprs().forEach(this::expr);
        }
      }
      case Expr.Logic e -> {
        operand(e.left());
        operand(e.right());
      }
      case Expr.Group e -> {}
    }
    for (Expr.With with : expr.withs()) {
      term(with.value());
    }
  }

  /// An operand without braces has no variables of its own.
  private void operand(Expr expr) {
    if (!(expr instanceof Expr.Group group && group.withs().isEmpty())) {
      expr(expr);
    }
  }

  /// What `print` shows has to be bound elsewhere: print binds nothing.
  private static boolean isPrint(Term term) {
    return term instanceof Term.Call c
        && !c.infix()
        && c.function() instanceof Term.Var v
        && v.name().equals("print");
  }

  private void term(Term term) {
    switch (term) {
      case Term.Scalar t -> {}
      case Term.Var t -> names.add(t.name());
      case Term.Ref t -> {
        term(t.head());
        t.path().forEach(this::term);
      }
      case Term.Call t -> t.args().forEach(this::term);
      case Term.ArrayTerm t -> t.items().forEach(this::term);
      case Term.SetTerm t -> t.items().forEach(this::term);
      case Term.ObjectTerm t ->
          t.entries()
              .forEach(e -> {
                term(e.key());
                term(e.value());
              });
      case Term.ArrayCompr t -> {}
      case Term.SetCompr t -> {}
      case Term.ObjectCompr t -> {}
      case Term.Template t -> {
        for (Term.Part part : t.parts()) {
          if (part instanceof Term.Hole h
              && h.expr() instanceof Expr.Plain p
              && p.term() instanceof Term.Var v) {
            names.add(v.name());
          }
        }
      }
    }
  }
}
