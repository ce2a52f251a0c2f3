package io.outrider.policy.syntax;

import java.util.List;

/// A conjunction of expressions. It holds for every way to satisfy all of them.
public record Body(List<Expr> exprs, Span at) {
  public Body {
    exprs = List.copyOf(exprs);
  }
}
