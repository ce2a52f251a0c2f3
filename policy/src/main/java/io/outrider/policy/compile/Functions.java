package io.outrider.policy.compile;

import io.outrider.policy.builtin.Capabilities;
import io.outrider.policy.builtin.Signature;
import io.outrider.policy.compile.IrTerm.Callee;
import io.outrider.policy.types.Types;
import io.outrider.policy.value.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What functions take and give: built-ins as they are declared, those of policies as they are
/// found out, definition by definition.
final class Functions {
  private final Map<String, Signature> builtins = Capabilities.signatures();
  private final Map<RuleSet, Shape> rules = new HashMap<>();

  /// @param result [Type#UNKNOWN] when there is none
  record Shape(List<Type> args, Type result) {
    Shape {
      args = List.copyOf(args);
    }

    /// All positions, the result last.
    Type at(int i) {
      return i < args.size() ? args.get(i) : result;
    }
  }

  /// The shape of a function, or null when anything may be passed to it.
  @Nullable Shape of(Callee callee) {
    return switch (callee) {
      case Callee.Function f -> rules.get(f.rules());
      case Callee.Native n -> {
        Signature signature = builtins.get(n.name());
        yield signature == null ? null : shape(signature);
      }
    };
  }

  private static Shape shape(Signature signature) {
    List<Type> args = new ArrayList<>();
    signature.args().forEach(arg -> args.add(arg.type()));
    Signature.Param result = signature.result();
    return new Shape(args, result == null ? Type.UNKNOWN : result.type());
  }

  /// Adds one definition of a function.
  void add(RuleSet function, Shape shape) {
    rules.merge(
        function,
        shape,
        (a, b) -> {
          List<Type> args = new ArrayList<>();
          for (int i = 0; i < a.args().size(); i++) {
            args.add(Types.or(a.args().get(i), b.at(i)));
          }
          return new Shape(args, Types.or(a.result(), b.result()));
        });
  }

  /// Lets anything be passed to a function whose definition could not be understood.
  void forget(RuleSet function, int arity) {
    List<Type> any = new ArrayList<>();
    for (int i = 0; i < arity; i++) {
      any.add(Type.ANY);
    }
    rules.put(function, new Shape(any, Type.ANY));
  }
}
