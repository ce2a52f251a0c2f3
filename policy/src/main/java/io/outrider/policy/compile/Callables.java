package io.outrider.policy.compile;

import io.outrider.policy.builtin.Builtin;
import io.outrider.policy.builtin.Capabilities;
import io.outrider.policy.builtin.Signature;
import io.outrider.policy.compile.IrTerm.Callee;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.syntax.Term;
import io.outrider.policy.syntax.Term.Scalar;
import io.outrider.policy.syntax.Term.Var;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the function that a call names: one of the policy, or a built-in.
final class Callables {
  private final Context cx;
  private final Names names;

  Callables(Context cx, Names names) {
    this.cx = cx;
    this.names = names;
  }

  boolean isPrint(Term.Call call, Scope scope) {
    return call.function() instanceof Var v
        && v.name().equals("print")
        && scope.declaredVar("print") == null
        && names.find("print") == null;
  }

  /// The answer of `rego.metadata.rule()` or `.chain()`, or null for any other call and in queries.
  @Nullable RegoValue metadata(Term.Call call, @Nullable RuleDef rule) {
    String name = dotted(call.function());
    boolean isRule = "rego.metadata.rule".equals(name);
    // In a query there is no rule to tell of: there the function itself says so.
    if (rule == null || (!isRule && !"rego.metadata.chain".equals(name))) {
      return null;
    }
    return isRule ? cx.metadata().ofRule(rule) : cx.metadata().chain(rule);
  }

  /// The function, or null when there is none, which has been reported then.
  @Nullable Callee resolve(Term.Call call, Scope scope) {
    String name = call.infix() ? null : dotted(call.function());
    Signature signature = name == null ? null : Capabilities.signatures().get(name);
    if (signature != null && signature.deprecated() && names.forbidsDeprecated()) {
      cx.problems()
          .type(
              Stage.DEPRECATED_BUILTINS,
              call.at(),
              "deprecated built-in function calls in expression: " + name,
              "Rego v1 has no " + name);
    }
    return find(call, scope);
  }

  private @Nullable Callee find(Term.Call call, Scope scope) {
    Term function = call.function();
    if (call.infix() && function instanceof Var v) {
      Builtin operator = cx.builtins().find(v.name());
      if (operator != null) {
        return new Callee.Native(operator);
      }
    }
    if (head(function) instanceof Var v && scope.declaredVar(v.name()) != null) {
      cx.problems()
          .compile(
              Stage.LOCALS,
              call.at(),
              "called function " + call.function().at().text() + " shadowed",
              "the variable " + v.name() + " hides any function of that name");
      return null;
    }
    Callee callee = find(function);
    if (callee == null) {
      undefined(function);
    }
    return callee;
  }

  /// The function that a name or reference stands for, or null.
  @Nullable Callee find(Term function) {
    List<RegoValue> path = documentPath(function);
    if (path != null) {
      RuleSet rules = cx.tree().find(path);
      return rules != null && rules.kind() == RuleSet.Kind.FUNCTION
          ? new Callee.Function(rules)
          : null;
    }
    String name = dotted(function);
    Builtin builtin = name == null ? null : cx.builtins().find(name);
    return builtin == null ? null : new Callee.Native(builtin);
  }

  /// Why a function known to OPA is not available, or null for any other name.
  @Nullable String refusal(Term function) {
    String name = documentPath(function) == null ? dotted(function) : null;
    return name == null ? null : cx.builtins().refusal(name);
  }

  private void undefined(Term function) {
    List<RegoValue> path = documentPath(function);
    String name = path == null ? dotted(function) : Paths.data(path);
    String shown = name == null ? function.at().text() : name;
    String hint = null;
    if (path == null && name != null) {
      String refusal = cx.builtins().refusal(name);
      if (refusal != null) {
        cx.problems()
            .type(
                Stage.UNSAFE_BUILTINS,
                function.at(),
                "unsafe built-in function calls in expression: " + name,
                refusal);
        return;
      }
      hint = Nearest.hint(name, cx.builtins().names());
    } else if (path != null && cx.tree().find(path) != null) {
      hint = shown + " is a rule, not a function: write it without parentheses";
    }
    cx.problems().type(Stage.FUNCTIONS, function.at(), "undefined function " + shown, hint);
  }

  boolean checkArity(Callee callee, Term.Call call) {
    if (call.args().size() == callee.arity()) {
      return true;
    }
    int got = call.args().size();
    String message =
        switch (callee) {
          case Callee.Native n -> n.name() + ": arity mismatch";
          case Callee.Function f ->
              "function %s has arity %d, got %d argument%s"
                  .formatted(f.name(), f.arity(), got, got == 1 ? "" : "s");
        };
    cx.problems()
        .type(
            Stage.FUNCTIONS,
            call.at(),
            message,
            "%d given, %d wanted".formatted(got, callee.arity()));
    return false;
  }

  /// A function may be called, but it is no document.
  void checkNotFunction(List<IrTerm> path, Span at) {
    List<RegoValue> constants = new ArrayList<>(path.size());
    for (IrTerm key : path) {
      if (!(key instanceof IrTerm.Const c)) {
        break;
      }
      constants.add(c.value());
      RuleSet rules = cx.tree().find(constants);
      if (rules != null) {
        if (rules.kind() == RuleSet.Kind.FUNCTION) {
          cx.problems()
              .type(
                  Stage.TYPES,
                  at,
                  "function " + rules.name() + " used as reference, not called",
                  "a function needs its arguments");
        }
        return;
      }
    }
  }

  private static Term head(Term function) {
    return function instanceof Term.Ref ref ? ref.head() : function;
  }

  private @Nullable List<RegoValue> documentPath(Term function) {
    if (!(head(function) instanceof Var v)) {
      return null;
    }
    Names.Document document = names.find(v.name());
    if (document == null) {
      return null;
    }
    List<RegoValue> path = new ArrayList<>(document.path());
    if (document.input()) {
      path.addFirst(RegoString.of("input"));
    }
    if (function instanceof Term.Ref ref) {
      for (Term key : ref.path()) {
        if (!(key instanceof Scalar s)) {
          return path;
        }
        path.add(s.value());
      }
    }
    return path;
  }

  /// `a.b.c`, or null when the term is not a plain dotted name.
  private static @Nullable String dotted(Term function) {
    if (function instanceof Var v) {
      return v.name();
    }
    if (!(function instanceof Term.Ref ref) || !(ref.head() instanceof Var v)) {
      return null;
    }
    StringBuilder name = new StringBuilder(v.name());
    for (Term key : ref.path()) {
      if (!(key instanceof Scalar s && s.value() instanceof RegoString part)) {
        return null;
      }
      name.append('.').append(part.value());
    }
    return name.toString();
  }
}
