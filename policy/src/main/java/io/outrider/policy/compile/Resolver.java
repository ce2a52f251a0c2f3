package io.outrider.policy.compile;

import io.outrider.policy.compile.IrExpr.IrWith;
import io.outrider.policy.compile.IrTerm.Call;
import io.outrider.policy.compile.IrTerm.Callee;
import io.outrider.policy.compile.IrTerm.ComprKind;
import io.outrider.policy.compile.IrTerm.Const;
import io.outrider.policy.compile.IrTerm.Local;
import io.outrider.policy.compile.IrTerm.Root;
import io.outrider.policy.compile.LocalVar.Origin;
import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Expr;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.syntax.Term;
import io.outrider.policy.syntax.Term.Var;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Gives every name in one rule or query its meaning and turns nested calls into expressions of
/// their own.
final class Resolver {
  private final Context cx;
  private final Names names;
  private final Callables callables;
  private final List<LocalVar> declared = new ArrayList<>();
  private final Map<LocalVar, Span> declaredIn = new HashMap<>();
  private Span current = NOWHERE;
  private boolean mistaken;
  private boolean unusedFound;
  private final @Nullable RuleDef rule;

  Resolver(Context cx, Names names, @Nullable RuleDef rule) {
    this.cx = cx;
    this.names = names;
    this.rule = rule;
    this.callables = new Callables(cx, names);
  }

  /// Variables that were declared on the way, for the check of unused ones.
  List<LocalVar> declared() {
    return declared;
  }

  private static final Span NOWHERE = new Span(new Source("", ""), 0, 0);

  private void mistake(Span at, String message, @Nullable String hint) {
    mistaken = true;
    cx.problems().compile(Stage.LOCALS, at, message, hint);
  }

  /// Forgets what was found in one branch of a rule before the next begins.
  void nextBranch() {
    mistaken = false;
    unusedFound = false;
  }

  /// Reports what a body declares and nobody uses; to be called when the body and what goes with it
  /// have been resolved. Of one rule only the innermost body with such variables is reported: once
  /// they are gone, others may be unused that are not now.
  ///
  /// @param strict whether variables left of `:=` count
  void closeScope(Scope scope, @Nullable Body body) {
    if (body == null || mistaken || unusedFound) {
      return;
    }
    for (boolean assigned : new boolean[] {true, false}) {
      if (assigned && !cx.strict()) {
        continue;
      }
      for (LocalVar var : scope.declaredVars()) {
        boolean ours =
            assigned
                ? var.origin() == Origin.ASSIGNED
                : var.origin() == Origin.DECLARED || var.origin() == Origin.EVERY;
        if (ours && !var.isUsed() && !var.isWildcard()) {
          Span at =
              var.origin() == Origin.EVERY
                  ? body.exprs().getFirst().at()
                  : declaredIn.getOrDefault(var, var.at());
          String kind = assigned ? "assigned" : "declared";
          cx.problems()
              .compile(
                  Stage.UNUSED_LOCALS,
                  at,
                  kind + " var " + var.name() + " unused",
                  "remove it, or use _ where a value must stand");
          unusedFound = true;
        }
      }
      if (unusedFound) {
        return;
      }
    }
  }

  // Bodies and expressions.

  /// The body in a scope of its own inside `parent`; `head` names terms that belong to the same
  /// scope.
  Scope scope(
      @Nullable Scope parent, Scope.Frame frame, @Nullable Body body, @Nullable Term... head) {
    return new Scope(parent, frame, DirectVars.of(body, head));
  }

  List<IrExpr> exprs(Body body, Scope scope) {
    List<IrExpr> out = new ArrayList<>(body.exprs().size());
    Span before = current;
    for (Expr expr : body.exprs()) {
      current = expr.at();
      expr(expr, scope, out);
    }
    current = before;
    return out;
  }

  private IrBody closure(Body body, Scope parent) {
    Scope scope = scope(parent, parent.frame(), body);
    List<IrExpr> exprs = exprs(body, scope);
    closeScope(scope, body);
    return new IrBody(exprs, body.at());
  }

