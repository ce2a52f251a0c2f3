package io.outrider.policy.compile;

import io.outrider.policy.compile.Functions.Shape;
import io.outrider.policy.compile.IrExpr.IrWith;
import io.outrider.policy.compile.IrExpr.Target;
import io.outrider.policy.compile.IrTerm.Callee;
import io.outrider.policy.compile.IrTerm.Compr;
import io.outrider.policy.compile.IrTerm.Const;
import io.outrider.policy.compile.IrTerm.Local;
import io.outrider.policy.compile.IrTerm.Root;
import io.outrider.policy.compile.RuleDef.Branch;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.types.SchemaTypes;
import io.outrider.policy.types.Types;
import io.outrider.policy.value.RegoValue;
import io.outrider.policy.value.Type;
import io.outrider.policy.value.Type.ArrayOf;
import io.outrider.policy.value.Type.ObjectOf;
import io.outrider.policy.value.Type.SetOf;
import io.outrider.policy.value.Type.Unknown;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds expressions that cannot hold whatever the input and the data may be: calls whose arguments
/// never fit, references that lead nowhere, comparisons of what is never equal.
///
/// Rules are checked after those they use, so that a reference to a rule has the type of what the
/// rule gives. What a variable may be is learnt from its first use in the order of evaluation.
final class TypeChecker {
  private final RuleTree tree;
  private final Recursion graph;
  private final Problems problems;
  private final Functions functions;
  private final Metadata metadata;
  private final Map<Compr, Type> comprehensions = new IdentityHashMap<>();
  private final Unifier unifier = new Unifier(comprehensions);
  private final RefChecker refs = new RefChecker(comprehensions, unifier);
  private final TypeEnv root;
  private final Set<RuleSet> replacedFunctions = new HashSet<>();

  TypeChecker(
      RuleTree tree, Recursion graph, Metadata metadata, @Nullable Type input, Problems problems) {
    this(tree, graph, metadata, TypeEnv.root(), new Functions(), problems);
    if (input != null) {
      root.input().put(List.of(), input);
    }
  }

  private TypeChecker(
      RuleTree tree,
      Recursion graph,
      Metadata metadata,
      TypeEnv root,
      Functions functions,
      Problems problems) {
    this.tree = tree;
    this.metadata = metadata;
    this.graph = graph;
    this.root = root;
    this.functions = functions;
    this.problems = problems;
  }

  void checkRules() {
    for (RuleSet rules : tree.ruleSets()) {
      if (rules.kind() == RuleSet.Kind.FUNCTION) {
        root.data().touch(rules.path());
      }
    }
    for (RuleDef def : graph.inOrder()) {
      for (Branch branch : def.branches()) {
        rule(def, branch);
      }
    }
  }

  /// Checks a query against the rules checked before, which it leaves as they are.
  void checkQuery(IrBody body, Problems found) {
    TypeChecker own = new TypeChecker(tree, graph, metadata, root, functions, found);
    own.body(root.inner(), body).forEach(p -> found.add(Stage.TYPES, p));
  }

  private void rule(RuleDef def, Branch branch) {
    TypeEnv env = root.inner();
    metadata
        .schemas(def)
        .forEach(schema -> {
          DocTypes documents = schema.ofInput() ? env.input() : env.data();
          documents.put(schema.path(), SchemaTypes.of(schema.definition()));
        });
    List<Diagnostic> found = body(env, branch.body());
    RuleSet rules = def.owner();
    if (!found.isEmpty()) {
      found.forEach(p -> problems.add(Stage.TYPES, p));
      if (rules.kind() == RuleSet.Kind.FUNCTION) {
        functions.forget(rules, def.args().size());
      } else {
        root.data().put(rules.path(), Type.ANY);
      }
      return;
    }
    if (rules.kind() == RuleSet.Kind.FUNCTION) {
      List<Type> args = new ArrayList<>();
      for (IrTerm arg : def.args()) {
        anyWhereUnknown(env, arg);
        args.add(type(env, arg));
      }
      functions.add(rules, new Shape(args, type(env, branch.value())));
      return;
    }
    Type value = type(env, branch.value());
    if (value instanceof Unknown) {
      return;
    }
    Type type = def.isMember() ? new SetOf(value) : value;
    for (int i = branch.path().size() - 1; i >= 0; i--) {
      Type key = type(env, branch.path().get(i));
      if (key instanceof Unknown) {
        return;
      }
      type = new ObjectOf(List.of(), key, type);
    }
    root.data().add(rules.path(), type);
  }

