package io.outrider.policy.compile;

import io.outrider.policy.syntax.Span;

/// A variable of one rule or query: a slot in its frame.
public final class LocalVar {
  private final String name;
  private final int slot;
  private final Span at;
  private final Origin origin;
  private boolean used;

  /// How a variable came to be, for messages.
  enum Origin {
    /// Used without a declaration, such as `x` in `data.xs[x]`.
    IMPLICIT,
    /// Left of `:=`.
    ASSIGNED,
    /// After `some`.
    DECLARED,
    /// Between `some` and `in`.
    ITERATED,
    /// The key or value of `every`.
    EVERY,
    /// A function's argument.
    ARGUMENT,
    /// Made by the compiler for a part of an expression.
    GENERATED
  }

  LocalVar(String name, int slot, Span at, Origin origin) {
    this.name = name;
    this.slot = slot;
    this.at = at;
    this.origin = origin;
  }

  /// A slot that holds a part of an expression.
  public static LocalVar temporary(int slot, Span at) {
    return new LocalVar("__temp" + slot + "__", slot, at, Origin.GENERATED);
  }

  public String name() {
    return name;
  }

  /// The place in the frame, unique within the rule or query.
  public int slot() {
    return slot;
  }

  public Span at() {
    return at;
  }

  Origin origin() {
    return origin;
  }

  public boolean isGenerated() {
    return origin == Origin.GENERATED;
  }

  public boolean isWildcard() {
    return name.startsWith("$");
  }

  boolean isUsed() {
    return used;
  }

  void markUsed() {
    used = true;
  }

  @Override
  public String toString() {
    return name + "#" + slot;
  }
}