  /// A body without braces, whose variables are those of the body around it.
  private IrBody implicit(Body body, Scope scope, String operand) {
    for (Expr expr : body.exprs()) {
      if (expr instanceof Expr.Plain p && p.term() instanceof Term.Call c && c.isInfix("assign")) {
        mistake(
            expr.at(),
            "cannot assign vars inside " + operand,
            "use == to compare, or put the expression in braces");
        return IrBody.implicit(new ArrayList<>(), body.at());
      }
    }
    return IrBody.implicit(exprs(body, scope), body.at());
  }

  private void expr(Expr expr, Scope scope, List<IrExpr> out) {
    List<IrWith> withs = new ArrayList<>();
    for (Expr.With with : expr.withs()) {
      IrWith resolved = with(with, scope, out);
      if (resolved != null) {
        withs.add(resolved);
      }
    }
    List<IrExpr> own = withs.isEmpty() ? out : new ArrayList<>();
    switch (expr) {
      case Expr.Plain e -> plain(e, scope, own);
      case Expr.SomeDecl e -> e.vars().forEach(v -> declare(v, scope, Origin.DECLARED));
      case Expr.SomeIn e -> someIn(e, scope, own);
      case Expr.Every e -> every(e, scope, own);
      case Expr.NotBody e ->
          own.add(
              new IrExpr.Not(
                  e.braces()
                      ? closure(e.body(), scope)
                      : implicit(e.body(), scope, "negated expression"),
                  true,
                  List.of(),
                  e.at()));
      case Expr.Logic e ->
          own.add(
              new IrExpr.Logic(
                  e.all(),
                  operand(e.left(), e.all(), scope),
                  operand(e.right(), e.all(), scope),
                  List.of(),
                  e.at()));
      case Expr.Group e -> own.add(new IrExpr.Holds(closure(e.body(), scope), List.of(), e.at()));
    }
    if (own != out) {
      own.forEach(e -> out.add(e.under(joined(withs, e.withs()))));
    }
  }

  private static List<IrWith> joined(List<IrWith> outer, List<IrWith> inner) {
    if (inner.isEmpty()) {
      return outer;
    }
    List<IrWith> all = new ArrayList<>(outer);
    all.addAll(inner);
    return all;
  }

  private IrBody operand(Expr expr, boolean all, Scope scope) {
    if (expr instanceof Expr.Group group && group.withs().isEmpty()) {
      return closure(group.body(), scope);
    }
    Body body = new Body(List.of(expr), expr.at());
    return implicit(body, scope, "implicit " + (all ? "and" : "or") + " operand");
  }

  private void plain(Expr.Plain e, Scope scope, List<IrExpr> out) {
    if (e.negated()) {
      if (e.term() instanceof Term.Call c && c.isInfix("assign")) {
        mistake(
            e.at(), "cannot assign vars inside negated expression", "use == or a rule of its own");
      }
      List<IrExpr> inner = new ArrayList<>();
      positive(e.term(), e.at(), scope, inner);
      if (inner.isEmpty()) {
        return;
      }
      // What was taken out of the expression is judged before it, outside of the negation.
      IrExpr last = inner.removeLast();
      out.addAll(inner);
      IrBody body = new IrBody(new ArrayList<>(List.of(last)), e.at());
      out.add(new IrExpr.Not(body, false, List.of(), e.at()));
      return;
    }
    positive(e.term(), e.at(), scope, out);
  }

