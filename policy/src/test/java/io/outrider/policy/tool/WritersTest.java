package io.outrider.policy.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.policy.Evaluation;
import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyException;
import io.outrider.policy.PolicyOptions;
import io.outrider.policy.PolicySource;
import io.outrider.policy.PolicyTools;
import io.outrider.policy.value.RegoJson;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WritersTest {
  private static PolicyTools tools(String module) {
    try {
      return PolicyTools.compile(
          LoadedPolicies.of(new PolicySource("p.rego", module)), PolicyOptions.DEFAULT);
    } catch (PolicyException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  @Test
  void rulesThatHeldComeFirstThenWhereTheOthersStopped() {
    PolicyTools tools =
        tools(
            """
            package outrider

            allow if {
              input.user == "ann"
              input.hour < 20
            }

            deny contains {"code": "big", "msg": "too big"} if input.size > 10
            """);
    String text =
        EvalWriter.explanation(
            tools.explain(RegoJson.read("{\"size\": 11, \"user\": \"bob\"}")).attempts());
    assertThat(text)
        .isEqualTo(
            """
            held:
              p.rego:8  data.outrider.deny
            did not hold:
              p.rego:3  data.outrider.allow
                p.rego:4:
                  input.user == "ann"

                  Where:
                  input.user: "bob"
            """);
  }

  @Test
  void valuesAreThoseOfOpaEval() {
    PolicyTools tools = tools("package p\nx := 1\ns contains y if some y in [2, 1]");
    assertThat(RegoJson.read(EvalWriter.json(tools.eval("data.p", null), false, Map.of())))
        .isEqualTo(
            RegoJson.read(
                """
                {"result": [{"expressions": [{
                  "text": "data.p",
                  "value": {"s": [1, 2], "x": 1},
                  "location": {"row": 1, "col": 1}
                }]}]}
                """));
    assertThat(EvalWriter.pretty(tools.eval("x := data.p.s[_]; data.p.x + 1", null)))
        .isEqualTo(
            """
            ┌──────────────┬───┐
            │ data.p.x + 1 │ x │
            ├──────────────┼───┤
            │ 2            │ 1 │
            │ 2            │ 2 │
            └──────────────┴───┘
            """);
    assertThat(EvalWriter.pretty(tools.eval("1 == 2", null))).isEqualTo("false\n");
    assertThat(EvalWriter.pretty(tools.eval("data.p.none", null))).isEqualTo("undefined\n");
    assertThat(EvalWriter.errors(tools.eval("1 / 0", null)))
        .isEqualTo("1 error occurred: 1:1: eval_builtin_error: div: divide by zero\n");
    Evaluation broken = tools.eval("1 +", null);
    assertThat(broken.errors())
        .extracting(Evaluation.Problem::code)
        .containsExactly("rego_parse_error");
  }

  @Test
  void problemsAreShownAllAtOnceWithACaret() {
    LoadedPolicies policies =
        LoadedPolicies.of(
            new PolicySource(
                "a.rego", "package a\n\np if {\n\tuper(\"x\") == 1\n}\n\nq if cuont([])\n"));
    String text = CheckWriter.pretty(PolicyTools.check(policies, PolicyOptions.DEFAULT));
    assertThat(text)
        .isEqualTo(
            """
            2 errors occurred:
            a.rego:4:2: rego_type_error: undefined function uper
            \t\tuper("x") == 1
            \t\t^
            \thint: did you mean upper?
            a.rego:7:6: rego_type_error: undefined function cuont
            \tq if cuont([])
            \t     ^
            \thint: did you mean count?
            """);
    assertThat(CheckWriter.json(PolicyTools.check(LoadedPolicies.of(), PolicyOptions.DEFAULT)))
        .isEqualTo("{}\n");
  }
}
