package io.outrider.policy.tool;

import io.outrider.policy.Evaluation.Attempt;
import io.outrider.policy.PolicyTest;
import io.outrider.policy.tool.TestReport.Result;
import io.outrider.policy.tool.TestReport.Status;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Test results as `opa test` prints them.
public final class TestWriter {
  private static final String RULE = "-".repeat(80) + "\n";

  /// Rules that a failing test asked for and that did not hold; more of them bury the reason.
  private static final int MAX_CALLED = 5;

  private TestWriter() {}

  /// As `--format pretty`. Without `verbose` only what did not pass; failures always say at which
  /// expression.
  public static String pretty(TestReport report, boolean verbose) {
    StringBuilder out = new StringBuilder();
    for (Result result : report.results()) {
      if (result.status() == Status.PASS && !verbose) {
        continue;
      }
      out.append(result.test().file()).append(':').append(result.test().row()).append(":\n");
      summary(out, result);
      PolicyTest.Run run = result.run();
      if (run != null) {
        run.errors().forEach(e -> out.append("  ").append(e).append('\n'));
        tree(out, TestReport.cases(result), 0, "  ", verbose);
        Text.printed(out, "  ", run.printed());
      }
    }
    failures(out, report);
    if (!out.isEmpty()) {
      out.append(RULE);
    }
    for (Status status : List.of(Status.PASS, Status.FAIL, Status.SKIPPED, Status.ERROR)) {
      int count = report.count(status);
      if (count > 0) {
        out.append(status)
            .append(": ")
            .append(count)
            .append('/')
            .append(report.total())
            .append('\n');
      }
    }
    return out.toString();
  }

  /// Cases below the keys they share.
  private static void tree(
      StringBuilder out, List<PolicyTest.Case> cases, int depth, String indent, boolean verbose) {
    Map<String, List<PolicyTest.Case>> byKey = new LinkedHashMap<>();
    for (PolicyTest.Case one : cases) {
      if (one.name().size() > depth) {
        byKey.computeIfAbsent(one.name().get(depth), k -> new ArrayList<>()).add(one);
      }
    }
    byKey.forEach((key, below) -> {
      boolean passed = below.stream().allMatch(PolicyTest.Case::passed);
      if (verbose || !passed) {
        out.append(indent).append(key).append(passed ? ": PASS\n" : ": FAIL\n");
        tree(out, below, depth + 1, indent + "  ", verbose);
      }
    });
  }

  /// Where a test, or one case of it, failed, and with which values.
  static String failure(PolicyTest test, PolicyTest.Run run, PolicyTest.@Nullable Case one) {
    StringBuilder out = new StringBuilder();
    Attempt reached = one == null ? null : one.reached();
    if (reached == null) {
      explain(out, test, run);
    } else {
      Text.failure(out, "", reached);
    }
    return out.toString();
  }

  private static void summary(StringBuilder out, Result result) {
    out.append(result.test().path()).append(": ").append(result.status());
    if (result.status() != Status.SKIPPED) {
      out.append(" (").append(Text.duration(result.duration())).append(')');
    }
    out.append('\n');
  }

  private static void failures(StringBuilder out, TestReport report) {
    boolean any = false;
    for (Result result : report.results()) {
      PolicyTest.Run run = result.run();
      if (result.status() != Status.FAIL || run == null) {
        continue;
      }
      if (!any) {
        out.append(RULE).append("FAILURES\n").append(RULE);
        any = true;
      }
      summary(out, result);
      out.append('\n');
      explain(out, result.test(), run);
      out.append('\n');
    }
  }

  private static void explain(StringBuilder out, PolicyTest test, PolicyTest.Run run) {
    boolean shown = false;
    for (PolicyTest.Case one : run.cases()) {
      Attempt reached = one.reached();
      if (!one.passed() && reached != null) {
        out.append(shown ? "\n" : "").append("  ").append(String.join(": ", one.name()));
        out.append('\n');
        Text.failure(out, "    ", reached);
        shown = true;
      }
    }
    if (!shown) {
      whole(out, test, run);
    }
    called(out, test, run);
  }

