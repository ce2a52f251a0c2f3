package io.outrider.policy.compile;

import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Rule;
import io.outrider.policy.syntax.Span;
import java.util.List;

/// One definition of a document or function, with its `else` branches.
public final class RuleDef {
  private final int id;
  private final RuleSet owner;
  private final Module module;
  private final Rule rule;
  private List<IrTerm> path = List.of();
  private List<IrTerm> args = List.of();
  private List<Branch> branches = List.of();
  private int frameSize;

  RuleDef(int id, RuleSet owner, Module module, Rule rule) {
    this.id = id;
    this.owner = owner;
    this.module = module;
    this.rule = rule;
  }

  /// A body and the value it gives; the first branch that has a solution answers.
  ///
  /// @param path the keys below the document, for rules that define many keys; empty otherwise
  /// @param value the value, or the element of a set
  public record Branch(IrBody body, List<IrTerm> path, IrTerm value, Span at) {
    public Branch {
      path = List.copyOf(path);
    }
  }

  public int id() {
    return id;
  }

  public RuleSet owner() {
    return owner;
  }

  Module module() {
    return module;
  }

  /// The rule as written.
  public Rule rule() {
    return rule;
  }

  public Span at() {
    return rule.at();
  }

  /// Whether it adds elements to a set (`contains`).
  public boolean isMember() {
    return rule.head().member() != null;
  }

  public boolean isDefault() {
    return rule.isDefault();
  }

  /// The patterns of a function's arguments.
  public List<IrTerm> args() {
    return args;
  }

  public List<Branch> branches() {
    return branches;
  }

  /// Slots needed to evaluate it.
  public int frameSize() {
    return frameSize;
  }

  /// The keys below the rule set's own path that the head names; constants and patterns.
  List<IrTerm> path() {
    return path;
  }

  void place(List<IrTerm> constants) {
    path = List.copyOf(constants);
  }

  void resolve(List<IrTerm> newArgs, List<Branch> newBranches, int newFrameSize) {
    args = List.copyOf(newArgs);
    branches = List.copyOf(newBranches);
    frameSize = newFrameSize;
  }

  @Override
  public String toString() {
    return owner.name() + " at " + at();
  }
}
