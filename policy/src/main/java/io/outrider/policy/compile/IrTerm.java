package io.outrider.policy.compile;

import io.outrider.policy.builtin.Builtin;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.value.RegoValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A term with its names resolved. Calls stand only in [IrExpr.CallExpr]: a call inside a term
/// became an expression of its own, as OPA's compiler does it, which decides what lies inside a
/// negation and what outside.
public sealed interface IrTerm {
  Span at();

  record Const(RegoValue value, Span at) implements IrTerm {}

  record Local(LocalVar var, Span at) implements IrTerm {}

  /// `root[path...]`; an empty path is the root itself.
  record Ref(Root root, List<IrTerm> path, Span at) implements IrTerm {
    public Ref {
      path = List.copyOf(path);
    }
  }

  record Arr(List<IrTerm> items, Span at) implements IrTerm {
    public Arr {
      items = List.copyOf(items);
    }
  }

  record SetOf(List<IrTerm> items, Span at) implements IrTerm {
    public SetOf {
      items = List.copyOf(items);
    }
  }

  record Obj(List<Pair> pairs, Span at) implements IrTerm {
    public Obj {
      pairs = List.copyOf(pairs);
    }
  }

  record Pair(IrTerm key, IrTerm value) {}

  /// A comprehension; `key` is null except for objects.
  record Compr(ComprKind kind, @Nullable IrTerm key, IrTerm value, IrBody body, Span at)
      implements IrTerm {}

  enum ComprKind {
    ARRAY,
    SET,
    OBJECT
  }

  /// A template string. Its parts are constant strings and set comprehensions of at most one value
  /// each.
  record Template(List<IrTerm> parts, Span at) implements IrTerm {
    public Template {
      parts = List.copyOf(parts);
    }
  }

  /// What a reference starts from.
  sealed interface Root {
    record Input() implements Root {}

    record Data() implements Root {}

    record Of(IrTerm term) implements Root {}

    Root INPUT = new Input();
    Root DATA = new Data();
  }

  /// What is called.
  sealed interface Callee {
    String name();

    int arity();

    record Native(Builtin builtin) implements Callee {
      @Override
      public String name() {
        return builtin.name();
      }

      @Override
      public int arity() {
        return builtin.arity();
      }
    }

    record Function(RuleSet rules) implements Callee {
      @Override
      public String name() {
        return rules.name();
      }

      @Override
      public int arity() {
        return rules.arity();
      }
    }
  }

  /// `callee(args)`.
  record Call(Callee callee, List<IrTerm> args, Span at) {
    public Call {
      args = List.copyOf(args);
    }
  }
}