  private void anyWhereUnknown(TypeEnv env, IrTerm arg) {
    IrVars.walk(
        arg,
        local -> {
          if (env.var(local.var()) instanceof Unknown) {
            env.setVar(local.var(), Type.ANY);
          }
        });
  }

  private Type type(TypeEnv env, IrTerm term) {
    return env.of(term, comprehensions);
  }

  // Bodies.

  private List<Diagnostic> body(TypeEnv env, IrBody body) {
    List<Diagnostic> found = new ArrayList<>();
    for (IrExpr expr : body.exprs()) {
      expr(env, expr, found);
    }
    return found;
  }

  private void expr(TypeEnv outer, IrExpr expr, List<Diagnostic> found) {
    for (IrWith with : expr.withs()) {
      IrTerm value = valueOf(with);
      if (value != null) {
        terms(outer, List.of(value), false, found);
      }
    }
    TypeEnv env = expr.withs().isEmpty() ? outer : replaced(outer, expr.withs());
    evaluated(env, expr, found);
    if (!expr.withs().isEmpty()) {
      replacedFunctions.clear();
    }
  }

  private void evaluated(TypeEnv env, IrExpr expr, List<Diagnostic> found) {
    int before = found.size();
    nested(env, expr, false, found);
    boolean explained = found.size() > before;
    Mismatch mismatch = mismatch(env, expr);
    if (mismatch != null && !(explained && mismatch.partial())) {
      found.add(mismatch.problem());
    }
  }

  private static @Nullable IrTerm valueOf(IrWith with) {
    return switch (with.target()) {
      case Target.InInput t -> t.value();
      case Target.InData t -> t.value();
      case Target.ByValue t -> t.value();
      case Target.ByFunction t -> null;
    };
  }

  /// The documents as they are under `with`: those replaced may also be what they are replaced by,
  /// and what is computed from them may be anything.
  private TypeEnv replaced(TypeEnv env, List<IrWith> withs) {
    TypeEnv changed = env;
    for (IrWith with : withs) {
      Set<RuleDef> affected = graph.affectedBy(with.target());
      if (!affected.isEmpty()) {
        changed = changed.replacing();
        for (RuleDef def : affected) {
          if (def.owner().kind() == RuleSet.Kind.FUNCTION) {
            replacedFunctions.add(def.owner());
          } else {
            changed.data().put(def.owner().path(), Type.ANY);
          }
        }
      }
    }
    TypeEnv last = changed.replacing();
    boolean any = false;
    for (IrWith with : withs) {
      if (with.target() instanceof Target.ByFunction t
          && t.replaced() instanceof Callee.Function f) {
        // What stands in for it takes the same arguments.
        replacedFunctions.remove(f.rules());
      }
      switch (with.target()) {
        case Target.InInput t -> {
          last.input().put(t.path(), joined(env, Root.INPUT, t.path(), t.value()));
          any = true;
        }
        case Target.InData t -> {
          last.data().put(t.path(), joined(env, Root.DATA, t.path(), t.value()));
          any = true;
        }
        case Target.ByFunction t -> {}
        case Target.ByValue t -> {}
      }
    }
    return any ? last : changed;
  }

  private Type joined(TypeEnv env, Root documents, List<RegoValue> path, IrTerm value) {
    List<IrTerm> keys = new ArrayList<>();
    path.forEach(key -> keys.add(new Const(key, value.at())));
    Type before = env.document(documents, keys);
    Type after = type(env, value);
    if (before instanceof Unknown || after instanceof Unknown) {
      return Type.ANY;
    }
    return Types.or(before, after);
  }