  private void positive(Term term, Span at, Scope scope, List<IrExpr> out) {
    if (!(term instanceof Term.Call c)) {
      out.add(new IrExpr.Test(term(term, scope, out), List.of(), at));
      return;
    }
    if (c.isInfix("assign")) {
      IrTerm right = term(c.args().get(1), scope, out);
      IrTerm left = pattern(c.args().get(0), scope, Origin.ASSIGNED, out);
      unify(left, right, true, at, out);
      return;
    }
    if (c.isInfix("eq")) {
      IrTerm left = term(c.args().get(0), scope, out);
      IrTerm right = term(c.args().get(1), scope, out);
      unify(left, right, false, at, out);
      return;
    }
    if (callables.isPrint(c, scope)) {
      print(c, scope, out);
      return;
    }
    RegoValue metadata = callables.metadata(c, rule);
    if (metadata != null) {
      out.add(new IrExpr.Test(new Const(metadata, c.at()), List.of(), at));
      return;
    }
    Callee callee = callables.resolve(c, scope);
    if (callee == null) {
      // Reported already; what the call might have bound must not be reported as unsafe as well.
      for (IrTerm arg : terms(c.args(), scope, out)) {
        Const anything = new Const(RegoBoolean.TRUE, at);
        out.add(new IrExpr.Unify(arg, anything, true, List.of(), at));
      }
      return;
    }
    List<IrTerm> args = terms(c.args(), scope, out);
    int arity = callee.arity();
    if (args.size() == arity + 1 && !c.infix()) {
      IrTerm result = args.removeLast();
      out.add(new IrExpr.CallExpr(new Call(callee, args, c.at()), result, List.of(), at));
    } else if (callables.checkArity(callee, c)) {
      out.add(new IrExpr.CallExpr(new Call(callee, args, c.at()), null, List.of(), at));
    }
  }

  private void unify(IrTerm left, IrTerm right, boolean directional, Span at, List<IrExpr> out) {
    if (left instanceof Local l && right instanceof Local r && !out.isEmpty() && !l.equals(r)) {
      // `x := f(y)`: the call can give its result to x itself.
      IrExpr last = out.getLast();
      if (r.var().isGenerated()
          && last instanceof IrExpr.CallExpr call
          && call.out() instanceof Local o
          && o.var() == r.var()
          && !uses(call.call(), l.var())) {
        out.removeLast();
        out.add(new IrExpr.CallExpr(call.call(), left, call.withs(), at));
        return;
      }
    }
    out.add(new IrExpr.Unify(left, right, directional, List.of(), at));
  }

  private static boolean uses(Call call, LocalVar var) {
    for (IrTerm arg : call.args()) {
      if (IrVars.direct(arg).get(var.slot())) {
        return true;
      }
    }
    return false;
  }

  private void someIn(Expr.SomeIn e, Scope scope, List<IrExpr> out) {
    IrTerm domain = term(e.domain(), scope, out);
    Term keyTerm = e.key();
    IrTerm key =
        keyTerm == null
            ? new Local(scope.frame().add("$", e.at(), Origin.GENERATED), e.at())
            : pattern(keyTerm, scope, Origin.ITERATED, out);
    IrTerm value = pattern(e.value(), scope, Origin.ITERATED, out);
    out.add(new IrExpr.Unify(value, element(domain, key, e.at()), false, List.of(), e.at()));
  }

  private static IrTerm element(IrTerm domain, IrTerm key, Span at) {
    if (domain instanceof IrTerm.Ref ref) {
      List<IrTerm> path = new ArrayList<>(ref.path());
      path.add(key);
      return new IrTerm.Ref(ref.root(), path, at);
    }
    return new IrTerm.Ref(new Root.Of(domain), List.of(key), at);
  }

  private void every(Expr.Every e, Scope scope, List<IrExpr> out) {
    // The domain is found first, outside of the expression, and once for each way to find one.
    IrTerm domain = evaluatedBefore(term(e.domain(), scope, out), scope, out);
    Scope own = scope(scope, scope.frame(), e.body());
    Var keyName = e.key();
    LocalVar key = keyName == null ? null : declare(keyName, own, Origin.EVERY);
    LocalVar value = declare(e.value(), own, Origin.EVERY);
    IrBody body = new IrBody(exprs(e.body(), own), e.body().at());
    closeScope(own, e.body());
    out.add(new IrExpr.Every(key, value, domain, body, List.of(), e.at()));
  }

  private static IrTerm evaluatedBefore(IrTerm term, Scope scope, List<IrExpr> out) {
    if (!IrVars.needsEvaluation(term)) {
      return term;
    }
    Local result = new Local(scope.frame().generated(term.at()), term.at());
    out.add(new IrExpr.Unify(result, term, false, List.of(), term.at()));
    return result;
  }

  private void print(Term.Call call, Scope scope, List<IrExpr> out) {
    List<IrTerm> args = new ArrayList<>();
    for (Term arg : call.args()) {
      args.add(valuesOf(arg, List.of(), scope));
    }
    // Erased unless wanted, as OPA does by default; the arguments have to make sense all the same.
    if (cx.prints()) {
      out.add(new IrExpr.Print(args, List.of(), call.at()));
    }
  }

