package io.outrider.policy.compile;

import io.outrider.policy.compile.RuleSet.Kind;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Rule;
import io.outrider.policy.syntax.Term;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Puts every definition at its place under `data` and finds those that cannot stand together.
final class RuleTree {
  private final DocNode root;
  private final List<RuleSet> ruleSets = new ArrayList<>();
  private final List<RuleDef> defs = new ArrayList<>();
  private final Problems problems;
  private int nodes;

  RuleTree(Problems problems) {
    this.problems = problems;
    this.root = newNode();
  }

  DocNode root() {
    return root;
  }

  int nodeCount() {
    return nodes;
  }

  List<RuleSet> ruleSets() {
    return ruleSets;
  }

  List<RuleDef> defs() {
    return defs;
  }

  private DocNode newNode() {
    return new DocNode(nodes++);
  }

  void build(List<Module> modules) {
    Map<List<RegoValue>, Module> packages = new LinkedHashMap<>();
    for (Module module : modules) {
      List<RegoValue> path = Names.values(module.packagePath());
      packages.putIfAbsent(path, module);
      node(path).markPackage();
      for (Rule rule : module.rules()) {
        add(module, path, rule);
      }
    }
    checkPackages(packages);
    absorb(root, new ArrayList<>());
    for (RuleSet set : ruleSets) {
      classify(set);
    }
    checkChildren(root, new ArrayList<>());
  }

  private DocNode node(List<RegoValue> path) {
    DocNode node = root;
    for (RegoValue key : path) {
      DocNode next = node.child(key);
      if (next == null) {
        next = newNode();
        node.put(key, next);
      }
      node = next;
    }
    return node;
  }

  private static Term.@Nullable Var variable(Rule.Head head) {
    for (Term key : head.path()) {
      if (key instanceof Term.Var v) {
        return v;
      }
    }
    return null;
  }

  private void add(Module module, List<RegoValue> packagePath, Rule rule) {
    List<RegoValue> path = new ArrayList<>(packagePath);
    path.add(RegoString.of(rule.head().name().name()));
    List<IrTerm> rest = new ArrayList<>();
    for (Term key : rule.head().path()) {
      RegoValue constant = key instanceof Term.Scalar s ? s.value() : null;
      if (constant != null && rest.isEmpty()) {
        path.add(constant);
      } else if (constant != null) {
        rest.add(new IrTerm.Const(constant, key.at()));
      } else {
        // A key that is not constant is resolved with the body; here only its being there counts.
        rest.add(new IrTerm.Arr(List.of(), key.at()));
      }
    }
    if (rule.isDefault() && !rest.isEmpty() && variable(rule.head()) instanceof Term.Var var) {
      problems.unsafe(
          Stage.SAFE_HEADS,
          var.at(),
          "var " + (var.isWildcard() ? "_" : var.name()) + " is unsafe",
          "default rules must have a name without variables");
      return;
    }
    if (!rest.isEmpty() && (rule.isDefault() || rule.head().args() != null)) {
      problems.add(
          Stage.CONFLICTS,
          Diagnostic.error(
              Diagnostic.COMPILE,
              rule.head().at(),
              rule.isDefault()
                  ? "default rules must have a name without variables"
                  : "functions must have a name without variables",
              null));
      return;
    }
    if (!rest.isEmpty() && !rule.elses().isEmpty()) {
      problems.add(
          Stage.CONFLICTS,
          Diagnostic.error(
              Diagnostic.PARSE,
              rule.elses().getFirst().at(),
              "else keyword cannot be used on rules with variables in head",
              null));
      return;
    }
    DocNode node = node(path);
    RuleSet set = node.rules();
    if (set == null) {
      set = new RuleSet(ruleSets.size(), path);
      ruleSets.add(set);
      node.setRules(set);
    }
    RuleDef def = new RuleDef(defs.size(), set, module, rule);
    def.place(rest);
    defs.add(def);
    if (!rule.isDefault()) {
      set.add(def);
      return;
    }
    RuleDef first = set.fallback();
    if (first == null) {
      set.setFallback(def);
    } else {
      problems.add(
          Stage.CONFLICTS,
          Diagnostic.error(
              Diagnostic.TYPE,
              first.module().packageAt(),
              "multiple default rules " + set.name() + " found at " + first.at() + ", " + rule.at(),
              "keep one of them"));
    }
  }

  private void checkPackages(Map<List<RegoValue>, Module> packages) {
    packages.forEach((path, module) -> {
      DocNode node = root;
      for (RegoValue key : path) {
        node = node == null ? null : node.child(key);
        RuleSet rules = node == null ? null : node.rules();
        if (rules != null) {
          problems.add(
              Stage.CONFLICTS,
              Diagnostic.error(
                  Diagnostic.TYPE,
                  module.packageAt(),
                  "package "
                      + String.join(".", module.packagePath())
                      + " conflicts with rule "
                      + rules.name()
                      + " defined at "
                      + firstDef(rules).at(),
                  "rename the rule or the package"));
          return;
        }
      }
    });
  }

  private static RuleDef firstDef(RuleSet rules) {
    RuleDef fallback = rules.fallback();
    if (rules.defs().isEmpty() && fallback != null) {
      return fallback;
    }
    RuleDef first = rules.defs().getFirst();
    return fallback != null && fallback.id() < first.id() ? fallback : first;
  }

