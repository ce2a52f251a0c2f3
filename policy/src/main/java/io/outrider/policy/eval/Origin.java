package io.outrider.policy.eval;

import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.value.RegoValue;

/// A value and the rule that gave it.
///
/// @param branch 0 for the rule's own body, 1 and on for its `else` branches
/// @param certain false if it exists only for some values of what is unknown
public record Origin(RegoValue value, RuleDef def, int branch, boolean certain) {
  /// One-based line of the branch that answered.
  public int row() {
    return branch == 0 ? def.at().row() : def.branches().get(branch).at().row();
  }
}