  /// `{x | x := term}`: no value, one value or several.
  private IrTerm valuesOf(Term term, List<Expr.With> withTerms, Scope parent) {
    Scope scope = scope(parent, parent.frame(), null, term);
    List<IrExpr> before = new ArrayList<>();
    List<IrWith> withs = new ArrayList<>();
    for (Expr.With with : withTerms) {
      IrWith resolved = with(with, scope, before);
      if (resolved != null) {
        withs.add(resolved);
      }
    }
    List<IrExpr> evaluated = new ArrayList<>();
    IrTerm value = term(term, scope, evaluated);
    Local result = new Local(scope.frame().generated(term.at()), term.at());
    unify(result, value, true, term.at(), evaluated);
    evaluated.forEach(e -> before.add(withs.isEmpty() ? e : e.under(joined(withs, e.withs()))));
    IrBody body = new IrBody(before, term.at());
    return new IrTerm.Compr(ComprKind.SET, null, result, body, term.at());
  }

  private @Nullable IrWith with(Expr.With with, Scope scope, List<IrExpr> out) {
    IrExpr.Target target =
        new Withs(cx, names, callables)
            .target(with, scope, t -> evaluatedBefore(term(t, scope, out), scope, out));
    return target == null ? null : new IrWith(target, with.at());
  }

  // Declarations.

  private static final Set<String> ROOTS = Set.of("input", "data");

  LocalVar declare(Var name, Scope scope, Origin origin) {
    boolean mayShadow = origin == Origin.ASSIGNED || origin == Origin.DECLARED;
    if (ROOTS.contains(name.name()) && (names.forbidsShadowing() || !mayShadow)) {
      boolean arg = origin == Origin.ARGUMENT;
      cx.problems()
          .compile(
              arg ? Stage.REFERENCES : Stage.RESERVED_NAMES,
              arg && rule != null ? rule.at() : name.at(),
              (arg ? "args" : "variables")
                  + " must not shadow "
                  + name.name()
                  + " (use a different variable name)",
              null);
    }
    LocalVar before = scope.declaredHere(name.name());
    if (before != null && origin == Origin.ARGUMENT && before.origin() == Origin.ARGUMENT) {
      // Two arguments of one name must be equal.
      return before;
    }
    if (before != null) {
      String how =
          switch (before.origin()) {
            case ARGUMENT -> "arg " + name.name() + " redeclared";
            case DECLARED, ITERATED -> "var " + name.name() + " declared above";
            default -> "var " + name.name() + " assigned above";
          };
      mistake(name.at(), how, "the first declaration is in line " + before.at().row());
      return before;
    }
    if (scope.referencedAbove(name.name())) {
      mistake(
          name.at(),
          "var " + name.name() + " referenced above",
          "declare the variable before its first use, or choose another name");
    }
    LocalVar var = scope.declare(name, origin);
    declared.add(var);
    declaredIn.put(var, current);
    return var;
  }

