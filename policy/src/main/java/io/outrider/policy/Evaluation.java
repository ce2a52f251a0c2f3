package io.outrider.policy;

import io.outrider.policy.syntax.Span;
import io.outrider.policy.value.RegoValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a query gave, for people and tools. A query without solutions is undefined.
///
/// @param asked the expressions of the query, in the order of [Solution#expressions]
/// @param solutions one for each way to satisfy the query
/// @param errors what stopped the evaluation; empty when it ran to its end
/// @param rules the rules that succeeded on the way, each once, in order
/// @param attempts every rule body that was tried, in the order in which the tries ended
/// @param printed what `print` calls wrote
/// @param reached the places in the policies that were reached
/// @param steps how much of [Limits#steps] was used
public record Evaluation(
    List<Asked> asked,
    List<Solution> solutions,
    List<Problem> errors,
    List<RuleRef> rules,
    List<Attempt> attempts,
    List<String> printed,
    Set<Span> reached,
    long steps) {

  /// One expression of a query and where it stands in it.
  public record Asked(String text, int row, int col) {}

  /// One try of a rule body.
  ///
  /// @param held whether it had a solution
  /// @param row the line of the expression that was reached last: for a body that failed, the one
  ///   it failed at
  /// @param expression the text of that expression; empty when not even the arguments matched
  /// @param values the variables bound there
  public record Attempt(
      RuleRef rule, boolean held, int row, String expression, Map<String, RegoValue> values) {
    public Attempt {
      Objects.requireNonNull(rule, "rule");
      Objects.requireNonNull(expression, "expression");
      // Not Map.copyOf: the order in which the variables were bound helps the reader.
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
  }

  /// The values of the query's variables and of its expressions.
  public record Solution(Map<String, RegoValue> bindings, List<RegoValue> expressions) {
    public Solution {
      expressions = List.copyOf(expressions);
    }
  }

  /// An error during evaluation, with the code OPA gives it (`eval_conflict_error`, ...).
  public record Problem(String code, String message, String file, int row, int col) {
    public Problem {
      Objects.requireNonNull(code, "code");
      Objects.requireNonNull(message, "message");
      Objects.requireNonNull(file, "file");
    }

    @Override
    public String toString() {
      String place = file.isEmpty() ? row + ":" + col : file + ":" + row;
      return (row == 0 ? "" : place + ": ") + code + ": " + message;
    }
  }

  public Evaluation {
    asked = List.copyOf(asked);
    reached = Set.copyOf(reached);
    solutions = List.copyOf(solutions);
    errors = List.copyOf(errors);
    rules = List.copyOf(rules);
    attempts = List.copyOf(attempts);
    printed = List.copyOf(printed);
  }

  /// Whether the query has no solution (and did not fail).
  public boolean isUndefined() {
    return solutions.isEmpty() && errors.isEmpty();
  }

  /// The value of the first expression of the first solution, or null.
  public @Nullable RegoValue value() {
    return solutions.isEmpty() || solutions.getFirst().expressions().isEmpty()
        ? null
        : solutions.getFirst().expressions().getFirst();
  }
}
