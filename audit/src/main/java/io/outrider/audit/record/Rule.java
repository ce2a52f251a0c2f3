package io.outrider.audit.record;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A policy rule that took part in a decision, and where it is written.
///
/// @param name what the rule defines, such as `data.outrider.deny`
/// @param row line in `file`, counted from 1; 0 when unknown
public record Rule(String name, @Nullable String file, int row) {

  public Rule {
    Objects.requireNonNull(name, "name");
    Checks.notNegative("row", row);
  }
}
