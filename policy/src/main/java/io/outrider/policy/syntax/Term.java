package io.outrider.policy.syntax;

import io.outrider.policy.value.RegoValue;
import java.util.List;

/// Something that stands for a value: what appears on either side of an operator, or alone as an
/// expression.
public sealed interface Term {
  Span at();

  /// A null, boolean, number or string written in the text.
  record Scalar(RegoValue value, Span at) implements Term {}

  /// A name. Every `_` gets a name of its own, which begins with `$`.
  record Var(String name, Span at) implements Term {
    public boolean isWildcard() {
      return name.charAt(0) == '$';
    }

    /// Whether it is `input` or `data`.
    boolean isRoot() {
      return name.equals("input") || name.equals("data");
    }
  }

  /// `head.name[expr]...`; `path` is never empty and its dotted names are string scalars.
  record Ref(Term head, List<Term> path, Span at) implements Term {
    public Ref {
      path = List.copyOf(path);
    }
  }

  /// `function(args)`, or an operator.
  ///
  /// @param function a [Var] or a [Ref]
  /// @param infix an operator: `function` is then the name of its built-in, whatever rules may be
  ///   called so
  record Call(Term function, List<Term> args, boolean infix, Span at) implements Term {
    public Call {
      args = List.copyOf(args);
    }

    /// Whether this is the operator with the built-in name `name`.
    public boolean isInfix(String name) {
      return infix && function instanceof Var v && v.name().equals(name);
    }
  }

  record ArrayTerm(List<Term> items, Span at) implements Term {
    public ArrayTerm {
      items = List.copyOf(items);
    }
  }

  record SetTerm(List<Term> items, Span at) implements Term {
    public SetTerm {
      items = List.copyOf(items);
    }
  }

  record ObjectTerm(List<Entry> entries, Span at) implements Term {
    public ObjectTerm {
      entries = List.copyOf(entries);
    }
  }

  record Entry(Term key, Term value) {}

  record ArrayCompr(Term head, Body body, Span at) implements Term {}

  record SetCompr(Term head, Body body, Span at) implements Term {}

  record ObjectCompr(Term key, Term value, Body body, Span at) implements Term {}

  /// `$"text {expr}"`.
  record Template(List<Part> parts, Span at) implements Term {
    public Template {
      parts = List.copyOf(parts);
    }
  }

  /// A piece of a template string.
  sealed interface Part {}

  record Text(String text) implements Part {}

  record Hole(Expr expr) implements Part {}
}
