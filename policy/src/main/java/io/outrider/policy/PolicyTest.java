package io.outrider.policy;

import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.compile.RuleSet;
import io.outrider.policy.eval.Explanation;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One test rule.
public final class PolicyTest {
  private final RuleSet rules;
  private final String packageName;
  private final String name;
  private final String file;
  private final int row;
  private final int col;

  private PolicyTest(
      RuleSet rules, String packageName, String name, String file, int row, int col) {
    this.rules = rules;
    this.packageName = packageName;
    this.name = name;
    this.file = file;
    this.row = row;
    this.col = col;
  }

  static PolicyTest of(RuleDef def) {
    String path = def.owner().name();
    String last = ((RegoString) def.owner().path().getLast()).value();
    return new PolicyTest(
        def.owner(),
        path.substring(0, path.length() - last.length() - 1),
        last,
        def.at().file(),
        def.at().row(),
        def.at().col());
  }

  RuleSet rules() {
    return rules;
  }

  /// Such as `data.outrider_test`.
  public String packageName() {
    return packageName;
  }

  /// Such as `test_admin_is_allowed`.
  public String name() {
    return name;
  }

  /// `data.outrider_test.test_admin_is_allowed`.
  public String path() {
    return packageName + "." + name;
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
  public record Case(List<String> name, boolean passed) {
    public Case {
      name = List.copyOf(name);
    }
  }

  /// What running a test gave.
  ///
  /// @param passed whether the rule is exactly `true`, for each of its cases if it has cases
  /// @param errors what stopped the evaluation
  /// @param attempts every rule body that was tried
  public record Run(
      boolean passed,
      List<Case> cases,
      List<Evaluation.Problem> errors,
      List<Evaluation.Attempt> attempts,
      List<String> printed) {
    public Run {
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
        List<String> printed) {
      List<Case> cases = new ArrayList<>();
      if (explanation != null && test.rules.kind() == RuleSet.Kind.OBJECT) {
        cases(test, value, explanation)
            .forEach((keys, passed) -> cases.add(new Case(keys, passed)));
      }
      boolean passed =
          errors.isEmpty()
              && (test.rules.kind() == RuleSet.Kind.OBJECT
                  ? !cases.isEmpty() && cases.stream().allMatch(Case::passed)
                  : value == RegoBoolean.TRUE);
      return new Run(passed, cases, errors, attempts, printed);
    }

    private static Map<List<String>, Boolean> cases(
        PolicyTest test, @Nullable RegoValue value, Explanation explanation) {
      Set<List<RegoValue>> considered = new LinkedHashSet<>();
      for (Explanation.Attempt attempt : explanation.attempts()) {
        if (attempt.def().owner() == test.rules) {
          considered.addAll(attempt.cases());
        }
      }
      Map<List<String>, Boolean> cases = new LinkedHashMap<>();
      for (List<RegoValue> keys : considered) {
        RegoValue at = value;
        List<String> names = new ArrayList<>();
        for (RegoValue key : keys) {
          at = at instanceof RegoObject object ? object.get(key) : null;
          names.add(key instanceof RegoString s ? s.value() : key.toString());
        }
        cases.put(names, at == RegoBoolean.TRUE);
      }
      return cases;
    }
  }

  @Override
  public String toString() {
    return path() + " (" + file + ":" + row + ")";
  }
}