  /// Where a rule defines many keys below a node, the rules further down become part of the same
  /// object.
  private void absorb(DocNode node, List<RegoValue> path) {
    RuleSet rules = node.rules();
    boolean open = rules != null && rules.defs().stream().anyMatch(d -> !d.path().isEmpty());
    if (rules != null && open) {
      List<IrTerm> below = new ArrayList<>();
      node.children().forEach((key, child) -> take(rules, key, child, below));
      node.dropChildren();
      return;
    }
    node.children()
        .forEach((key, child) -> {
          path.add(key);
          absorb(child, path);
          path.removeLast();
        });
  }

  private void take(RuleSet into, RegoValue key, DocNode node, List<IrTerm> above) {
    List<IrTerm> path = new ArrayList<>(above);
    path.add(new IrTerm.Const(key, firstSpan(into)));
    RuleSet rules = node.rules();
    if (rules != null) {
      for (RuleDef def : rules.defs()) {
        List<IrTerm> whole = new ArrayList<>(path);
        whole.addAll(def.path());
        RuleDef moved = new RuleDef(def.id(), into, def.module(), def.rule());
        moved.place(whole);
        defs.set(def.id(), moved);
        into.add(moved);
      }
      RuleDef fallback = rules.fallback();
      if (fallback != null) {
        problems.add(
            Stage.CONFLICTS,
            Diagnostic.error(
                Diagnostic.TYPE,
                fallback.at(),
                "default rule " + rules.name() + " conflicts with " + into.name(),
                "the keys of " + into.name() + " are open, so no key of it can have a default"));
      }
      rules.defs().clear();
    }
    node.children().forEach((k, child) -> take(into, k, child, path));
  }

  private static io.outrider.policy.syntax.Span firstSpan(RuleSet rules) {
    return firstDef(rules).at();
  }

  private void classify(RuleSet set) {
    int functions = 0;
    int members = 0;
    int open = 0;
    int arity = -1;
    boolean arityDiffers = false;
    List<RuleDef> all = new ArrayList<>(set.defs());
    RuleDef fallback = set.fallback();
    if (fallback != null) {
      all.add(fallback);
    }
    for (RuleDef def : all) {
      List<Term> args = def.rule().head().args();
      if (args != null) {
        functions++;
        arityDiffers |= arity >= 0 && arity != args.size();
        arity = args.size();
      } else if (!def.path().isEmpty()) {
        open++;
      } else if (def.isMember()) {
        members++;
      }
    }
    int plain = all.size() - functions - members - open;
    boolean mixed =
        arityDiffers
            || (functions > 0 && functions < all.size())
            || (members > 0 && members + open < all.size())
            || (plain > 0 && open > 0)
            || (members > 0 && open > 0);
    if (mixed) {
      RuleDef at = all.getLast();
      problems.add(
          Stage.CONFLICTS,
          Diagnostic.error(
              Diagnostic.TYPE,
              firstDef(set).at(),
              "conflicting rules " + set.name() + " found",
              "all definitions of a name must be of one kind and, for functions, have equally many"
                  + " arguments; another one is at "
                  + at.at()));
    }
    set.setKind(
        functions > 0
            ? Kind.FUNCTION
            : open > 0 ? Kind.OBJECT : members > 0 ? Kind.SET : Kind.COMPLETE,
        arity);
  }

  private void checkChildren(DocNode node, List<RegoValue> path) {
    RuleSet rules = node.rules();
    if (rules != null && !node.children().isEmpty() && !node.isPackage()) {
      Map<String, RuleSet> below = new TreeMap<>();
      collect(node, below);
      below.remove(rules.name());
      StringBuilder message = new StringBuilder("rule " + rules.name() + " conflicts with:");
      below.forEach((name, other) ->
          message.append("\n  rule ").append(name).append(" at ").append(firstDef(other).at()));
      problems.add(
          Stage.CONFLICTS,
          Diagnostic.error(
              Diagnostic.TYPE,
              firstDef(rules).at(),
              message.toString(),
              "a document with a value of its own cannot have rules below it"));
      return;
    }
    node.children()
        .forEach((key, child) -> {
          path.add(key);
          checkChildren(child, path);
          path.removeLast();
        });
  }

  private static void collect(DocNode node, Map<String, RuleSet> found) {
    RuleSet rules = node.rules();
    if (rules != null) {
      found.put(rules.name(), rules);
    }
    node.children().values().forEach(child -> collect(child, found));
  }

  /// The rules at exactly this path, or null.
  @Nullable RuleSet find(List<RegoValue> path) {
    DocNode node = root;
    for (RegoValue key : path) {
      node = node.child(key);
      if (node == null) {
        return null;
      }
    }
    return node.rules();
  }

  /// The rules that define a document above this path, or null.
  @Nullable RuleSet findAbove(List<RegoValue> path) {
    DocNode node = root;
    for (int i = 0; i < path.size() - 1; i++) {
      node = node.child(path.get(i));
      if (node == null) {
        return null;
      }
      if (node.rules() != null) {
        return node.rules();
      }
    }
    return null;
  }
}
