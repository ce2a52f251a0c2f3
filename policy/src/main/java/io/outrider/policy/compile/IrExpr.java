package io.outrider.policy.compile;

import io.outrider.policy.compile.IrTerm.Call;
import io.outrider.policy.compile.IrTerm.Callee;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.value.RegoValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An expression with its names resolved.
public sealed interface IrExpr {
  List<IrWith> withs();

  Span at();

  /// Holds unless the term is undefined or false.
  record Test(IrTerm term, List<IrWith> withs, Span at) implements IrExpr {}

  /// Makes both sides equal. If `directional`, the right side must be known before (`:=`).
  record Unify(IrTerm left, IrTerm right, boolean directional, List<IrWith> withs, Span at)
      implements IrExpr {}

  /// A call whose result is unified with `out`, or must not be false where `out` is null.
  record CallExpr(Call call, @Nullable IrTerm out, List<IrWith> withs, Span at) implements IrExpr {}

  /// Holds if the body has no solution. If `closed`, the body's own variables are its own.
  record Not(IrBody body, boolean closed, List<IrWith> withs, Span at) implements IrExpr {}

  record Every(
      @Nullable LocalVar key,
      LocalVar value,
      IrTerm domain,
      IrBody body,
      List<IrWith> withs,
      Span at)
      implements IrExpr {}

  /// `left and right`, or `left or right`.
  record Logic(boolean all, IrBody left, IrBody right, List<IrWith> withs, Span at)
      implements IrExpr {}

  /// Holds once if the body has a solution.
  record Holds(IrBody body, List<IrWith> withs, Span at) implements IrExpr {}

  /// `print(...)`; each argument is a set comprehension of its values.
  record Print(List<IrTerm> args, List<IrWith> withs, Span at) implements IrExpr {}

  /// `with target as value`.
  record IrWith(Target target, Span at) {}

  /// What a `with` replaces, and by what.
  sealed interface Target {
    record InInput(List<RegoValue> path, IrTerm value) implements Target {}

    record InData(List<RegoValue> path, IrTerm value) implements Target {}

    /// A function replaced by another one.
    record ByFunction(Callee replaced, Callee replacement) implements Target {}

    /// A function replaced by a constant result.
    record ByValue(Callee replaced, IrTerm value) implements Target {}
  }

  /// The same expression under other modifiers.
  default IrExpr under(List<IrWith> withs) {
    return switch (this) {
      case Test e -> new Test(e.term, withs, e.at);
      case Unify e -> new Unify(e.left, e.right, e.directional, withs, e.at);
      case CallExpr e -> new CallExpr(e.call, e.out, withs, e.at);
      case Not e -> new Not(e.body, e.closed, withs, e.at);
      case Every e -> new Every(e.key, e.value, e.domain, e.body, withs, e.at);
      case Logic e -> new Logic(e.all, e.left, e.right, withs, e.at);
      case Holds e -> new Holds(e.body, withs, e.at);
      case Print e -> new Print(e.args, withs, e.at);
    };
  }
}
