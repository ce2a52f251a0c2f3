package io.outrider.policy.compile;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// Compiled modules: the tree of documents and the definitions in it. Immutable.
public final class Program {
  private final RuleTree tree;
  private final Context context;
  private final Recursion graph;
  private final Map<List<String>, Set<String>> packages;

  Program(
      RuleTree tree, Context context, Recursion graph, Map<List<String>, Set<String>> packages) {
    this.tree = tree;
    this.context = context;
    this.graph = graph;
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

  Context context() {
    return context;
  }

  Set<String> rulesOf(List<String> packagePath) {
    return packages.getOrDefault(packagePath, Set.of());
  }
}
