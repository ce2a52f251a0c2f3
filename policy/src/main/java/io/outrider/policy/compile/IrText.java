package io.outrider.policy.compile;

import io.outrider.policy.compile.IrTerm.Const;
import io.outrider.policy.compile.IrTerm.Local;
import io.outrider.policy.compile.IrTerm.Root;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;

/// Resolved terms as text, for messages.
final class IrText {
  private IrText() {}

  /// `data.a.b[x]`: the whole path, however short the policy may write it.
  static String ref(Root root, List<IrTerm> path) {
    StringBuilder out = new StringBuilder();
    List<RegoValue> names = new ArrayList<>();
    int i = 0;
    while (i < path.size() && path.get(i) instanceof Const c) {
      names.add(c.value());
      i++;
    }
    String head =
        switch (root) {
          case Root.Input r -> "input";
          case Root.Data r -> "data";
          case Root.Of r -> term(r.term());
        };
    out.append(Paths.join(head, names));
    for (; i < path.size(); i++) {
      out.append('[').append(term(path.get(i))).append(']');
    }
    return out.toString();
  }

  private static String term(IrTerm term) {
    return switch (term) {
      case Const t -> t.value().toString();
      case Local t ->
          t.var().isWildcard() ? "_" : t.var().isGenerated() ? t.at().text() : t.var().name();
      case IrTerm.Ref t -> ref(t.root(), t.path());
      default -> term.at().text();
    };
  }
}
