package io.outrider.policy.compile;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Composite terms all of whose parts are constants.
final class Constants {
  private Constants() {}

  static @Nullable RegoValue fold(IrTerm term) {
    return switch (term) {
      case IrTerm.Const t -> t.value();
      case IrTerm.Arr t -> {
        List<RegoValue> items = all(t.items());
        yield items == null ? null : RegoArray.of(items);
      }
      case IrTerm.SetOf t -> {
        List<RegoValue> items = all(t.items());
        yield items == null ? null : RegoSet.of(items);
      }
      case IrTerm.Obj t -> object(t);
      case IrTerm.Local t -> null;
      case IrTerm.Ref t -> null;
      case IrTerm.Compr t -> null;
      case IrTerm.Template t -> null;
    };
  }

  private static @Nullable List<RegoValue> all(List<IrTerm> terms) {
    List<RegoValue> values = new ArrayList<>(terms.size());
    for (IrTerm term : terms) {
      if (!(term instanceof IrTerm.Const c)) {
        return null;
      }
      values.add(c.value());
    }
    return values;
  }

  private static @Nullable RegoValue object(IrTerm.Obj object) {
    RegoObject.Builder out = RegoObject.builder(object.pairs().size());
    for (IrTerm.Pair pair : object.pairs()) {
      if (!(pair.key() instanceof IrTerm.Const k && pair.value() instanceof IrTerm.Const v)) {
        return null;
      }
      RegoValue before = out.get(k.value());
      if (before != null && !before.equals(v.value())) {
        // Two values for one key fail when evaluated, not before.
        return null;
      }
      out.put(k.value(), v.value());
    }
    return out.build();
  }
}
