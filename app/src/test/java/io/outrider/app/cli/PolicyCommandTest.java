package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

      allow if input.mcp.name == "echo"

      deny contains {"code": "no_delete", "msg": "deleting is not allowed", "public": true} if {
      	input.mcp.name == "delete"
      }
      """;
  private static final String TESTS =
      """
      package outrider_test

      import data.outrider

      test_echo_is_allowed if outrider.allow with input as {"mcp": {"name": "echo"}}

      test_others_are_not if not outrider.allow with input as {"mcp": {"name": "other"}}

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
    assertThat(ran.out()).contains("PASS: 2/3", "SKIPPED: 1/3");
    // As with opa, a test that was put off counts unless -z says otherwise.
    assertThat(ran.status()).isEqualTo(2);
    assertThat(Ran.in(folder, "policy", "test", "-z").status()).isZero();
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

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.out()).contains("data.cases_test.test_small: FAIL", "  30: FAIL", "n: 30");
  }

  @Test
  void aFailingTestIsShownWithItsPlaceAndExitsWithTwo() throws IOException {
    Files.writeString(
        folder.resolve("policies/bad_test.rego"), "package bad_test\n\ntest_wrong if 1 == 2\n");

    Ran ran = Ran.in(folder, "policy", "test");

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.out())
        .contains("data.bad_test.test_wrong: FAIL", "bad_test.rego:3", "FAIL: 1/4");
  }

  @Test
  void aFilterChoosesTests() {
    assertThat(Ran.in(folder, "policy", "test", "--run", "echo", "-v").out())
        .contains("test_echo_is_allowed: PASS", "PASS: 1/1");
    Ran none = Ran.in(folder, "policy", "test", "--run", "nothing");
    assertThat(none.status()).isZero();
    assertThat(none.err()).contains("no tests found that match 'nothing'");
    assertThat(Ran.in(folder, "policy", "test", "--run", "nothing", "--fail-on-empty").status())
        .isEqualTo(1);
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
    JsonNode errors =
        JsonMapper.shared()
            .readTree(Ran.in(folder, "policy", "check", "--format", "json").out())
            .get("errors");
    assertThat(errors.get(0).get("code").asString()).isEqualTo("rego_parse_error");
    assertThat(errors.get(0).at("/location/row").asInt()).isPositive();
  }

  @Test
  void coverageIsOpasJsonOrATable() {
    JsonNode report =
        JsonMapper.shared().readTree(Ran.in(folder, "policy", "test", "-z", "-c").out());
    JsonNode main = report.get("files").get(folder + "/policies/main.rego");
    assertThat(main.get("covered_lines").asInt()).isEqualTo(2);
    // The deny rule and its body.
    assertThat(main.get("not_covered_lines").asInt()).isEqualTo(2);
    assertThat(main.get("coverage").asDouble()).isEqualTo(50);
    assertThat(main.at("/not_covered/0/start/row").asInt()).isEqualTo(7);

    assertThat(Ran.in(folder, "policy", "test", "-z", "-c", "-f", "pretty").out())
        .contains("main.rego        50.00 %  7-8", "total");
  }

  @Test
  void tooLittleCoverageExitsWithTwoAndNamesTheLines() {
    Ran ran = Ran.in(folder, "policy", "test", "-z", "-v", "--threshold", "90");

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err())
        .contains("Code coverage threshold not met: got 57.14 instead of 90.00", "main.rego:7-8");
    assertThat(Ran.in(folder, "policy", "test", "-z", "--threshold", "57").status()).isZero();
    assertThat(Ran.in(folder, "policy", "test", "--threshold", "101").err())
        .contains("expected: 0 to 100");
  }

  @Test
  void junitXmlHasEveryTest() {
    assertThat(Ran.in(folder, "policy", "test", "-f", "junit", "-p", "2").out())
        .contains(
            "<testsuites tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"1\"",
            "classname=\"data.outrider_test\" name=\"test_echo_is_allowed\"",
            "<skipped/>");
  }

  @Test
  void fmtPrintsListsComparesAndWrites() throws IOException {
    Path file = folder.resolve("policies/ugly.rego");
    Files.writeString(file, "package   ugly\np:=1\n");

    assertThat(Ran.in(folder, "policy", "fmt", "policies/ugly.rego").out())
        .isEqualTo("package ugly\n\np := 1\n");
    Ran listed = Ran.in(folder, "policy", "fmt", "-l", "--fail", "policies");
    assertThat(listed.out()).isEqualTo("policies/ugly.rego\n");
    assertThat(listed.status()).isEqualTo(2);
    assertThat(Ran.in(folder, "policy", "fmt", "-d", "policies").out())
        .isEqualTo(
            """
            --- policies/ugly.rego
            +++ policies/ugly.rego
            @@ -1,2 +1,3 @@
            -package   ugly
            -p:=1
            +package ugly
            +
            +p := 1
            """);
    assertThat(Ran.in(folder, "policy", "fmt", "-w", "policies").status()).isZero();
    assertThat(file).hasContent("package ugly\n\np := 1\n");
    assertThat(Ran.in(folder, "policy", "fmt", "-l", "--fail", "policies").status()).isZero();
  }

  @Test
  void fmtReadsStandardInputAndSaysWhatItCannotRead() {
    assertThat(Ran.with("package   x\n", Map.of(), folder, "policy", "fmt").out())
        .isEqualTo("package x\n");
    Ran broken = Ran.with("package x\np if {\n", Map.of(), folder, "policy", "fmt");
    assertThat(broken.status()).isEqualTo(1);
    assertThat(broken.err()).contains("stdin:", "rego_parse_error");
  }

  @Test
  void benchMeasuresAQuery() {
    JsonNode result =
        JsonMapper.shared()
            .readTree(
                Ran.in(
                        folder,
                        "policy",
                        "bench",
                        "--time",
                        "20ms",
                        "-f",
                        "json",
                        "data.outrider.allow")
                    .out());

    assertThat(result.get("N").asLong()).isPositive();
    assertThat(result.get("T").asLong()).isGreaterThanOrEqualTo(20_000_000);
    assertThat(result.get("MemBytes").asLong()).isPositive();
    Ran undefined = Ran.in(folder, "policy", "bench", "--time", "1ms", "data.outrider.nothing");
    assertThat(undefined.status()).isEqualTo(1);
    assertThat(undefined.err()).contains("undefined");
  }

  @Test
  void capabilitiesAreThoseOfTheEngine() {
    assertThat(
            JsonMapper.shared()
                .readTree(Ran.in(folder, "policy", "capabilities", "--current").out())
                .get("builtins"))
        .hasSizeGreaterThan(190);
  }

  @Test
  void evalShowsTheDecisionAndTheRulesThatMadeIt() {
    Ran allowed =
        Ran.with("{\"mcp\": {\"name\": \"echo\"}}", Map.of(), folder, "policy", "eval", "-i", "-");
    assertThat(allowed.out()).startsWith("ALLOW").contains("main.rego:5");
    assertThat(allowed.status()).isZero();

    Ran denied =
        Ran.with(
            "{\"mcp\": {\"name\": \"delete\"}}", Map.of(), folder, "policy", "eval", "-i", "-");
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
                        "{\"mcp\": {\"name\": \"delete\"}}",
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
    JsonNode result =
        JsonMapper.shared()
            .readTree(
                Ran.with(
                        "{\"mcp\": {\"name\": \"echo\"}}",
                        Map.of(),
                        folder,
                        "policy",
                        "eval",
                        "-I",
                        "data.outrider.allow")
                    .out());
    assertThat(result.at("/result/0/expressions/0/value").asBoolean()).isTrue();
    assertThat(result.at("/result/0/expressions/0/text").asString())
        .isEqualTo("data.outrider.allow");
    assertThat(Ran.in(folder, "policy", "eval", "data.nothing.here").out()).isEqualTo("{}\n");
    assertThat(Ran.in(folder, "policy", "eval", "-f", "pretty", "data.nothing.here").out())
        .isEqualTo("undefined\n");
    assertThat(Ran.in(folder, "policy", "eval", "-f", "raw", "concat(\"-\", [\"a\", \"b\"])").out())
        .isEqualTo("a-b\n");
  }

  @Test
  void evalExitsAsOpaDoes() {
    assertThat(Ran.in(folder, "policy", "eval", "--fail", "data.nothing").status()).isEqualTo(1);
    assertThat(Ran.in(folder, "policy", "eval", "--fail-defined", "true").status()).isEqualTo(1);
    assertThat(Ran.in(folder, "policy", "eval", "1 / 0").status()).isZero();
    Ran failed =
        Ran.in(folder, "policy", "eval", "-f", "pretty", "--strict-builtin-errors", "1 / 0");
    assertThat(failed.status()).isEqualTo(2);
    assertThat(failed.err())
        .contains("1 error occurred: ", "eval_builtin_error: div: divide by zero");
    assertThat(Ran.in(folder, "policy", "eval", "x +").status()).isEqualTo(2);
  }

  @Test
  void evalTellsWhichRulesWereTried() {
    Ran ran =
        Ran.with(
            "{\"mcp\": {\"name\": \"other\"}}",
            Map.of(),
            folder,
            "policy",
            "eval",
            "-I",
            "--explain",
            "--format",
            "pretty",
            "data.outrider.deny");

    assertThat(ran.out())
        .startsWith("[]\n")
        .contains("did not hold:", "main.rego:7  data.outrider.deny");
  }

  @Test
  void explainShowsTheTextOfTheRules() {
    Ran ran =
        Ran.with(
            "{\"mcp\": {\"name\": \"delete\"}}", Map.of(), folder, "policy", "explain", "-i", "-");

    assertThat(ran.out()).contains("7 | deny contains", "input.mcp.name == \"delete\"");
  }

  @Test
  void withoutPoliciesItSaysWhatToGive(@TempDir Path empty) {
    Ran ran = Ran.in(empty, "policy", "test");

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err()).contains("give a path");
    assertThat(Ran.in(empty, "policy", "test", "absent").err()).contains("absent");
  }

  @Test
  void oldRegoIsReadWhereAFlagSaysSo() throws IOException {
    Files.writeString(folder.resolve("policies/old.rego"), "package old\np[x] { x := 1 }\n");
    Files.writeString(
        folder.resolve("policies/main.rego"), "package outrider\nimport rego.v1\nallow if true\n");
    Files.writeString(
        folder.resolve("policies/main_test.rego"),
        "package outrider_test\ntest_old { data.old.p[1] }\n");

    assertThat(Ran.in(folder, "policy", "check").err()).contains("`if` keyword is required");
    Ran both = Ran.in(folder, "policy", "check", "--v0-compatible", "--v1-compatible");
    assertThat(both.status()).isEqualTo(1);
    for (String[] command :
        new String[][] {
          {"policy", "check", "--v0-compatible"},
          {"policy", "test", "--v0-compatible"},
          {"policy", "eval", "--v0-compatible", "--fail", "data.old.p[1]"},
          {"policy", "bench", "--v0-compatible", "--time", "1ms", "data.old.p[1]"}
        }) {
      Ran ran = Ran.in(folder, command);
      assertThat(ran.status()).as("%s: %s", command[1], ran.err()).isZero();
    }
  }

  @Test
  void builtinsThatAreOffAreTurnedOnByName() {
    Ran off = Ran.in(folder, "policy", "eval", "-f", "values", "is_object(opa.runtime())");
    assertThat(off.status()).isEqualTo(2);
    Ran on =
        Ran.in(
            folder,
            "policy",
            "eval",
            "--builtin",
            "opa.runtime",
            "-f",
            "raw",
            "is_object(opa.runtime())");
    assertThat(on.out().strip()).isEqualTo("true");
    Ran none = Ran.in(folder, "policy", "check", "--builtin", "count");
    assertThat(none.err()).contains("--builtin: ", "count");
    assertThat(none.status()).isEqualTo(2);
  }

  @Test
  void aSchemaOfTheInputFindsNamesItDoesNotHave() throws IOException {
    Files.writeString(
        folder.resolve("door.json"),
        "{\"type\": \"object\", \"properties\": {\"user\": {\"type\": \"string\"}}}");
    Path policy = folder.resolve("door.rego");
    Files.writeString(policy, "package door\nopen if input.user == \"ann\"\n");
    // Outrider's own input has no user; the schema given takes its place.
    assertThat(Ran.in(folder, "policy", "check", "door.rego").status()).isEqualTo(1);
    Ran fits = Ran.in(folder, "policy", "check", "-s", "door.json", "door.rego");
    assertThat(fits.status()).as(fits.err()).isZero();

    Files.writeString(policy, "package door\nopen if input.usr == \"ann\"\n");
    Ran misspelt = Ran.in(folder, "policy", "check", "--schema", "door.json", "door.rego");
    assertThat(misspelt.status()).isEqualTo(1);
    assertThat(misspelt.err()).contains("door.rego:2", "undefined ref: input.usr");
    Ran eval =
        Ran.in(
            folder, "policy", "eval", "--schema", "door.json", "-d", "door.rego", "data.door.open");
    assertThat(eval.status()).isEqualTo(2);
    Files.writeString(folder.resolve("list.json"), "[]");
    assertThat(Ran.in(folder, "policy", "check", "-s", "list.json", "door.rego").err())
        .contains("--schema: list.json: array (expected: an object)");
  }

  @Test
  void queriesSeeEveryDocumentBelowAFolderAsInOpa() throws IOException {
    Files.createDirectories(folder.resolve("docs/a"));
    Files.writeString(folder.resolve("docs/one.json"), "{\"x\": 1}");
    Files.writeString(folder.resolve("docs/a/two.yaml"), "y: 2\n");
    Files.writeString(folder.resolve("docs/a/data.json"), "{\"z\": 3}");

    assertThat(raw("-d", "docs", "data")).isEqualTo("{\"a\":{\"y\":2,\"z\":3},\"x\":1}\n");
    assertThat(raw("-b", "docs", "data")).isEqualTo("{\"a\":{\"z\":3}}\n");
    assertThat(raw("-d", "p.q:docs", "data.p.q.x")).isEqualTo("1\n");
    assertThat(raw("-d", "docs", "--ignore", "a,*.yaml", "data")).isEqualTo("{\"x\":1}\n");
    assertThat(raw("-d", "docs", "-e", "a/y")).isEqualTo("2\n");

    Files.writeString(folder.resolve("docs/three.json"), "{\"x\": 2}");
    Ran ran = Ran.in(folder, "policy", "eval", "-d", "docs", "data");
    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err())
        .contains("merge error: conflicting values at data.x, also defined in")
        .contains("one.json");
  }

  private String raw(String... args) {
    List<String> all = new ArrayList<>(List.of("policy", "eval", "-f", "raw"));
    all.addAll(List.of(args));
    Ran ran = Ran.in(folder, all.toArray(String[]::new));
    assertThat(ran.err()).isEmpty();
    return ran.out();
  }

  @Test
  void optionsOfOpaThatWouldMakeADifferenceAreRefusedByName() {
    for (List<String> refused :
        List.of(
            List.of("--partial"),
            List.of("-u", "input.x"),
            List.of("-O", "1"),
            List.of("--profile"),
            List.of("-t", "wasm"))) {
      List<String> args = new ArrayList<>(List.of("policy", "eval"));
      args.addAll(refused);
      args.add("true");
      Ran ran = Ran.in(folder, args.toArray(String[]::new));
      assertThat(ran.status()).isEqualTo(2);
      assertThat(ran.err()).containsAnyOf("not supported", "expected: rego");
    }
    assertThat(raw("--disable-indexing", "--disable-early-exit", "-t", "rego", "-O", "0", "1 + 1"))
        .isEqualTo("2\n");
  }

  @Test
  void tenProblemsAreShownUnlessMoreAreAskedFor() throws IOException {
    StringBuilder module = new StringBuilder("package many\n");
    for (int i = 0; i < 12; i++) {
      module.append("p").append(i).append(" := x").append(i).append('\n');
    }
    Files.writeString(folder.resolve("policies/many.rego"), module);

    Ran ran = Ran.in(folder, "policy", "check");
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains("var x9 is unsafe", "rego_compile_error: error limit reached");
    assertThat(ran.err()).doesNotContain("var x10 is unsafe");
    assertThat(Ran.in(folder, "policy", "check", "-m", "0").err())
        .contains("var x11 is unsafe")
        .doesNotContain("error limit");
    assertThat(Ran.in(folder, "policy", "check", "-m", "3", "-f", "json").out())
        .contains("var x2 is unsafe", "\"message\": \"error limit reached\"")
        .doesNotContain("var x3 is unsafe");
  }
}
