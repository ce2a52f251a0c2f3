package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PolicyCommandTest {
  private static final String POLICY =
      """
      package outrider

      default allow := false

      allow if input.tool.name == "echo"

      deny contains {"code": "no_delete", "msg": "deleting is not allowed", "public": true} if {
      	input.tool.name == "delete"
      }
      """;
  private static final String TESTS =
      """
      package outrider_test

      import data.outrider

      test_echo_is_allowed if outrider.allow with input as {"tool": {"name": "echo"}}

      test_others_are_not if not outrider.allow with input as {"tool": {"name": "other"}}

      todo_test_later if false
      """;

  @TempDir private Path folder;

  @BeforeEach
  void policies() throws IOException {
    Files.createDirectories(folder.resolve("policies"));
    Files.writeString(folder.resolve("policies/main.rego"), POLICY);
    Files.writeString(folder.resolve("policies/main_test.rego"), TESTS);
  }

  @Test
  void testsOfTheFolderRunAndPass() {
    Ran ran = Ran.in(folder, "policy", "test");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).contains("PASS: 2/3", "TODO: 1/3");
    assertThat(ran.status()).isZero();
  }

  @Test
  void aTestOfWhichOneCaseFailsFailsAndNamesTheCase() throws IOException {
    Files.writeString(
        folder.resolve("policies/cases_test.rego"),
        """
        package cases_test

        test_small[n] if {
        	some n in [1, 2, 30]
        	n < 10
        }
        """);

    Ran ran = Ran.in(folder, "policy", "test");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.out()).contains("data.cases_test.test_small: FAIL", "case 30");
  }

  @Test
  void aFailingTestIsShownWithItsPlaceAndExitsWithOne() throws IOException {
    Files.writeString(
        folder.resolve("policies/bad_test.rego"), "package bad_test\n\ntest_wrong if 1 == 2\n");

    Ran ran = Ran.in(folder, "policy", "test");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.out())
        .contains("data.bad_test.test_wrong: FAIL", "bad_test.rego:3", "FAIL: 1/4");
  }

  @Test
  void aFilterChoosesTests() {
    assertThat(Ran.in(folder, "policy", "test", "--run", "echo", "-v").out())
        .contains("test_echo_is_allowed: PASS", "PASS: 1/1");
    assertThat(Ran.in(folder, "policy", "test", "--run", "nothing").status()).isEqualTo(2);
    assertThat(Ran.in(folder, "policy", "test", "--run", "(").err())
        .contains("expected: a regular expression");
  }

  @Test
  void testResultsAsJsonHaveOpasShape() {
    JsonNode results =
        JsonMapper.shared().readTree(Ran.in(folder, "policy", "test", "--format", "json").out());

    assertThat(results).hasSize(3);
    assertThat(results.get(0).get("package").asString()).isEqualTo("data.outrider_test");
    assertThat(results.get(0).at("/location/row").asInt()).isEqualTo(5);
    assertThat(results.get(2).get("skip").asBoolean()).isTrue();
  }

  @Test
  void checkShowsTheLineOfAProblem() throws IOException {
    assertThat(Ran.in(folder, "policy", "check").status()).isZero();
    Files.writeString(folder.resolve("policies/broken.rego"), "package x\n\np if {\n");

    Ran ran = Ran.in(folder, "policy", "check");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains("broken.rego:", "rego_parse_error");
  }

  @Test
  void evalShowsTheDecisionAndTheRulesThatMadeIt() {
    Ran allowed =
        Ran.with("{\"tool\": {\"name\": \"echo\"}}", Map.of(), folder, "policy", "eval", "-i", "-");
    assertThat(allowed.out()).startsWith("ALLOW").contains("main.rego:5");
    assertThat(allowed.status()).isZero();

    Ran denied =
        Ran.with(
            "{\"tool\": {\"name\": \"delete\"}}", Map.of(), folder, "policy", "eval", "-i", "-");
    assertThat(denied.out())
        .startsWith("DENY")
        .contains("deleting is not allowed [no_delete]", "main.rego:7");
    assertThat(denied.status()).isEqualTo(1);
  }

  @Test
  void evalAsJsonNamesCauseAndRule() {
    JsonNode decision =
        JsonMapper.shared()
            .readTree(
                Ran.with(
                        "{\"tool\": {\"name\": \"delete\"}}",
                        Map.of(),
                        folder,
                        "policy",
                        "eval",
                        "-i",
                        "-",
                        "-f",
                        "json")
                    .out());

    assertThat(decision.at("/decision").asString()).isEqualTo("deny");
    assertThat(decision.at("/cause").asString()).isEqualTo("deny_rule");
    assertThat(decision.at("/reasons/0/rule/row").asInt()).isEqualTo(7);
  }

  @Test
  void evalOfAQueryGivesItsValue() {
    assertThat(
            Ran.with(
                    "{\"tool\": {\"name\": \"echo\"}}",
                    Map.of(),
                    folder,
                    "policy",
                    "eval",
                    "-i",
                    "-",
                    "data.outrider.allow")
                .out())
        .isEqualTo("true\n");
    assertThat(Ran.in(folder, "policy", "eval", "data.nothing.here").out())
        .isEqualTo("undefined\n");
  }

  @Test
  void explainShowsTheTextOfTheRules() {
    Ran ran =
        Ran.with(
            "{\"tool\": {\"name\": \"delete\"}}", Map.of(), folder, "policy", "explain", "-i", "-");

    assertThat(ran.out()).contains("7 | deny contains", "input.tool.name == \"delete\"");
  }

  @Test
  void withoutPoliciesItSaysWhatToGive(@TempDir Path empty) {
    Ran ran = Ran.in(empty, "policy", "test");

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err()).contains("give a path");
    assertThat(Ran.in(empty, "policy", "test", "absent").err()).contains("absent");
  }
}
