package io.outrider.policy.tool;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.outrider.policy.PolicyTest;
import io.outrider.policy.PolicyTools;
import io.outrider.policy.tool.TestReport.Result;
import io.outrider.policy.tool.TestReport.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Runs the tests of a set of policies.
///
/// Built-in errors are strict, as in decisions: a test that runs into one ends in ERROR and names
/// the place, where `opa test` would go on with an undefined value.
public final class TestRunner {
  private final @Nullable Pattern filter;
  private final LongSupplier nanoClock;

  /// @param filter as in `opa test -r`: only tests whose path matches anywhere; null for all.
  ///   Throws [IllegalArgumentException] if it is no regular expression.
  /// @param nanoClock measures durations, such as `System::nanoTime`
  public TestRunner(@Nullable String filter, LongSupplier nanoClock) {
    try {
      this.filter = filter == null ? null : Pattern.compile(filter);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "test filter: " + filter + ": " + e.getMessage() + " (expected: a regular expression)",
          e);
    }
    this.nanoClock = nanoClock;
  }

  public TestReport run(PolicyTools policies) {
    List<PolicyTest> tests = new ArrayList<>(policies.tests());
    tests.removeIf(test -> filter != null && !filter.matcher(test.path()).find());
    tests.sort(Comparator.comparing(PolicyTest::file).thenComparingInt(PolicyTest::row));
    List<Result> results = new ArrayList<>();
    for (PolicyTest test : tests) {
      results.add(test.isTodo() ? skipped(test) : run(policies, test));
    }
    return new TestReport(results);
  }

  private static Result skipped(PolicyTest test) {
    return new Result(test, Status.SKIPPED, Duration.ZERO, null);
  }

  private Result run(PolicyTools policies, PolicyTest test) {
    long start = nanoClock.getAsLong();
    PolicyTest.Run run = policies.run(test);
    Duration duration = Duration.ofNanos(nanoClock.getAsLong() - start);
    Status status =
        !run.errors().isEmpty() ? Status.ERROR : run.passed() ? Status.PASS : Status.FAIL;
    return new Result(test, status, duration, run);
  }
}
