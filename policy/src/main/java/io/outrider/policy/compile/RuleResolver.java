package io.outrider.policy.compile;

import io.outrider.policy.compile.IrTerm.Const;
import io.outrider.policy.compile.LocalVar.Origin;
import io.outrider.policy.compile.RuleDef.Branch;
import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Rule;
import io.outrider.policy.syntax.Rule.Else;
import io.outrider.policy.syntax.Rule.Head;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.syntax.Term;
import io.outrider.policy.value.RegoBoolean;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Resolves one definition: arguments, head, body and `else` branches.
final class RuleResolver {
  private final Context cx;
  private final RuleDef def;
  private final Rule rule;
  private final Resolver resolver;
  private final Scope.Frame frame = new Scope.Frame();

  RuleResolver(Context cx, Names names, RuleDef def) {
    this.cx = cx;
    this.def = def;
    this.rule = def.rule();
    this.resolver = new Resolver(cx, names, def);
  }

  void resolve() {
    Head head = rule.head();
    List<Term> argTerms = head.args();
    Term value = head.member() != null ? head.member() : head.value();
    List<Branch> branches = new ArrayList<>();
    List<IrTerm> args = new ArrayList<>();

    Term[] direct = new Term[head.path().size() + 1];
    for (int i = 0; i < head.path().size(); i++) {
      direct[i] = head.path().get(i);
    }
    Body body = rule.body();
    Scope scope =
        new Scope(
            null, frame, body == null ? DirectVars.of(null, value) : vars(body, direct, value));
    List<IrExpr> exprs = new ArrayList<>();
    if (argTerms != null) {
      for (Term arg : argTerms) {
        args.add(argument(arg, scope, exprs));
      }
    }
    BitSet bound = new BitSet();
    args.forEach(arg -> bound.or(Outputs.bindable(arg)));

    branches.add(branch(body, exprs, head.path(), value, scope, head.at()));
    // An else branch sees the arguments and nothing of the bodies before it.
    for (Else other : rule.elses()) {
      Scope own = argTerms == null ? null : argumentScope(scope);
      Scope inner = resolver.scope(own, frame, other.body(), other.value());
      branches.add(
          branch(other.body(), new ArrayList<>(), List.of(), other.value(), inner, other.at()));
    }
    def.resolve(args, branches, frame.size());
  }

  private static java.util.Set<String> vars(
      Body body, @Nullable Term[] direct, @Nullable Term value) {
    @Nullable Term[] all = direct.clone();
    all[all.length - 1] = value;
    return DirectVars.of(body, all);
  }

  private @Nullable Scope arguments;

  /// A scope with the arguments alone.
  private Scope argumentScope(Scope first) {
    Scope known = arguments;
    if (known == null) {
      known = new Scope(null, frame, java.util.Set.of());
      for (LocalVar var : first.declaredVars()) {
        if (var.origin() == Origin.ARGUMENT) {
          known.adopt(var);
        }
      }
      arguments = known;
    }
    return known;
  }

  private IrTerm argument(Term arg, Scope scope, List<IrExpr> exprs) {
    IrTerm pattern = resolver.pattern(arg, scope, Origin.ARGUMENT, exprs);
    if (!IrVars.needsEvaluation(pattern)) {
      return pattern;
    }
    // A reference among the arguments is compared with, not bound.
    IrTerm.Local local = new IrTerm.Local(frame.generated(arg.at()), arg.at());
    exprs.add(new IrExpr.Unify(local, pattern, false, List.of(), arg.at()));
    return local;
  }

  private Branch branch(
      @Nullable Body body,
      List<IrExpr> before,
      List<Term> path,
      @Nullable Term value,
      Scope scope,
      Span at) {
    List<IrExpr> exprs = new ArrayList<>(before);
    if (body != null) {
      exprs.addAll(resolver.exprs(body, scope));
    }
    List<IrTerm> keys = new ArrayList<>();
    // The keys that the tree has made part of the path are constants and need no resolving.
    int constants = def.path().size();
    List<Term> open = path.subList(Math.max(0, path.size() - constants), path.size());
    int absorbed = constants - open.size();
    for (int i = 0; i < absorbed; i++) {
      keys.add(def.path().get(i));
    }
    for (Term key : open) {
      keys.add(resolver.headTerm(key, scope, exprs));
    }
    IrTerm result =
        value == null ? new Const(RegoBoolean.TRUE, at) : resolver.headTerm(value, scope, exprs);
    resolver.closeScope(scope, body);
    resolver.nextBranch();
    return new Branch(new IrBody(exprs, body == null ? at : body.at()), keys, result, at);
  }

  /// Orders the bodies and reports unbound variables.
  void makeSafe(Safety safety) {
    BitSet bound = new BitSet();
    def.args().forEach(arg -> bound.or(Outputs.bindable(arg)));
    Undeclared undeclared = new Undeclared(cx.problems());
    for (Branch branch : def.branches()) {
      List<IrTerm> head = new ArrayList<>(branch.path());
      head.add(branch.value());
      undeclared.check(branch.body(), head, bound);
      safety.checkHead(head, branch.body(), bound);
      safety.order(branch.body(), bound);
    }
  }

  /// Reports arguments that are never used.
  void checkUnusedArguments(Problems problems) {
    for (LocalVar var : resolver.declared()) {
      if (!var.isUsed() && !var.isWildcard() && var.origin() == Origin.ARGUMENT) {
        problems.compile(
            Stage.UNUSED_LOCALS,
            rule.head().at(),
            "unused argument " + var.name() + ". (hint: use _ (wildcard variable) instead)",
            null);
      }
    }
  }
}
