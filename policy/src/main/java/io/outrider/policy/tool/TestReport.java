package io.outrider.policy.tool;

import io.outrider.policy.PolicyTest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The results of a test run, in the order of files and lines.
public record TestReport(List<Result> results) {
  public TestReport {
    results = List.copyOf(results);
  }

  /// How a test ended.
  public enum Status {
    PASS,
    /// The rule is undefined, or anything but `true`.
    FAIL,
    /// A built-in failed, rules contradicted each other or a limit was passed.
    ERROR,
    /// Put off by its name (`todo_test_`).
    SKIPPED
  }

  /// @param run null for a test that was skipped
  public record Result(
      PolicyTest test, Status status, Duration duration, PolicyTest.@Nullable Run run) {
    public Result {
      Objects.requireNonNull(test, "test");
      Objects.requireNonNull(status, "status");
      Objects.requireNonNull(duration, "duration");
    }
  }

  /// How many tests ended so. The cases of a test such as `test_x[case]` are counted one by one.
  public int count(Status status) {
    int count = 0;
    for (Result result : results) {
      List<PolicyTest.Case> cases = cases(result);
      if (cases.isEmpty()) {
        count += result.status == status ? 1 : 0;
      } else {
        for (PolicyTest.Case one : cases) {
          count += (one.passed() ? Status.PASS : Status.FAIL) == status ? 1 : 0;
        }
      }
    }
    return count;
  }

  /// The cases that count one by one; none where the test failed as a whole.
  static List<PolicyTest.Case> cases(Result result) {
    PolicyTest.Run run = result.run;
    return run == null || result.status == Status.ERROR ? List.of() : run.cases();
  }

  public int total() {
    int total = 0;
    for (Status status : Status.values()) {
      total += count(status);
    }
    return total;
  }

  /// Whether nothing failed; tests that were skipped count as failed unless `skippedIsFine`, as in
  /// `opa test -z`.
  public boolean passed(boolean skippedIsFine) {
    return results.stream()
        .noneMatch(r ->
            r.status == Status.FAIL
                || r.status == Status.ERROR
                || (r.status == Status.SKIPPED && !skippedIsFine));
  }
}
