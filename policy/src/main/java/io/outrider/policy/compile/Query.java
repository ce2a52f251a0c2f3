package io.outrider.policy.compile;

import io.outrider.policy.syntax.Body;
import java.util.List;

/// A compiled query.
///
/// @param body as written
/// @param ir resolved and ordered
/// @param vars the variables whose values are its result
public record Query(Body body, IrBody ir, List<LocalVar> vars, int frameSize) {
  public Query {
    vars = List.copyOf(vars);
  }
}