  /// Checks the terms of an expression: references, and comprehensions with their bodies. Of bodies
  /// that are tested rather than evaluated for their values (`every`, `not { }`, `and`, `or`) only
  /// the terms are looked at, as OPA does it.
  private void nested(TypeEnv env, IrExpr expr, boolean loose, List<Diagnostic> found) {
    switch (expr) {
      case IrExpr.Test e -> terms(env, List.of(e.term()), loose, found);
      case IrExpr.Unify e -> terms(env, List.of(e.left(), e.right()), loose, found);
      case IrExpr.CallExpr e -> {
        terms(env, e.call().args(), loose, found);
        IrTerm out = e.out();
        if (out != null) {
          terms(env, List.of(out), loose, found);
        }
      }
      case IrExpr.Not e ->
          e.body().exprs().forEach(inner -> nested(env, inner, loose || e.closed(), found));
      case IrExpr.Every e -> {
        terms(env, List.of(e.domain()), loose, found);
        e.body().exprs().forEach(inner -> nested(env, inner, true, found));
      }
      case IrExpr.Logic e -> {
        e.left().exprs().forEach(inner -> nested(env, inner, true, found));
        e.right().exprs().forEach(inner -> nested(env, inner, true, found));
      }
      case IrExpr.Holds e -> e.body().exprs().forEach(inner -> nested(env, inner, true, found));
      case IrExpr.Print e -> terms(env, e.args(), loose, found);
    }
  }

  private void terms(TypeEnv env, List<IrTerm> terms, boolean loose, List<Diagnostic> found) {
    for (IrTerm term : terms) {
      term(env, term, loose, found);
    }
  }

  private void term(TypeEnv env, IrTerm term, boolean loose, List<Diagnostic> found) {
    switch (term) {
      case Const t -> {}
      case Local t -> {}
      case IrTerm.Arr t -> terms(env, t.items(), loose, found);
      case IrTerm.SetOf t -> terms(env, t.items(), loose, found);
      case IrTerm.Obj t ->
          t.pairs().forEach(pair -> terms(env, List.of(pair.key(), pair.value()), loose, found));
      case IrTerm.Template t -> {
        terms(env, t.parts(), loose, found);
        t.parts().forEach(part -> unifier.term(env, part, Type.ANY, true));
      }
      case Compr t -> comprehension(env, t, found);
      case IrTerm.Ref t -> {
        if (t.root() instanceof Root.Of head) {
          term(env, head.term(), loose, found);
        }
        terms(env, t.path(), loose, found);
        Diagnostic problem = refs.check(env, t, loose);
        if (problem != null) {
          found.add(problem);
        }
      }
    }
  }

  private void comprehension(TypeEnv env, Compr compr, List<Diagnostic> found) {
    TypeEnv inner = env.inner();
    List<Diagnostic> problemsInside = body(inner, compr.body());
    found.addAll(problemsInside);
    if (!problemsInside.isEmpty()) {
      comprehensions.remove(compr);
      return;
    }
    Type value = type(inner, compr.value());
    IrTerm key = compr.key();
    comprehensions.put(
        compr,
        switch (compr.kind()) {
          case ARRAY -> Types.bounded(new ArrayOf(List.of(), value));
          case SET -> Types.bounded(new SetOf(value));
          case OBJECT ->
              Types.bounded(new ObjectOf(List.of(), key == null ? value : type(inner, key), value));
        });
  }

  // Expressions.

  /// What does not fit.
  ///
  /// @param partial nothing is known about a part of it, so that an earlier mistake may be the
  ///   cause
  private record Mismatch(Diagnostic problem, boolean partial) {}

  private @Nullable Mismatch mismatch(TypeEnv env, IrExpr expr) {
    for (IrWith with : expr.withs()) {
      if (with.target() instanceof Target.ByFunction t) {
        Mismatch mismatch = replacement(t, with.at());
        if (mismatch != null) {
          return mismatch;
        }
      }
    }
    return switch (expr) {
      case IrExpr.Unify e -> equality(env, e.left(), e.right(), e.at());
      case IrExpr.CallExpr e -> call(env, e);
      case IrExpr.Not e -> e.closed() ? null : negated(env, e);
      default -> null;
    };
  }

  private @Nullable Mismatch negated(TypeEnv env, IrExpr.Not not) {
    for (IrExpr inner : not.body().exprs()) {
      Mismatch mismatch = mismatch(env, inner);
      if (mismatch != null) {
        return mismatch;
      }
    }
    return null;
  }

