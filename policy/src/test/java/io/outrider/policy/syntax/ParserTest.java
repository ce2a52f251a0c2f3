package io.outrider.policy.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParserTest {
  private static List<Diagnostic> problems(String text) {
    List<Diagnostic> problems = new ArrayList<>();
    Parser.parseModule(new Source("t.rego", text), problems::add);
    return problems;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      value = {
        "p := {                     ~ 2 ~ unexpected eof token",
        "p := 1 +                   ~ 2 ~ unexpected eof token",
        "p if { x = 1 y = 2 }       ~ 2 ~ unexpected identifier token: expected \\n or ; or }",
        "p { true }                 ~ 2 ~ `if` keyword is required before rule body",
        "p[x] if { x = 1 } else := 2 ~ 2 ~ else keyword cannot be used on rules with variables",
        "p[1]                       ~ 2 ~ `contains` keyword is required for partial set rules",
        "p                          ~ 2 ~ var cannot be used for rule name",
        "p contains 1 if true else := 2 ~ 2 ~ else keyword cannot be used on multi-value rules",
        "p := 1 else := 2           ~ 2 ~ unexpected else keyword",
        "default p := input.x       ~ 2 ~ illegal default rule (value cannot contain ref)",
        "default p := x             ~ 2 ~ illegal default rule (value cannot contain var)",
        "default f(1) := 1          ~ 2 ~ illegal default rule (arguments cannot contain",
        "import foo.bar             ~ 2 ~ unexpected import path, must begin with one of",
        "import data.foo as input   ~ 2 ~ unexpected import alias, must not be a reserved name",
        "import future.keywords.nix ~ 2 ~ unexpected keyword, must be one of",
        "p := \"abc                 ~ 2 ~ non-terminated string",
        "p := `abc                  ~ 2 ~ non-terminated raw string",
        "p := $\"{x                 ~ 2 ~ unexpected",
        "p := $\"{}\"               ~ 2 ~ unexpected } token",
        "p := $\"{not x}\"          ~ 2 ~ unexpected expression in template string",
        "p := \"\\q\"               ~ 2 ~ illegal escape sequence",
        "p := 01                    ~ 2 ~ expected number without leading zero",
        "p := 1a                    ~ 2 ~ illegal number format",
        "p := 1.                    ~ 2 ~ expected fraction",
        "p := 1e                    ~ 2 ~ expected exponent",
        "p := 1e999999              ~ 2 ~ number too big",
        "p := @                     ~ 2 ~ illegal token",
        "p := \"abc\".x             ~ 2 ~ illegal ref (head cannot be string)",
        "p := [1 2]                 ~ 2 ~ unexpected number token: expected ]",
        "p := {\"a\": 1, \"b\"}     ~ 2 ~ unexpected } token: expected :",
        "p if not some x in [1]     ~ 2 ~ illegal negation of 'some'",
        "p if { every x in [1] }    ~ 2 ~ unexpected } token: missing body",
        "package b                  ~ 2 ~ unexpected package",
        "}                          ~ 2 ~ unexpected } token",
      })
  void mistakesAreNamedAtTheirPlace(String text, int row, String message) {
    List<Diagnostic> problems = ruleProblems(text);
    assertThat(problems).as(text).isNotEmpty();
    assertThat(problems.getFirst().row()).as(text).isBetween(row, row + 1);
    assertThat(problems.getFirst().code()).isEqualTo(Diagnostic.PARSE);
    assertThat(problems.getFirst().message()).as(text).contains(message);
  }

  private static List<Diagnostic> ruleProblems(String rule) {
    List<Diagnostic> problems = problems("package a\n" + rule + "\n");
    if (!problems.isEmpty()) {
      return problems;
    }
    // What defaults may contain is a question of meaning and found later.
    io.outrider.policy.compile.Compiler compiler =
        new io.outrider.policy.compile.Compiler(
            io.outrider.policy.builtin.Builtins.standard(), false, false);
    Module module =
        Parser.parseModule(new Source("t.rego", "package a\n" + rule + "\n"), problems::add);
    assertThat(module).isNotNull();
    compiler.compile(List.of(module));
    return compiler.problems();
  }

  @Test
  void everyMistakeOfAFileIsReported() {
    List<Diagnostic> problems =
        problems(
            """
            package a

            p if { x = 1 y = 2 }

            q := [1 2]

            r := 1

            s if )
            """);
    assertThat(problems).extracting(Diagnostic::row).containsExactly(3, 5, 9);
  }

  @Test
  void rulesOfAnOlderLanguageAreReportedWhenEverythingCanBeRead() {
    List<Diagnostic> problems = problems("package a\n\ns { true }\n\nt[x] { x := 1 }\n");
    assertThat(problems).extracting(Diagnostic::row).containsExactly(3, 5, 5);
    assertThat(problems.getFirst().hint()).contains("opa fmt --v0-v1");
  }

  @Test
  void diagnosticPointsAtTheColumn() {
    Diagnostic problem = problems("package a\np if { x = \"é😀\" y = 2 }").getFirst();
    assertThat(problem.col()).isEqualTo(17);
    assertThat(problem.render())
        .isEqualTo(
            """
            t.rego:2:17: rego_parse_error: unexpected identifier token: expected \\n or ; or }
            \tp if { x = "é😀" y = 2 }
            \t                ^\
            """);
  }

  @Test
  void deepNestingIsRefusedAndDoesNotOverflowTheStack() {
    String deep = "package a\np := " + "[".repeat(100_000) + "]".repeat(100_000);
    assertThat(problems(deep))
        .extracting(Diagnostic::message)
        .first()
        .asString()
        .contains("too deep");
    String parentheses = "package a\np := " + "(".repeat(5_000) + "1" + ")".repeat(5_000);
    assertThat(problems(parentheses)).isNotEmpty();
    String bodies = "package a\np if " + "count([x | ".repeat(3_000) + "1";
    assertThat(problems(bodies)).isNotEmpty();
  }

  @Test
  void textOfAnyKindGivesDiagnosticsAndNeverAnException() {
    long seed = Long.getLong("test.seed", 1);
    System.out.println("ParserTest: -Dtest.seed=" + seed);
    Random random = new Random(seed);
    String[] words = {
      "package a\n",
      "p",
      " if ",
      "{",
      "}",
      "[",
      "]",
      "(",
      ")",
      ":=",
      "=",
      "==",
      "not ",
      "some ",
      " in ",
      "every ",
      " with ",
      " as ",
      "input",
      ".",
      "x",
      "1",
      "\"s\"",
      "`r`",
      "$\"{",
      "\"",
      "|",
      ",",
      ";",
      "\n",
      " else ",
      "default ",
      " contains ",
      "import data.",
      "#c\n",
      "-",
      "null",
      "_",
      "\\",
      "é",
      "import rego.v2\n",
      " and ",
      " or "
    };
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder("package a\n");
      int length = random.nextInt(30);
      for (int j = 0; j < length; j++) {
        text.append(words[random.nextInt(words.length)]);
      }
      problems(text.toString());
    }
  }

  /// Each level is read in more than one way; the time must not double with it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "p := %[%1%]%",
        "p := %{%1%}%",
        "p := %{1: %1%}%",
        "p := %{[%1%]: 2}%",
        "p := %f([%1%])%",
        "p := %x[%1%]%",
        "p := %(%1%)%",
        "p := %[%1% | 1, 2]%",
        "p := %{1 | %true%}%",
        "p := %{%1% | true}%",
        "p := %[1 | {2 | %true%}]%",
        "p if { %{%1%}% }",
        "p if { %({ %1% })% }",
        "p if { %({ %1% } and 2)% }",
        "p if { %{ %1% } or 2% }",
        "p if { %not { %1% }% }",
        "p if { %not ( %1% )% }",
        "p if { %every x in [1] { %1% }% }",
        "p if { some x in %[%1%]% }",
        "p if { x := %{ y | y := %1% }% }",
        "%[%1%]%",
        "%{%1%}%",
        "%{1 | %1%}%",
        "p(%[%1%]%) := 1",
        "p contains %{%1%}%",
        "default p := %[%1%]%"
      })
  void nestingCostsNoMoreThanItsDepth(String shape) {
    String[] parts = shape.split("%", -1);
    for (int depth : new int[] {30, 100, 240}) {
      for (boolean closed : new boolean[] {true, false}) {
        StringBuilder text = new StringBuilder("package a\n\nimport rego.v2\n\n").append(parts[0]);
        text.append(parts[1].repeat(depth)).append(parts[2]);
        text.append(closed ? parts[3].repeat(depth) + parts[4] : "").append('\n');
        List<Diagnostic> problems = new ArrayList<>();
        assertTimeoutPreemptively(
            Duration.ofSeconds(5),
            () -> Parser.parseModule(new Source("deep.rego", text.toString()), problems::add),
            shape);
        List<String> told = problems.stream().map(Diagnostic::message).toList();
        if (!closed) {
          assertThat(told).as(shape).isNotEmpty();
        } else if (!parts[0].isEmpty()) {
          assertThat(told).as(shape).allMatch(message -> message.startsWith("nested too deep"));
          assertThat(told).as(shape).hasSizeLessThanOrEqualTo(depth < 240 ? 0 : 1);
        } else {
          assertThat(told).as(shape).singleElement().asString().endsWith("used for rule name");
        }
      }
    }
  }
}