  private static void whole(StringBuilder out, PolicyTest test, PolicyTest.Run run) {
    Attempt own = failed(test, run);
    if (own == null) {
      out.append("  ").append(test.file()).append(':').append(test.row());
      out.append(": the rule held with a value other than true\n");
      return;
    }
    Text.failure(out, "  ", own);
  }

  private static void called(StringBuilder out, PolicyTest test, PolicyTest.Run run) {
    if (run.attempts().stream().noneMatch(a -> a.rule().path().equals(test.rulePath()))) {
      return;
    }
    List<Attempt> called =
        run.attempts().stream()
            .filter(a -> !a.held() && !a.rule().path().equals(test.rulePath()))
            .toList();
    if (called.isEmpty()) {
      return;
    }
    out.append("\n  These rules did not hold:\n");
    for (Attempt attempt : called.subList(0, Math.min(MAX_CALLED, called.size()))) {
      out.append("  ").append(attempt.rule().path()).append('\n');
      Text.failure(out, "    ", attempt);
    }
    if (called.size() > MAX_CALLED) {
      out.append("  and ").append(called.size() - MAX_CALLED).append(" more\n");
    }
  }

  private static @Nullable Attempt failed(PolicyTest test, PolicyTest.Run run) {
    Attempt last = null;
    for (Attempt attempt : run.attempts()) {
      boolean own = attempt.rule().path().equals(test.rulePath());
      if (own && (!attempt.held() || !run.cases().isEmpty())) {
        last = attempt;
      }
    }
    return last;
  }

  /// As `--format json`; with `verbose`, a failed test has the expression it failed at under
  /// `failed_at`.
  public static String json(TestReport report, boolean verbose) {
    List<RegoValue> results = new ArrayList<>();
    report.results().forEach(result -> results.add(json(result, verbose)));
    return RegoJson.marshalIndented(RegoArray.of(results), "", "  ") + "\n";
  }

  private static RegoObject json(Result result, boolean verbose) {
    PolicyTest test = result.test();
    RegoObject.Builder out =
        RegoObject.builder(8)
            .put("location", location(test.file(), test.row(), test.col()))
            .put("package", test.packageName())
            .put("name", test.name())
            .put("duration", result.duration().toNanos());
    switch (result.status()) {
      case FAIL -> out.put("fail", true);
      case SKIPPED -> out.put("skip", true);
      case PASS, ERROR -> {}
    }
    PolicyTest.Run run = result.run();
    if (run == null) {
      return out.build();
    }
    if (!run.errors().isEmpty()) {
      out.put("error", JsonReports.error(run.errors().getFirst()));
    }
    if (!run.printed().isEmpty()) {
      String text = String.join("\n", run.printed()) + "\n";
      out.put("output", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }
    if (!TestReport.cases(result).isEmpty()) {
      out.put("sub_results", cases(run.cases(), 0));
    }
    Attempt failed = verbose && result.status() == Status.FAIL ? failed(test, run) : null;
    if (failed != null) {
      out.put("failed_at", JsonReports.attempt(failed));
    }
    return out.build();
  }

  static RegoObject location(String file, int row, int col) {
    return RegoObject.builder(3).put("file", file).put("row", row).put("col", col).build();
  }

  /// Cases by their first key; those with more keys nest.
  private static RegoObject cases(List<PolicyTest.Case> cases, int depth) {
    RegoObject.Builder out = RegoObject.builder(cases.size());
    for (PolicyTest.Case first : cases) {
      String name = first.name().get(depth);
      List<PolicyTest.Case> same =
          cases.stream()
              .filter(c -> c.name().size() > depth && c.name().get(depth).equals(name))
              .toList();
      RegoObject.Builder entry = RegoObject.builder(3);
      if (!name.isEmpty()) {
        entry.put("name", name);
      }
      if (!same.stream().allMatch(PolicyTest.Case::passed)) {
        entry.put("fail", true);
      }
      List<PolicyTest.Case> below = same.stream().filter(c -> c.name().size() > depth + 1).toList();
      if (!below.isEmpty()) {
        entry.put("sub_results", cases(below, depth + 1));
      }
      out.put(name, entry.build());
    }
    return out.build();
  }
}
