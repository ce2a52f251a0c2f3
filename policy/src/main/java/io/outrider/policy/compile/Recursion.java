package io.outrider.policy.compile;

import io.outrider.policy.compile.IrExpr.Target;
import io.outrider.policy.compile.IrTerm.Callee;
import io.outrider.policy.compile.IrTerm.Const;
import io.outrider.policy.compile.IrTerm.Local;
import io.outrider.policy.compile.IrTerm.Root;
import io.outrider.policy.compile.RuleDef.Branch;
import io.outrider.policy.syntax.Diagnostic;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The graph of which definition can ask for which, and the cycles in it.
final class Recursion {
  private final RuleTree tree;
  private final List<Set<RuleDef>> edges = new ArrayList<>();

  /// The same for each branch: an `else` may ask for what the body before it does not.
  private final List<List<Set<RuleDef>>> byBranch = new ArrayList<>();

  Recursion(RuleTree tree) {
    this.tree = tree;
    for (RuleDef def : tree.defs()) {
      Set<RuleDef> all = new LinkedHashSet<>();
      List<Set<RuleDef>> branches = new ArrayList<>();
      for (Branch branch : def.branches()) {
        Set<RuleDef> found = new LinkedHashSet<>();
        List<IrTerm> head = new ArrayList<>(branch.path());
        head.add(branch.value());
        dependencies(branch.body(), head, found);
        branches.add(found);
        all.addAll(found);
      }
      edges.add(all);
      byBranch.add(branches);
    }
  }

  void dependencies(IrBody body, List<IrTerm> head, Set<RuleDef> found) {
    Narrowing known = new Narrowing();
    for (IrExpr expr : body.exprs()) {
      dependencies(IrBody.of(expr), List.of(), known, found);
      known.learn(expr);
    }
    dependencies(new IrBody(List.of(), body.at()), head, known, found);
  }

  private void dependencies(IrBody body, List<IrTerm> head, Narrowing known, Set<RuleDef> found) {
    IrVars.everything(
        body,
        head,
        new IrVars.Visitor() {
          @Override
          public void local(Local local) {}

          @Override
          public void ref(IrTerm.Ref ref) {
            if (ref.root() instanceof Root.Data) {
              known.paths(ref.path()).forEach(path -> below(tree.root(), path, 0, found));
            }
          }

          @Override
          public void call(Callee callee) {
            if (callee instanceof Callee.Function f) {
              addAll(f.rules(), List.of(), found);
            }
          }

          // What a `with` replaces counts as asked for, too.
          @Override
          public void expression(IrExpr expr) {
            expr.withs().forEach(with -> found.addAll(directly(with.target())));
          }
        });
  }

  private void below(DocNode node, List<IrTerm> path, int at, Set<RuleDef> found) {
    RuleSet rules = node.rules();
    if (rules != null) {
      addAll(rules, path.subList(at, path.size()), found);
    }
    if (at < path.size() && path.get(at) instanceof Const key) {
      DocNode child = node.child(key.value());
      if (child != null) {
        below(child, path, at + 1, found);
      }
      return;
    }
    int next = Math.min(at + 1, path.size());
    node.children().values().forEach(child -> below(child, path, next, found));
  }

  /// The definitions that keys below the rule set may lead to.
  private static void addAll(RuleSet rules, List<IrTerm> keys, Set<RuleDef> found) {
    for (RuleDef def : rules.defs()) {
      List<IrTerm> path = def.branches().isEmpty() ? List.of() : def.branches().getFirst().path();
      boolean possible = true;
      for (int i = 0; i < Math.min(keys.size(), path.size()); i++) {
        if (keys.get(i) instanceof Const a
            && path.get(i) instanceof Const b
            && !a.value().equals(b.value())) {
          possible = false;
        }
      }
      if (possible) {
        found.add(def);
      }
    }
    RuleDef fallback = rules.fallback();
    if (fallback != null) {
      found.add(fallback);
    }
  }

