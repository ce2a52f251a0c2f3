package io.outrider.policy.compile;

import io.outrider.policy.compile.IrExpr.Target;
import io.outrider.policy.compile.IrTerm.Callee;
import io.outrider.policy.syntax.Expr;
import io.outrider.policy.syntax.Term;
import io.outrider.policy.syntax.Term.Var;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Checks what a `with` replaces.
final class Withs {
  /// Built-ins whose meaning the language itself relies on.
  private static final Set<String> FIXED =
      Set.of("eq", "rego.metadata.chain", "rego.metadata.rule");

  private final Context cx;
  private final Names names;
  private final Callables callables;

  Withs(Context cx, Names names, Callables callables) {
    this.cx = cx;
    this.names = names;
    this.callables = callables;
  }

  @Nullable Target target(Expr.With with, Scope scope, Function<Term, IrTerm> term) {
    Term target = with.target();
    Term head = target instanceof Term.Ref ref ? ref.head() : target;
    boolean local = head instanceof Var v && scope.declaredVar(v.name()) != null;
    Callee replaced = local ? null : callables.find(target);
    if (replaced != null) {
      return function(with, replaced, scope, term);
    }
    Names.Document document = head instanceof Var v && !local ? names.find(v.name()) : null;
    if (document == null) {
      String refusal = local ? null : callables.refusal(target);
      if (refusal != null) {
        cx.problems()
            .type(
                Stage.UNSAFE_BUILTINS,
                target.at(),
                "unsafe built-in function calls in expression: " + target.at().text(),
                refusal);
        return null;
      }
      if (!local && target instanceof Var v && v.name().equals("print")) {
        cx.problems()
            .compile(
                Stage.REPLACEMENTS,
                target.at(),
                "with keyword replacing built-in function: target must not be a void function",
                null);
        return null;
      }
      // For the mistakes in it; there is nothing it could replace.
      IrTerm unused = term.apply(with.value());
      cx.problems()
          .type(
              Stage.REPLACEMENTS,
              target.at(),
              "with keyword target must reference existing input, data, or a function",
              null);
      return null;
    }
    List<RegoValue> path = new ArrayList<>(document.path());
    if (target instanceof Term.Ref ref) {
      for (Term key : ref.path()) {
        if (!(key instanceof Term.Scalar s)) {
          notConstant(key);
          return null;
        }
        path.add(s.value());
      }
    }
    if (document.input()) {
      return new Target.InInput(path, term.apply(with.value()));
    }
    RuleSet above = cx.tree().findAbove(path);
    if (above != null) {
      cx.problems()
          .compile(
              Stage.REPLACEMENTS,
              target.at(),
              "with keyword cannot partially replace virtual document(s)",
              "replace the whole of " + above.name());
      return null;
    }
    return new Target.InData(path, term.apply(with.value()));
  }

  /// OPA takes variables for unbound here and other keys for paths that lead nowhere.
  private void notConstant(Term key) {
    String hint = "with keyword target must be a path of constants";
    if (key instanceof Var v) {
      String name = v.isWildcard() ? "_" : v.name();
      cx.problems().unsafe(Stage.SAFE_BODIES, key.at(), "var " + name + " is unsafe", hint);
    } else {
      cx.problems().type(Stage.REPLACEMENTS, key.at(), hint, null);
    }
  }

  private @Nullable Target function(
      Expr.With with, Callee replaced, Scope scope, Function<Term, IrTerm> term) {
    Term target = with.target();
    if (replaced instanceof Callee.Native n) {
      String name = n.name();
      String refused =
          FIXED.contains(name)
              ? "replacement of \"" + name + "\" invalid"
              : n.builtin().isRelation() ? "target must not be a relation" : null;
      if (refused != null) {
        cx.problems()
            .compile(
                Stage.REPLACEMENTS,
                target.at(),
                "with keyword replacing built-in function: " + refused,
                null);
        return null;
      }
      if (name.startsWith("internal.")) {
        cx.problems()
            .compile(
                Stage.REPLACEMENTS,
                target.at(),
                "with keyword replacing built-in function: replacement of internal function \""
                    + name
                    + "\" invalid",
                null);
        return null;
      }
    }
    Term value = with.value();
    Term head = value instanceof Term.Ref ref ? ref.head() : value;
    boolean local = head instanceof Var v && scope.declaredVar(v.name()) != null;
    boolean name = value instanceof Var || value instanceof Term.Ref;
    Callee replacement = name && !local ? callables.find(value) : null;
    String refusal = name && !local && replacement == null ? callables.refusal(value) : null;
    if (refusal != null) {
      cx.problems()
          .type(
              Stage.UNSAFE_BUILTINS,
              value.at(),
              "unsafe built-in function calls in expression: " + value.at().text(),
              refusal);
      return null;
    }
    if (replacement == null) {
      return new Target.ByValue(replaced, term.apply(value));
    }
    if (replacement.arity() != replaced.arity()) {
      cx.problems()
          .type(
              Stage.TYPES,
              with.at(),
              replaced.name() + ": arity mismatch",
              "%s has %d arguments, %s has %d"
                  .formatted(
                      replacement.name(), replacement.arity(), replaced.name(), replaced.arity()));
      return null;
    }
    return new Target.ByFunction(replaced, replacement);
  }
}
