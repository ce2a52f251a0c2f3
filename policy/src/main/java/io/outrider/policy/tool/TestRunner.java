package io.outrider.policy.tool;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.outrider.policy.PolicyTest;
import io.outrider.policy.PolicyTools;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.tool.TestReport.Result;
import io.outrider.policy.tool.TestReport.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Runs the tests of a set of policies.
///
/// Built-in errors are strict unless told otherwise, as in decisions: a test that runs into one
/// ends in ERROR and names the place, where `opa test` would go on with an undefined value.
public final class TestRunner {
  private final @Nullable Pattern filter;
  private final LongSupplier nanoClock;
  private final boolean strict;
  private final int threads;

  /// One test after the other.
  ///
  /// @param filter as in `opa test -r`: only tests whose path matches anywhere; null for all.
  ///   Throws [IllegalArgumentException] if it is no regular expression.
  /// @param nanoClock measures durations, such as `System::nanoTime`
  public TestRunner(@Nullable String filter, LongSupplier nanoClock) {
    this(filter, nanoClock, true, 1);
  }

  /// @param strict whether a built-in that fails stops a test
  /// @param threads how many tests run at once
  public TestRunner(@Nullable String filter, LongSupplier nanoClock, boolean strict, int threads) {
    try {
      this.filter = filter == null ? null : Pattern.compile(filter);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "test filter: " + filter + ": " + e.getMessage() + " (expected: a regular expression)",
          e);
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: > 0)");
    }
    this.nanoClock = nanoClock;
    this.strict = strict;
    this.threads = threads;
  }

  public TestReport run(PolicyTools policies) {
    List<PolicyTest> tests = new ArrayList<>(policies.tests());
    tests.removeIf(test -> filter != null && !filter.matcher(test.path()).find());
    tests.sort(Comparator.comparing(PolicyTest::file).thenComparingInt(PolicyTest::row));
    return new TestReport(results(policies, tests));
  }

  private List<Result> results(PolicyTools policies, List<PolicyTest> tests) {
    if (threads == 1 || tests.size() < 2) {
      return tests.stream().map(test -> result(policies, test)).toList();
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, tests.size()))) {
      List<Future<Result>> running =
          tests.stream().map(test -> pool.submit(() -> result(policies, test))).toList();
      List<Result> results = new ArrayList<>();
      for (Future<Result> one : running) {
        results.add(one.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while tests ran", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a test could not be run", e.getCause());
    }
  }

  /// All that the tests of a report reached.
  public static CoverageReport coverage(PolicyTools policies, TestReport report) {
    Set<Span> reached = new HashSet<>();
    for (Result result : report.results()) {
      PolicyTest.Run run = result.run();
      if (run != null) {
        reached.addAll(run.reached());
      }
    }
    return CoverageReport.of(policies.modules(), reached);
  }

  private Result result(PolicyTools policies, PolicyTest test) {
    return test.isTodo() ? skipped(test) : run(policies, test);
  }

  private static Result skipped(PolicyTest test) {
    return new Result(test, Status.SKIPPED, Duration.ZERO, null);
  }

  private Result run(PolicyTools policies, PolicyTest test) {
    long start = nanoClock.getAsLong();
    PolicyTest.Run run = policies.run(test, strict);
    Duration duration = Duration.ofNanos(nanoClock.getAsLong() - start);
    Status status =
        !run.errors().isEmpty() ? Status.ERROR : run.passed() ? Status.PASS : Status.FAIL;
    return new Result(test, status, duration, run);
  }
}