  /// Reports every definition that can reach itself, at the branch from which it does.
  void check(Problems problems) {
    for (RuleDef def : tree.defs()) {
      for (int i = 0; i < def.branches().size(); i++) {
        List<RuleDef> cycle = cycleFrom(def, byBranch.get(def.id()).get(i));
        if (!cycle.isEmpty()) {
          String path =
              cycle.stream().map(d -> d.owner().name()).collect(Collectors.joining(" -> "));
          problems.add(
              Stage.RECURSION,
              Diagnostic.error(
                  Diagnostic.RECURSION,
                  i == 0 ? def.at() : def.branches().get(i).at(),
                  "rule " + def.owner().name() + " is recursive: " + path,
                  "Rego has no recursion; graph.reachable and walk follow structures of any"
                      + " depth"));
        }
      }
    }
  }

  /// A shortest way from one branch of a definition back to the definition, or an empty list.
  private List<RuleDef> cycleFrom(RuleDef start, Set<RuleDef> first) {
    if (first.contains(start)) {
      return List.of(start, start);
    }
    int[] from = new int[edges.size()];
    BitSet seen = new BitSet();
    List<RuleDef> queue = new ArrayList<>();
    for (RuleDef next : first) {
      seen.set(next.id());
      from[next.id()] = start.id();
      queue.add(next);
    }
    for (int i = 0; i < queue.size(); i++) {
      RuleDef current = queue.get(i);
      for (RuleDef next : edges.get(current.id())) {
        if (next.id() == start.id()) {
          List<RuleDef> path = new ArrayList<>();
          path.add(start);
          for (RuleDef d = current; d.id() != start.id(); d = tree.defs().get(from[d.id()])) {
            path.add(1, d);
          }
          path.add(start);
          return path;
        }
        if (!seen.get(next.id())) {
          seen.set(next.id());
          from[next.id()] = current.id();
          queue.add(next);
        }
      }
    }
    return List.of();
  }

  /// All definitions, each after those it asks for.
  List<RuleDef> inOrder() {
    List<RuleDef> ordered = new ArrayList<>();
    BitSet seen = new BitSet();
    tree.defs().forEach(def -> visit(def, seen, ordered));
    return ordered;
  }

  private void visit(RuleDef def, BitSet seen, List<RuleDef> ordered) {
    if (seen.get(def.id())) {
      return;
    }
    seen.set(def.id());
    edges.get(def.id()).forEach(next -> visit(next, seen, ordered));
    ordered.add(def);
  }

  /// The definitions whose answer may change when a document or function is replaced.
  Set<RuleDef> affectedBy(Target target) {
    Set<RuleDef> affected = directly(target);
    if (affected.isEmpty()) {
      return affected;
    }
    int before;
    do {
      before = affected.size();
      for (RuleDef def : tree.defs()) {
        if (edges.get(def.id()).stream().anyMatch(affected::contains)) {
          affected.add(def);
        }
      }
    } while (affected.size() > before);
    return affected;
  }

  /// The definitions of a document or function that is replaced.
  private Set<RuleDef> directly(Target target) {
    Set<RuleDef> found = new LinkedHashSet<>();
    switch (target) {
      case Target.InData t -> {
        List<IrTerm> path = new ArrayList<>();
        t.path().forEach(key -> path.add(new Const(key, t.value().at())));
        below(tree.root(), path, 0, found);
      }
      case Target.ByFunction t -> addFunction(t.replaced(), found);
      case Target.ByValue t -> addFunction(t.replaced(), found);
      case Target.InInput t -> {}
    }
    return found;
  }

  private static void addFunction(Callee replaced, Set<RuleDef> affected) {
    if (replaced instanceof Callee.Function f) {
      affected.addAll(f.rules().defs());
    }
  }

  /// All definitions that evaluating the body may ask for, directly or through others.
  Set<RuleDef> reachable(Set<RuleDef> start) {
    Set<RuleDef> all = new LinkedHashSet<>(start);
    List<RuleDef> queue = new ArrayList<>(start);
    for (int i = 0; i < queue.size(); i++) {
      for (RuleDef next : edges.get(queue.get(i).id())) {
        if (all.add(next)) {
          queue.add(next);
        }
      }
    }
    return all;
  }
}
