package io.outrider.policy;

import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.compile.RuleSet;
import io.outrider.policy.eval.Explanation;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One test rule.
public final class PolicyTest {
  private final RuleDef def;
  private final String packageName;
  private final String name;
  private final String file;
  private final int row;
  private final int col;

  private PolicyTest(RuleDef def, String packageName, String name, String file, int row, int col) {
    this.def = def;
    this.packageName = packageName;
    this.name = name;
    this.file = file;
    this.row = row;
    this.col = col;
  }

  /// @param earlier how many definitions of the same test stand before this one
  static PolicyTest of(RuleDef def, int earlier) {
    String path = def.owner().name();
    String last = ((RegoString) def.owner().path().getLast()).value();
    return new PolicyTest(
        def,
        path.substring(0, path.length() - last.length() - 1),
        earlier == 0 ? last : "%s#%02d".formatted(last, earlier),
        def.at().file(),
        def.at().row(),
        def.at().col());
  }

  RuleDef def() {
    return def;
  }

  /// Such as `data.outrider_test`.
  public String packageName() {
    return packageName;
  }

  /// Such as `test_admin_is_allowed`; a second definition of it is `test_admin_is_allowed#01`.
  public String name() {
    return name;
  }

  /// `data.outrider_test.test_admin_is_allowed`.
  public String path() {
    return packageName + "." + name;
  }

  /// The document the test defines: its path without the number of a further definition.
  public String rulePath() {
    return def.owner().name();
  }

  public String file() {
    return file;
  }

  public int row() {
    return row;
  }

  public int col() {
    return col;
  }

  /// Whether the test is put off (`todo_test_`).
  public boolean isTodo() {
    return name.startsWith("todo_");
  }

  /// One of several cases in a test such as `test_x[case]`.
  ///
  /// @param name the keys of the case, outermost first
  /// @param reached the expression it reached last, and the values there; null where it has none
  public record Case(List<String> name, boolean passed, Evaluation.@Nullable Attempt reached) {
    public Case {
      name = List.copyOf(name);
    }
  }

  /// What running a test gave.
  ///
  /// @param passed whether the rule is exactly `true`, for each of its cases if it has cases
  /// @param errors what stopped the evaluation
  /// @param attempts every rule body that was tried
  /// @param reached the places in the policies that were reached
  public record Run(
      boolean passed,
      List<Case> cases,
      List<Evaluation.Problem> errors,
      List<Evaluation.Attempt> attempts,
      List<String> printed,
      Set<Span> reached) {
    public Run {
      reached = Set.copyOf(reached);
      cases = List.copyOf(cases);
      errors = List.copyOf(errors);
      attempts = List.copyOf(attempts);
      printed = List.copyOf(printed);
    }

    static Run of(
        PolicyTest test,
        @Nullable RegoValue value,
        List<Evaluation.Problem> errors,
        @Nullable Explanation explanation,
        List<Evaluation.Attempt> attempts,
        List<String> printed,
        Set<Span> reached) {
      List<Case> cases = new ArrayList<>();
      if (explanation != null && test.def.owner().kind() == RuleSet.Kind.OBJECT) {
        cases.addAll(cases(test, value, explanation));
      }
      boolean passed =
          errors.isEmpty()
              && (test.def.owner().kind() == RuleSet.Kind.OBJECT
                  ? !cases.isEmpty() && cases.stream().allMatch(Case::passed)
                  : value == RegoBoolean.TRUE);
      return new Run(passed, cases, errors, attempts, printed, reached);
    }

    private static List<Case> cases(
        PolicyTest test, @Nullable RegoValue value, Explanation explanation) {
      Map<List<RegoValue>, Case> cases = new LinkedHashMap<>();
      for (Explanation.Attempt attempt : explanation.attempts()) {
        if (attempt.def() == test.def) {
          attempt
              .cases()
              .forEach((keys, reach) ->
                  cases.putIfAbsent(keys, oneCase(attempt.def(), keys, reach, value)));
        }
      }
      return List.copyOf(cases.values());
    }

    private static Case oneCase(
        RuleDef def, List<RegoValue> keys, Explanation.Reach reach, @Nullable RegoValue value) {
      RegoValue at = value;
      List<String> names = new ArrayList<>();
      for (RegoValue key : keys) {
        at = at instanceof RegoObject object ? object.get(key) : null;
        names.add(key instanceof RegoString s ? s.value() : RegoJson.marshal(key));
      }
      boolean passed = at == RegoBoolean.TRUE;
      Span place = reach.at();
      Evaluation.Attempt reached =
          place == null
              ? null
              : new Evaluation.Attempt(
                  new RuleRef(def.owner().name(), def.at().file(), def.at().row()),
                  passed,
                  place.row(),
                  place.text(),
                  reach.values());
      return new Case(names, passed, reached);
    }
  }

  @Override
  public String toString() {
    return path() + " (" + file + ":" + row + ")";
  }
}
