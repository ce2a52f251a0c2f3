package io.outrider.policy.fmt;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An operator.
///
/// @param sign what is written between the operands
/// @param binds how tightly; more is tighter
record Operator(String sign, int binds) {
  private static final int MEMBER = 1;
  private static final int COMPARISON = 2;

  private static final Map<String, Operator> ALL =
      Map.ofEntries(
          Map.entry("assign", new Operator(":=", 0)),
          Map.entry("eq", new Operator("=", 0)),
          Map.entry("internal.member_2", new Operator("in", MEMBER)),
          Map.entry("internal.member_3", new Operator("in", MEMBER)),
          Map.entry("equal", new Operator("==", COMPARISON)),
          Map.entry("neq", new Operator("!=", COMPARISON)),
          Map.entry("lt", new Operator("<", COMPARISON)),
          Map.entry("lte", new Operator("<=", COMPARISON)),
          Map.entry("gt", new Operator(">", COMPARISON)),
          Map.entry("gte", new Operator(">=", COMPARISON)),
          Map.entry("or", new Operator("|", 3)),
          Map.entry("and", new Operator("&", 4)),
          Map.entry("plus", new Operator("+", 5)),
          Map.entry("minus", new Operator("-", 5)),
          Map.entry("mul", new Operator("*", 6)),
          Map.entry("div", new Operator("/", 6)),
          Map.entry("rem", new Operator("%", 6)));

  /// The operator that stands for a built-in, or null.
  static @Nullable Operator named(String builtin) {
    return ALL.get(builtin);
  }

  boolean isMember() {
    return binds == MEMBER;
  }

  /// Whether an operand with the operator `inner` must stand in parentheses so that it stays one.
  boolean captures(Operator inner, boolean left) {
    return inner.binds < binds || (inner.binds == binds && !left);
  }
}
