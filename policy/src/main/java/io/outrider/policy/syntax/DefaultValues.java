package io.outrider.policy.syntax;

import org.jspecify.annotations.Nullable;

/// Finds what a default rule's value must not contain.
final class DefaultValues {
  private DefaultValues() {}

  /// The kind of term that is not allowed, or null.
  static @Nullable String problem(Term value) {
    return switch (value) {
      case Term.Scalar t -> null;
      case Term.Var t -> kind(t);
      case Term.Ref t -> kind(t);
      case Term.Call t -> kind(t);
      case Term.Template t -> kind(t);
      case Term.ArrayTerm t -> first(t.items());
      case Term.SetTerm t -> first(t.items());
      case Term.ObjectTerm t -> {
        for (Term.Entry entry : t.entries()) {
          String problem = problem(entry.key());
          problem = problem == null ? problem(entry.value()) : problem;
          if (problem != null) {
            yield problem;
          }
        }
        yield null;
      }
      case Term.ArrayCompr t -> null;
      case Term.SetCompr t -> null;
      case Term.ObjectCompr t -> null;
    };
  }

  /// What a term is, as OPA calls it.
  static String kind(Term term) {
    return switch (term) {
      case Term.Scalar t -> t.value().typeName();
      case Term.Var t -> t.isRoot() ? "ref" : "var";
      case Term.Ref t -> "ref";
      case Term.Call t -> "call";
      case Term.Template t -> "templatestring";
      case Term.ArrayTerm t -> "array";
      case Term.SetTerm t -> "set";
      case Term.ObjectTerm t -> "object";
      case Term.ArrayCompr t -> "arraycomprehension";
      case Term.SetCompr t -> "setcomprehension";
      case Term.ObjectCompr t -> "objectcomprehension";
    };
  }

  private static @Nullable String first(Iterable<Term> items) {
    for (Term item : items) {
      String problem = problem(item);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }
}
