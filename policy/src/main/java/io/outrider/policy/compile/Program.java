package io.outrider.policy.compile;

import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compiled modules: the tree of documents and the definitions in it. Immutable.
public final class Program {
  private final RuleTree tree;
  private final Context context;
  private final Recursion graph;
  private final TypeChecker types;
  private final Map<List<String>, Set<String>> packages;

  Program(
      RuleTree tree,
      Context context,
      Recursion graph,
      TypeChecker types,
      Map<List<String>, Set<String>> packages) {
    this.tree = tree;
    this.context = context;
    this.graph = graph;
    this.types = types;
    this.packages = packages;
  }

  /// The place `data`.
  public DocNode root() {
    return tree.root();
  }

  public int nodeCount() {
    return tree.nodeCount();
  }

  /// All rule sets; their ids are their places in the list.
  public List<RuleSet> ruleSets() {
    return tree.ruleSets();
  }

  /// All definitions; their ids are their places in the list.
  public List<RuleDef> defs() {
    return tree.defs();
  }

  /// All definitions that the given ones may ask for, themselves included.
  public Set<RuleDef> reachable(Set<RuleDef> start) {
    return graph.reachable(start);
  }

  /// The rules at exactly this path below `data`, or null.
  public @Nullable RuleSet find(List<RegoValue> path) {
    return tree.find(path);
  }

  /// Whether one of these definitions, or of those they may ask for, may read one of these keys of
  /// `input`. A rule that uses `input` as a whole may read all of them.
  public boolean readsInput(Set<RuleDef> start, Set<String> keys) {
    for (RuleDef def : reachable(start)) {
      for (RuleDef.Branch branch : def.branches()) {
        List<IrTerm> head = new ArrayList<>(branch.path());
        head.add(branch.value());
        boolean[] found = new boolean[1];
        IrVars.everything(
            branch.body(),
            head,
            new IrVars.Visitor() {
              @Override
              public void local(IrTerm.Local local) {}

              @Override
              public void ref(IrTerm.Ref ref) {
                if (ref.root() instanceof IrTerm.Root.Input) {
                  found[0] |=
                      ref.path().isEmpty()
                          || !(ref.path().getFirst() instanceof IrTerm.Const c)
                          || (c.value() instanceof RegoString s && keys.contains(s.value()));
                }
              }
            });
        if (found[0]) {
          return true;
        }
      }
    }
    return false;
  }

  /// The documents that have the same value whatever the input is: neither they nor anything they
  /// may ask for reads `input`, changes the world by a `with`, prints, or calls a function whose
  /// result may differ.
  public List<RuleSet> independent() {
    Set<RuleDef> dependent = new HashSet<>();
    for (RuleDef def : defs()) {
      if (def.branches().stream().anyMatch(Program::mayDiffer)) {
        dependent.add(def);
      }
    }
    List<RuleSet> found = new ArrayList<>();
    for (RuleSet set : ruleSets()) {
      Set<RuleDef> own = new HashSet<>(set.defs());
      RuleDef fallback = set.fallback();
      if (fallback != null) {
        own.add(fallback);
      }
      // A set without definitions has become part of one above it.
      if (!own.isEmpty()
          && set.kind() != RuleSet.Kind.FUNCTION
          && Collections.disjoint(own, dependent)
          && Collections.disjoint(reachable(own), dependent)) {
        found.add(set);
      }
    }
    return found;
  }

  private static boolean mayDiffer(RuleDef.Branch branch) {
    List<IrTerm> head = new ArrayList<>(branch.path());
    head.add(branch.value());
    boolean[] differs = new boolean[1];
    IrVars.everything(
        branch.body(),
        head,
        new IrVars.Visitor() {
          @Override
          public void local(IrTerm.Local local) {}

          @Override
          public void ref(IrTerm.Ref ref) {
            differs[0] |= ref.root() instanceof IrTerm.Root.Input;
          }

          @Override
          public void call(IrTerm.Callee callee) {
            differs[0] |=
                callee instanceof IrTerm.Callee.Native n && n.builtin().isNondeterministic();
          }

          @Override
          public void expression(IrExpr expr) {
            differs[0] |= !expr.withs().isEmpty() || expr instanceof IrExpr.Print;
          }
        });
    return differs[0];
  }

  TypeChecker types() {
    return types;
  }

  Context context() {
    return context;
  }

  Set<String> rulesOf(List<String> packagePath) {
    return packages.getOrDefault(packagePath, Set.of());
  }
}
