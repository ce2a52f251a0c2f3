package io.outrider.policy.compile;

import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All definitions of one document or function.
public final class RuleSet {
  private final int id;
  private final List<RegoValue> path;
  private final List<RuleDef> defs = new ArrayList<>();
  private @Nullable RuleDef fallback;
  private Kind kind = Kind.COMPLETE;
  private int arity = -1;

  /// What the definitions make together.
  public enum Kind {
    /// One value.
    COMPLETE,
    /// A set: `contains`.
    SET,
    /// An object built key by key, perhaps over several levels, perhaps with sets in it.
    OBJECT,
    FUNCTION
  }

  RuleSet(int id, List<RegoValue> path) {
    this.id = id;
    this.path = List.copyOf(path);
  }

  /// Dense, from 0.
  public int id() {
    return id;
  }

  /// The path below `data`.
  public List<RegoValue> path() {
    return path;
  }

  /// `data.package.rule`.
  public String name() {
    return Paths.data(path);
  }

  public Kind kind() {
    return kind;
  }

  /// In the order of modules and lines, without the default.
  public List<RuleDef> defs() {
    return defs;
  }

  /// The `default` rule, or null.
  public @Nullable RuleDef fallback() {
    return fallback;
  }

  /// The number of arguments of a function, otherwise -1.
  public int arity() {
    return arity;
  }

  void add(RuleDef def) {
    defs.add(def);
  }

  void setFallback(RuleDef def) {
    fallback = def;
  }

  void setKind(Kind newKind, int newArity) {
    kind = newKind;
    arity = newArity;
  }

  @Override
  public String toString() {
    return name();
  }
}
