package io.outrider.policy.tool;

import io.outrider.policy.PolicyTest;
import io.outrider.policy.tool.TestReport.Result;
import io.outrider.policy.tool.TestReport.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Test results as the XML of JUnit, which build servers read. A suite is a package; the cases of a
/// test such as `test_x[case]` are test cases of their own.
public final class JunitWriter {
  private JunitWriter() {}

  public static String write(TestReport report) {
    Map<String, List<Result>> suites = new LinkedHashMap<>();
    for (Result result : report.results()) {
      suites.computeIfAbsent(result.test().packageName(), k -> new ArrayList<>()).add(result);
    }
    StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.append("<testsuites").append(counts(report.results())).append(">\n");
    suites.forEach((name, results) -> suite(out, name, results));
    return out.append("</testsuites>\n").toString();
  }

  private static String counts(List<Result> results) {
    TestReport part = new TestReport(results);
    Duration time = results.stream().map(Result::duration).reduce(Duration.ZERO, Duration::plus);
    return attribute("tests", part.total())
        + attribute("failures", part.count(Status.FAIL))
        + attribute("errors", part.count(Status.ERROR))
        + attribute("skipped", part.count(Status.SKIPPED))
        + attribute("time", seconds(time));
  }

  private static void suite(StringBuilder out, String name, List<Result> results) {
    out.append("  <testsuite").append(attribute("name", name)).append(counts(results));
    out.append(">\n");
    for (Result result : results) {
      List<PolicyTest.Case> cases = TestReport.cases(result);
      if (cases.isEmpty()) {
        testCase(out, result, null, result.status(), result.duration());
      }
      for (int i = 0; i < cases.size(); i++) {
        PolicyTest.Case one = cases.get(i);
        testCase(
            out,
            result,
            one,
            one.passed() ? Status.PASS : Status.FAIL,
            // The cases run together; the first one stands for the time of all.
            i == 0 ? result.duration() : Duration.ZERO);
      }
    }
    out.append("  </testsuite>\n");
  }

  private static void testCase(
      StringBuilder out,
      Result result,
      PolicyTest.@Nullable Case one,
      Status status,
      Duration time) {
    PolicyTest test = result.test();
    String name = one == null ? test.name() : test.name() + one.name();
    out.append("    <testcase")
        .append(attribute("classname", test.packageName()))
        .append(attribute("name", name))
        .append(attribute("file", test.file()))
        .append(attribute("line", test.row()))
        .append(attribute("time", seconds(time)));
    PolicyTest.Run run = result.run();
    String printed = run == null ? "" : String.join("\n", run.printed());
    if (status == Status.PASS && printed.isEmpty()) {
      out.append("/>\n");
      return;
    }
    out.append(">\n");
    switch (status) {
      case PASS -> {}
      case FAIL -> {
        String text = run == null ? "" : TestWriter.failure(test, run, one);
        element(out, "failure", attribute("message", "the test does not hold"), text);
      }
      case ERROR -> {
        String text = run == null ? "" : run.errors().getFirst().toString();
        element(out, "error", attribute("message", text), text);
      }
      case SKIPPED -> out.append("      <skipped/>\n");
    }
    if (!printed.isEmpty()) {
      element(out, "system-out", "", printed);
    }
    out.append("    </testcase>\n");
  }

  private static void element(StringBuilder out, String name, String attributes, String text) {
    out.append("      <").append(name).append(attributes).append('>');
    out.append(escape(text)).append("</").append(name).append(">\n");
  }

  private static String attribute(String name, Object value) {
    return " " + name + "=\"" + escape(value.toString()) + "\"";
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.6f", time.toNanos() / 1e9);
  }

  /// XML has no way to write most control characters; a question mark stands for them.
  private static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '"' -> out.append("&quot;");
            case '\n' -> out.append('\n');
            case '\t' -> out.append('\t');
            default -> out.appendCodePoint(isXml(c) ? c : '?');
          }
        });
    return out.toString();
  }

  private static boolean isXml(int c) {
    return c >= 0x20 && (c < 0xD800 || c > 0xDFFF) && c != 0xFFFE && c != 0xFFFF;
  }
}
