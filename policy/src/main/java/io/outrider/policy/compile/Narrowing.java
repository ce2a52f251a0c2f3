package io.outrider.policy.compile;

import io.outrider.policy.compile.IrTerm.Const;
import io.outrider.policy.compile.IrTerm.Local;
import io.outrider.policy.compile.IrTerm.Root;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The constants that variables of a body can stand for, as far as the expressions learned so far
/// tell: after `some x in ["a", "b"]`, the reference `data[x].p` asks for two documents and not for
/// all.
final class Narrowing {
  /// With more ways to read a reference than this it is left as it is.
  private static final int MOST = 64;

  private final Map<Integer, List<RegoValue>> known = new HashMap<>();

  /// Takes in an expression of the body, which must come before those that are asked about.
  void learn(IrExpr expr) {
    if (expr instanceof IrExpr.Unify e && e.withs().isEmpty()) {
      learn(e.left(), e.right());
      learn(e.right(), e.left());
    }
  }

  private void learn(IrTerm variable, IrTerm term) {
    if (variable instanceof Local v && !known.containsKey(v.var().slot())) {
      List<RegoValue> values = values(term);
      if (values != null) {
        known.put(v.var().slot(), values);
      }
    }
  }

  private @Nullable List<RegoValue> values(IrTerm term) {
    return switch (term) {
      case Const c -> List.of(c.value());
      case Local v -> known.get(v.var().slot());
      case IrTerm.Ref ref when ref.root() instanceof Root.Of head && ref.path().size() == 1 -> {
        List<RegoValue> collections = values(head.term());
        yield collections == null || collections.size() != 1
            ? null
            : elements(collections.getFirst());
      }
      default -> null;
    };
  }

  /// Any element of a collection, whichever key is meant.
  private static @Nullable List<RegoValue> elements(RegoValue collection) {
    List<RegoValue> found = new ArrayList<>();
    switch (collection) {
      case RegoArray a -> a.forEach(found::add);
      case RegoSet s -> s.forEach(found::add);
      case RegoObject o -> o.forEach(entry -> found.add(entry.value()));
      default -> {
        return null;
      }
    }
    return found;
  }

  /// The path with each known variable in it replaced by each of its constants.
  List<List<IrTerm>> paths(List<IrTerm> path) {
    List<List<IrTerm>> paths = List.of(List.of());
    for (IrTerm key : path) {
      List<RegoValue> values = key instanceof Local v ? known.get(v.var().slot()) : null;
      if (values != null && (long) paths.size() * values.size() > MOST) {
        return List.of(path);
      }
      List<List<IrTerm>> longer = new ArrayList<>();
      for (List<IrTerm> before : paths) {
        if (values == null) {
          longer.add(plus(before, key));
        } else {
          values.forEach(value -> longer.add(plus(before, new Const(value, key.at()))));
        }
      }
      paths = longer;
    }
    return paths;
  }

  private static List<IrTerm> plus(List<IrTerm> path, IrTerm key) {
    List<IrTerm> longer = new ArrayList<>(path);
    longer.add(key);
    return longer;
  }
}
