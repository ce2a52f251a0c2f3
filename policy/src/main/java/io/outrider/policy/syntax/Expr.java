package io.outrider.policy.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One line of a body.
public sealed interface Expr {
  /// The replacements of `input`, `data` or functions under which the expression is judged.
  List<With> withs();

  Span at();

  /// A term, an operator, a call or a unification, perhaps negated.
  record Plain(Term term, boolean negated, List<With> withs, Span at) implements Expr {
    public Plain {
      withs = List.copyOf(withs);
    }
  }

  /// `some x, y`.
  record SomeDecl(List<Term.Var> vars, List<With> withs, Span at) implements Expr {
    public SomeDecl {
      vars = List.copyOf(vars);
      withs = List.copyOf(withs);
    }
  }

  /// `some value in domain` or `some key, value in domain`.
  record SomeIn(@Nullable Term key, Term value, Term domain, List<With> withs, Span at)
      implements Expr {
    public SomeIn {
      withs = List.copyOf(withs);
    }
  }

  /// `every key, value in domain { body }`.
  record Every(
      Term.@Nullable Var key, Term.Var value, Term domain, Body body, List<With> withs, Span at)
      implements Expr {
    public Every {
      withs = List.copyOf(withs);
    }
  }

  /// `not { body }`, and `not expr` where `future.keywords.not` is imported: what the body calls
  /// stays inside.
  ///
  /// @param braces whether the body stands in braces, and so has variables of its own
  record NotBody(Body body, boolean braces, List<With> withs, Span at) implements Expr {
    public NotBody {
      withs = List.copyOf(withs);
    }
  }

  /// `left and right` (`all`), or `left or right`. Neither side binds a variable outside of it.
  record Logic(boolean all, Expr left, Expr right, List<With> withs, Span at) implements Expr {
    public Logic {
      withs = List.copyOf(withs);
    }
  }

  /// `{ body }` as an operand of `and` or `or`. It holds once, however many solutions the body has.
  record Group(Body body, List<With> withs, Span at) implements Expr {
    public Group {
      withs = List.copyOf(withs);
    }
  }

  /// `with target as value`.
  record With(Term target, Term value, Span at) {}
}
