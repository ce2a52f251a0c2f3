package io.outrider.policy.compile;

import io.outrider.policy.value.RegoValue;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A place in the tree of documents that rules define. A node has rules or children, not both.
public final class DocNode {
  private final int id;
  private final Map<RegoValue, DocNode> children = new TreeMap<>();
  private @Nullable RuleSet rules;
  private boolean isPackage;

  DocNode(int id) {
    this.id = id;
  }

  /// Dense, from 0 at the root; children have larger ids than their parents.
  public int id() {
    return id;
  }

  public @Nullable DocNode child(RegoValue key) {
    return children.get(key);
  }

  public Map<RegoValue, DocNode> children() {
    return Collections.unmodifiableMap(children);
  }

  public Collection<RegoValue> keys() {
    return Collections.unmodifiableSet(children.keySet());
  }

  public @Nullable RuleSet rules() {
    return rules;
  }

  boolean isPackage() {
    return isPackage;
  }

  void markPackage() {
    isPackage = true;
  }

  void put(RegoValue key, DocNode child) {
    children.put(key, child);
  }

  void setRules(RuleSet set) {
    rules = set;
  }

  void dropChildren() {
    children.clear();
  }
}
