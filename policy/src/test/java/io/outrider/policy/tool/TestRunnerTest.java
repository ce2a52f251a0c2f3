package io.outrider.policy.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.policy.Limits;
import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyException;
import io.outrider.policy.PolicyOptions;
import io.outrider.policy.PolicySource;
import io.outrider.policy.PolicyTools;
import io.outrider.policy.tool.TestReport.Status;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TestRunnerTest {
  private static final String POLICY =
      """
      package p

      allow if input.x == 1
      """;

  private static final String TESTS =
      """
      package p_test

      import data.p

      test_ok if p.allow with input as {"x": 1}

      test_fail if {
        y := 2
        p.allow with input as {"x": y}
      }

      test_error if 1 / 0 == 1

      todo_test_later if false

      test_false := false

      test_print if {
        print("hello", 1)
      }

      test_each[name] if {
        some name, c in {"one": {"x": 1}, "two": {"x": 2}}
        p.allow with input as c
      }
      """;

  private static TestReport run(@Nullable String filter) {
    try {
      PolicyTools tools =
          PolicyTools.compile(
              LoadedPolicies.of(
                  new PolicySource("p.rego", POLICY), new PolicySource("p_test.rego", TESTS)),
              PolicyOptions.DEFAULT.withLimits(new Limits(1_000_000, 500, Duration.ofSeconds(30))));
      long[] now = {0};
      return new TestRunner(filter, () -> now[0] += 1_500).run(tools);
    } catch (PolicyException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  private static Status status(TestReport report, String name) {
    return report.results().stream()
        .filter(r -> r.test().name().equals(name))
        .findFirst()
        .orElseThrow()
        .status();
  }

  @Test
  void everyKindOfEndHasItsStatus() {
    TestReport report = run(null);
    assertThat(status(report, "test_ok")).isEqualTo(Status.PASS);
    assertThat(status(report, "test_fail")).isEqualTo(Status.FAIL);
    assertThat(status(report, "test_error")).isEqualTo(Status.ERROR);
    assertThat(status(report, "todo_test_later")).isEqualTo(Status.SKIPPED);
    assertThat(status(report, "test_false")).isEqualTo(Status.FAIL);
    assertThat(status(report, "test_print")).isEqualTo(Status.PASS);
    assertThat(status(report, "test_each")).isEqualTo(Status.FAIL);
    assertThat(report.passed(true)).isFalse();
    assertThat(report.total()).isEqualTo(8);
    assertThat(report.count(Status.PASS)).isEqualTo(3);
  }

  @Test
  void filterChoosesByPath() {
    TestReport report = run("test_ok|print");
    assertThat(report.results())
        .extracting(r -> r.test().name())
        .containsExactly("test_ok", "test_print");
    assertThat(report.passed(false)).isTrue();
    assertThat(run("p_test.*later").passed(true)).isTrue();
    assertThat(run("p_test.*later").passed(false)).isFalse();
  }

  @Test
  void filterThatIsNoRegularExpressionIsRefused() {
    assertThatThrownBy(() -> run("("))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("test filter: (")
        .hasMessageContaining("expected: a regular expression");
  }

  @Test
  void failureShowsTheExpressionItsValuesAndTheRulesBehindIt() {
    assertThat(TestWriter.pretty(run("test_fail"), false))
        .isEqualTo(
            """
            p_test.rego:7:
            data.p_test.test_fail: FAIL (1.5µs)
            --------------------------------------------------------------------------------
            FAILURES
            --------------------------------------------------------------------------------
            data.p_test.test_fail: FAIL (1.5µs)

              p_test.rego:9:
                p.allow with input as {"x": y}

                Where:
                y: 2

              These rules did not hold:
              data.p.allow
                p.rego:3:
                  input.x == 1

                  Where:
                  input.x: 2

            --------------------------------------------------------------------------------
            FAIL: 1/1
            """);
  }

  @Test
  void errorsNameTheirPlace() {
    assertThat(TestWriter.pretty(run("test_error"), false))
        .contains("data.p_test.test_error: ERROR (1.5µs)")
        .contains("  p_test.rego:12: eval_builtin_error: div: divide by zero")
        .endsWith("ERROR: 1/1\n");
  }

  @Test
  void casesAreShownOneByOne() {
    assertThat(TestWriter.pretty(run("test_each"), true))
        .contains("  one: PASS\n  two: FAIL\n")
        .endsWith("PASS: 1/2\nFAIL: 1/2\n");
  }

  @Test
  void jsonHasTheShapeOfOpa() {
    RegoArray results =
        (RegoArray) RegoJson.read(TestWriter.json(run("ok|fail|each|print|later"), false));
    RegoValue ok = results.get(0);
    assertThat(ok)
        .isEqualTo(
            RegoJson.read(
                """
                {
                  "location": {"file": "p_test.rego", "row": 5, "col": 1},
                  "package": "data.p_test",
                  "name": "test_ok",
                  "duration": 1500
                }
                """));
    assertThat(((RegoObject) results.get(1)).get("fail")).isEqualTo(RegoBoolean.TRUE);
    assertThat(((RegoObject) results.get(2)).get("skip")).isEqualTo(RegoBoolean.TRUE);
    assertThat(((RegoObject) results.get(3)).get("output"))
        .isEqualTo(RegoString.of("aGVsbG8gMQo="));
    assertThat(((RegoObject) results.get(4)).get("sub_results"))
        .isEqualTo(
            RegoJson.read(
                "{\"one\": {\"name\": \"one\"}, \"two\": {\"name\": \"two\", \"fail\": true}}"));
  }
}
