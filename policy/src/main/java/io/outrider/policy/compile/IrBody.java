package io.outrider.policy.compile;

import io.outrider.policy.syntax.Span;
import java.util.List;

/// A conjunction. The compiler orders it once; afterwards it does not change.
public final class IrBody {
  private List<IrExpr> exprs;
  private final Span at;
  private final boolean implicit;

  IrBody(List<IrExpr> exprs, Span at) {
    this(exprs, at, false);
  }

  private IrBody(List<IrExpr> exprs, Span at, boolean implicit) {
    this.exprs = exprs;
    this.at = at;
    this.implicit = implicit;
  }

  /// An operand of `not`, `and` or `or` without braces: it has no variables of its own, so those in
  /// it must be bound outside.
  static IrBody implicit(List<IrExpr> exprs, Span at) {
    return new IrBody(exprs, at, true);
  }

  /// A body of one expression, in order as it is.
  public static IrBody of(IrExpr expr) {
    return new IrBody(List.of(expr), expr.at());
  }

  /// The expressions in the order of evaluation: each finds bound what it needs.
  public List<IrExpr> exprs() {
    return exprs;
  }

  boolean isImplicit() {
    return implicit;
  }

  public Span at() {
    return at;
  }

  void order(List<IrExpr> ordered) {
    exprs = List.copyOf(ordered);
  }
}