  /// A pattern whose names are new variables: left of `:=`, after `some` before `in`, or an
  /// argument.
  IrTerm pattern(Term term, Scope scope, Origin origin, List<IrExpr> out) {
    return switch (term) {
      case Var v when v.isWildcard() -> new Local(scope.implicitVar(v), v.at());
      case Var v -> new Local(declare(v, scope, origin), v.at());
      case Term.ArrayTerm t -> {
        List<IrTerm> items = new ArrayList<>();
        t.items().forEach(item -> items.add(pattern(item, scope, origin, out)));
        yield array(items, t.at());
      }
      case Term.ObjectTerm t -> {
        List<IrTerm.Pair> pairs = new ArrayList<>();
        for (Term.Entry entry : t.entries()) {
          IrTerm key = term(entry.key(), scope, out);
          pairs.add(new IrTerm.Pair(key, pattern(entry.value(), scope, origin, out)));
        }
        yield object(pairs, t.at());
      }
      case Term.Scalar t -> {
        if (origin == Origin.ASSIGNED) {
          mistake(t.at(), "cannot assign to " + t.value().typeName(), "use == to compare");
        }
        yield new Const(t.value(), t.at());
      }
      case Term.Call t -> {
        if (origin == Origin.ASSIGNED) {
          mistake(t.at(), "cannot assign to call", null);
        } else if (origin == Origin.ARGUMENT) {
          mistake(t.at(), "rule arguments cannot contain calls", null);
        }
        yield term(t, scope, out);
      }
      case Term.Ref t -> {
        if (origin == Origin.ASSIGNED) {
          mistake(t.at(), "cannot assign to ref", null);
        } else if (origin == Origin.ARGUMENT && t.head() instanceof Var v) {
          cx.problems()
              .unsafe(
                  Stage.SAFE_BODIES,
                  t.at(),
                  "var " + v.name() + " is unsafe",
                  "an argument is a pattern: give it a name and compare that in the body");
        }
        yield term(t, scope, out);
      }
      case Term.SetTerm t -> refuse(t, "set", scope, origin, out);
      case Term.ArrayCompr t -> refuse(t, "arraycomprehension", scope, origin, out);
      case Term.SetCompr t -> refuse(t, "setcomprehension", scope, origin, out);
      case Term.ObjectCompr t -> refuse(t, "objectcomprehension", scope, origin, out);
      case Term.Template t -> refuse(t, "templatestring", scope, origin, out);
    };
  }

  private IrTerm refuse(Term term, String kind, Scope scope, Origin origin, List<IrExpr> out) {
    if (origin == Origin.ASSIGNED) {
      mistake(term.at(), "cannot assign to " + kind, null);
    }
    return term(term, scope, out);
  }

  // Terms.

  private List<IrTerm> terms(List<Term> terms, Scope scope, List<IrExpr> out) {
    List<IrTerm> resolved = new ArrayList<>(terms.size());
    terms.forEach(t -> resolved.add(term(t, scope, out)));
    return resolved;
  }

  /// A term; calls in it are added to `out` before it.
  IrTerm term(Term term, Scope scope, List<IrExpr> out) {
    return switch (term) {
      case Term.Scalar t -> new Const(t.value(), t.at());
      case Var t -> variable(t, scope);
      case Term.Ref t -> ref(t, scope, out);
      case Term.Call t -> call(t, scope, out);
      case Term.ArrayTerm t -> array(terms(t.items(), scope, out), t.at());
      case Term.SetTerm t -> set(terms(t.items(), scope, out), t.at());
      case Term.ObjectTerm t -> {
        List<IrTerm.Pair> pairs = new ArrayList<>();
        for (Term.Entry entry : t.entries()) {
          IrTerm key = term(entry.key(), scope, out);
          pairs.add(new IrTerm.Pair(key, term(entry.value(), scope, out)));
        }
        yield object(pairs, t.at());
      }
      case Term.ArrayCompr t -> compr(ComprKind.ARRAY, null, t.head(), t.body(), t.at(), scope);
      case Term.SetCompr t -> compr(ComprKind.SET, null, t.head(), t.body(), t.at(), scope);
      case Term.ObjectCompr t ->
          compr(ComprKind.OBJECT, t.key(), t.value(), t.body(), t.at(), scope);
      case Term.Template t -> template(t, scope);
    };
  }

  private IrTerm compr(
      ComprKind kind, @Nullable Term key, Term value, Body body, Span at, Scope parent) {
    Scope scope = scope(parent, parent.frame(), body, key, value);
    List<IrExpr> exprs = exprs(body, scope);
    IrTerm irKey = key == null ? null : headTerm(key, scope, exprs);
    IrTerm irValue = headTerm(value, scope, exprs);
    closeScope(scope, body);
    return new IrTerm.Compr(kind, irKey, irValue, new IrBody(exprs, body.at()), at);
  }

  /// A term of a head: what must be looked up or computed is bound at the end of the body.
  IrTerm headTerm(Term term, Scope scope, List<IrExpr> out) {
    IrTerm resolved = term(term, scope, out);
    if (!IrVars.needsEvaluation(resolved)) {
      return resolved;
    }
    Local result = new Local(scope.frame().generated(term.at()), term.at());
    out.add(new IrExpr.Unify(result, resolved, false, List.of(), term.at()));
    return result;
  }