  private @Nullable Mismatch replacement(Target.ByFunction replaced, Span at) {
    Shape wanted = functions.of(replaced.replaced());
    Shape given = functions.of(replaced.replacement());
    boolean fits = replaced.replaced().arity() == replaced.replacement().arity();
    for (int i = 0; fits && wanted != null && given != null && i < wanted.args().size(); i++) {
      fits = Types.unifies(wanted.at(i), given.at(i));
    }
    if (fits) {
      return null;
    }
    String message = replaced.replaced().name() + ": arity mismatch";
    String hint = replaced.replacement().name() + " takes other arguments";
    return new Mismatch(Diagnostic.error(Diagnostic.TYPE, at, message, hint), false);
  }

  private @Nullable Mismatch equality(TypeEnv env, IrTerm a, IrTerm b, Span at) {
    Type left = type(env, a);
    Type right = type(env, b);
    return unifier.terms(env, a, b) ? null : notEqual(left, right, at);
  }

  private static Mismatch notEqual(Type left, Type right, Span at) {
    return new Mismatch(
        Diagnostic.error(
            Diagnostic.TYPE, at, "match error", "left is " + left + ", right is " + right),
        Types.isPartial(left) || Types.isPartial(right));
  }

  private @Nullable Mismatch call(TypeEnv env, IrExpr.CallExpr expr) {
    Callee callee = expr.call().callee();
    List<IrTerm> args = expr.call().args();
    IrTerm out = expr.out();
    String name = callee.name();
    if (name.equals("equal") && out == null) {
      return equality(env, args.get(0), args.get(1), expr.at());
    }
    if (name.equals("internal.member_2") || name.equals("internal.member_3")) {
      Mismatch mismatch = member(env, args, expr.at());
      if (mismatch != null) {
        return mismatch;
      }
    }
    Shape shape = functions.of(callee);
    if (shape == null
        || (callee instanceof Callee.Function f && replacedFunctions.contains(f.rules()))) {
      return null;
    }
    List<IrTerm> operands = new ArrayList<>(args);
    if (out != null) {
      operands.add(out);
    }
    List<Type> have = new ArrayList<>();
    operands.forEach(operand -> have.add(type(env, operand)));
    for (int i = 0; i < operands.size(); i++) {
      Type wanted = shape.at(i);
      boolean fits = Types.isPartial(have.get(i)) || Types.unifies(have.get(i), wanted);
      if (!fits || !unifier.term(env, operands.get(i), wanted, false)) {
        return invalid(name, args.size(), fits ? after(env, operands) : have, shape, expr.at());
      }
    }
    return null;
  }

  private List<Type> after(TypeEnv env, List<IrTerm> operands) {
    List<Type> have = new ArrayList<>();
    operands.forEach(operand -> have.add(type(env, operand)));
    return have;
  }

  private static Mismatch invalid(String name, int arity, List<Type> have, Shape wanted, Span at) {
    StringBuilder hint = new StringBuilder();
    for (int i = 0; i < arity && hint.isEmpty(); i++) {
      if (!Types.unifies(have.get(i), wanted.at(i)) && !(have.get(i) instanceof Unknown)) {
        hint.append("argument ").append(i + 1).append(" is ").append(have.get(i));
        hint.append(", but ").append(name).append(" takes ").append(wanted.at(i));
      }
    }
    if (hint.isEmpty()) {
      hint.append(name).append(" gives ").append(wanted.result());
    }
    return new Mismatch(
        Diagnostic.error(Diagnostic.TYPE, at, name + ": invalid argument(s)", hint.toString()),
        have.stream().anyMatch(Types::isPartial));
  }

  private @Nullable Mismatch member(TypeEnv env, List<IrTerm> args, Span at) {
    Type collection = type(env, args.getLast());
    Type values = Types.values(collection);
    if (values instanceof Unknown) {
      return null;
    }
    if (args.size() == 3) {
      Mismatch mismatch = element(env, args.get(0), Types.keys(collection), at);
      if (mismatch != null) {
        return mismatch;
      }
    }
    return element(env, args.get(args.size() - 2), values, at);
  }

  private @Nullable Mismatch element(TypeEnv env, IrTerm term, Type wanted, Span at) {
    if (Types.isPartial(wanted)) {
      return null;
    }
    Type have = type(env, term);
    boolean fits = Types.isPartial(have) || Types.unifies(have, wanted);
    return fits && unifier.term(env, term, wanted, false) ? null : notEqual(have, wanted, at);
  }
}
