package io.outrider.policy.compile;

import io.outrider.policy.compile.IrTerm.Compr;
import io.outrider.policy.compile.IrTerm.Local;
import io.outrider.policy.syntax.Span;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Finds variables in the arguments of `print` and in template strings that have no value there.
/// Neither binds anything: what they show must have been found by other expressions; for `print`,
/// by those written before it.
final class Undeclared {
  private final Problems problems;

  Undeclared(Problems problems) {
    this.problems = problems;
  }

  /// Checks a body that has not been ordered yet, and the terms that go with it.
  void check(IrBody body, List<IrTerm> head, BitSet outer) {
    templates(body, head, outer);
    prints(body, outer);
  }

  private void templates(IrBody body, List<IrTerm> head, BitSet outer) {
    BitSet known = Bindings.after(body.exprs(), outer);
    Finder finder = new Finder(known);
    body.exprs().forEach(expr -> finder.expr(expr));
    head.forEach(finder::term);
  }

  private final class Finder implements IrVars.Visitor {
    private final BitSet known;

    Finder(BitSet known) {
      this.known = known;
    }

    void expr(IrExpr expr) {
      if (expr instanceof IrExpr.Every e) {
        known.set(e.value().slot());
        LocalVar key = e.key();
        if (key != null) {
          known.set(key.slot());
        }
      }
      IrVars.walk(expr, this);
    }

    void term(IrTerm term) {
      IrVars.walk(term, this);
    }

    @Override
    public void local(Local local) {}

    @Override
    public void template(IrTerm.Template template) {
      for (IrTerm part : template.parts()) {
        if (part instanceof Compr shown) {
          report(Stage.TEMPLATES, shown, known);
        }
      }
    }

    @Override
    public void closure(IrBody body, List<IrTerm> head) {
      if (!body.isImplicit()) {
        templates(body, head, known);
      }
    }
  }

  private void prints(IrBody body, BitSet outer) {
    BitSet bound = (BitSet) outer.clone();
    // What is declared counts as known from its first mention on, bound or not.
    BitSet known = (BitSet) outer.clone();
    for (IrExpr expr : body.exprs()) {
      if (expr instanceof IrExpr.Print print) {
        for (IrTerm arg : print.args()) {
          if (arg instanceof Compr shown) {
            report(Stage.PRINTS, shown, known);
          }
        }
        continue;
      }
      BitSet inside = (BitSet) bound.clone();
      if (expr instanceof IrExpr.Every e) {
        inside.set(e.value().slot());
        LocalVar key = e.key();
        if (key != null) {
          inside.set(key.slot());
        }
      }
      IrVars.walk(
          expr,
          new IrVars.Visitor() {
            @Override
            public void local(Local local) {}

            @Override
            public void closure(IrBody inner, List<IrTerm> head) {
              prints(inner, inside);
            }
          });
      bound.or(Bindings.of(expr, bound));
      known.or(bound);
      IrVars.deep(
          IrBody.of(expr),
          List.of(),
          local -> {
            if (local.var().origin() != LocalVar.Origin.IMPLICIT) {
              known.set(local.var().slot());
            }
          });
    }
  }

  /// The comprehension that stands for a shown term: whatever it uses must be known.
  private void report(Stage stage, Compr shown, BitSet known) {
    Map<LocalVar, Span> missing = new LinkedHashMap<>();
    Map<Integer, LocalVar> vars = new HashMap<>();
    BitSet used = new BitSet();
    for (IrExpr expr : shown.body().exprs()) {
      used.or(IrVars.direct(expr));
      IrVars.locals(expr, var -> vars.put(var.slot(), var));
    }
    used.andNot(known);
    used.stream()
        .mapToObj(vars::get)
        .filter(var -> var != null && !var.isGenerated())
        .forEach(var -> missing.put(var, shown.at()));
    missing.forEach((var, at) -> {
      String name = var.isWildcard() ? "_" : var.name();
      problems.compile(
          stage, at, "var " + name + " is undeclared", "give it a value before this expression");
    });
  }
}