  private IrTerm template(Term.Template template, Scope scope) {
    List<IrTerm> parts = new ArrayList<>();
    for (Term.Part part : template.parts()) {
      switch (part) {
        case Term.Text t -> parts.add(new Const(RegoString.of(t.text()), template.at()));
        case Term.Hole h -> {
          if (h.expr() instanceof Expr.Plain p) {
            parts.add(
                p.term() instanceof Var v && p.withs().isEmpty() && isLocal(v, scope)
                    ? new IrTerm.SetOf(List.of(variable(v, scope)), v.at())
                    : valuesOf(p.term(), p.withs(), scope));
          }
        }
      }
    }
    return new IrTerm.Template(parts, template.at());
  }

  private boolean isLocal(Var var, Scope scope) {
    return scope.declaredVar(var.name()) != null || names.find(var.name()) == null;
  }

  private IrTerm variable(Var var, Scope scope) {
    scope.noteSeen(var.name());
    LocalVar local = scope.declaredVar(var.name());
    if (local != null) {
      local.markUsed();
      return new Local(local, var.at());
    }
    Names.Document document = names.find(var.name());
    if (document != null) {
      return document(document, List.of(), var.at());
    }
    return new Local(scope.implicitVar(var), var.at());
  }

  private IrTerm document(Names.Document document, List<IrTerm> rest, Span at) {
    List<IrTerm> path = new ArrayList<>(document.path().size() + rest.size());
    document.path().forEach(key -> path.add(new Const(key, at)));
    path.addAll(rest);
    if (!document.input()) {
      callables.checkNotFunction(path, at);
    }
    return new IrTerm.Ref(document.input() ? Root.INPUT : Root.DATA, path, at);
  }

  private IrTerm ref(Term.Ref ref, Scope scope, List<IrExpr> out) {
    IrTerm head;
    Names.Document document = null;
    if (ref.head() instanceof Var v && scope.declaredVar(v.name()) == null) {
      document = names.find(v.name());
    }
    if (document != null) {
      return document(document, terms(ref.path(), scope, out), ref.at());
    }
    head = term(ref.head(), scope, out);
    return new IrTerm.Ref(new Root.Of(head), terms(ref.path(), scope, out), ref.at());
  }

  private IrTerm call(Term.Call call, Scope scope, List<IrExpr> out) {
    RegoValue metadata = callables.metadata(call, rule);
    if (metadata != null) {
      return new Const(metadata, call.at());
    }
    if (callables.isPrint(call, scope)) {
      cx.problems()
          .type(
              Stage.VOID_CALLS,
              call.at(),
              call.at().text() + " used as value",
              "print stands alone on a line");
      return new Const(RegoBoolean.TRUE, call.at());
    }
    List<IrTerm> args = terms(call.args(), scope, out);
    Callee callee = callables.resolve(call, scope);
    Local result = new Local(scope.frame().generated(call.at()), call.at());
    if (callee != null && callables.checkArity(callee, call)) {
      out.add(new IrExpr.CallExpr(new Call(callee, args, call.at()), result, List.of(), call.at()));
    } else {
      // Reported already; a value keeps the variable from being reported as unsafe as well.
      out.add(
          new IrExpr.Unify(
              result, new Const(RegoBoolean.TRUE, call.at()), true, List.of(), call.at()));
    }
    return result;
  }

  private static IrTerm array(List<IrTerm> items, Span at) {
    IrTerm.Arr array = new IrTerm.Arr(items, at);
    RegoValue constant = Constants.fold(array);
    return constant == null ? array : new Const(constant, at);
  }

  private static IrTerm set(List<IrTerm> items, Span at) {
    IrTerm.SetOf set = new IrTerm.SetOf(items, at);
    RegoValue constant = Constants.fold(set);
    return constant == null ? set : new Const(constant, at);
  }

  private static IrTerm object(List<IrTerm.Pair> pairs, Span at) {
    IrTerm.Obj object = new IrTerm.Obj(pairs, at);
    RegoValue constant = Constants.fold(object);
    return constant == null ? object : new Const(constant, at);
  }
}
