package io.outrider.policy.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.outrider.policy.builtin.Builtins;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CompilerTest {
  private static List<Diagnostic> problems(boolean strict, String... texts) {
    List<Module> modules = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      Module module =
          Parser.parseModule(
              new Source("t" + i + ".rego", texts[i]),
              p -> {
                throw new AssertionError(p.render());
              });
      assertThat(module).isNotNull();
      modules.add(module);
    }
    Compiler compiler = new Compiler(Builtins.standard(), true, strict);
    compiler.compile(modules);
    return compiler.problems();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      value = {
        "p := x ~ rego_unsafe_var_error ~ var x is unsafe",
        "p contains x ~ rego_unsafe_var_error ~ var x is unsafe",
        "p if not input.a[_] ~ rego_unsafe_var_error ~ var _ is unsafe",
        "p := y if { not y = 1 } ~ rego_unsafe_var_error ~ var y is unsafe",
        "p if { x := y; y := input.z[x] } ~ rego_compile_error ~ var y referenced above",
        "p if foo(1) ~ rego_type_error ~ undefined function foo",
        "p if count(1, 2, 3) ~ rego_type_error ~ count: arity mismatch",
        "p := count(1, 2) ~ rego_type_error ~ count: arity mismatch",
        "f(x) := x; p := f(1, 2, 3) ~ rego_type_error ~ function data.a.f has arity 1, got 3 arguments",
        "p if { x := f; x }; f(x) := x ~ rego_type_error ~ function data.a.f used as reference, not called",
        "p if data.a.p ~ rego_recursion_error ~ rule data.a.p is recursive: data.a.p -> data.a.p",
        "p if q; q if p ~ rego_recursion_error ~ rule data.a.p is recursive: data.a.p -> data.a.q -> data.a.p",
        "p[x] := y if { some x, y in data.a.p } ~ rego_recursion_error ~ rule data.a.p is recursive",
        "f(x) := f(x - 1) ~ rego_recursion_error ~ rule data.a.f is recursive",
        "p := 1; p contains 2 ~ rego_type_error ~ conflicting rules data.a.p found",
        "f(x) := x; f(x, y) := x + y ~ rego_type_error ~ conflicting rules data.a.f found",
        "default p := 1; default p := 2 ~ rego_type_error ~ multiple default rules data.a.p found",
        "p := 1; p.q := 2 ~ rego_type_error ~ rule data.a.p conflicts with",
        "p if { input := 1 } ~ rego_compile_error ~ variables must not shadow input",
        "f(input) := 1 ~ rego_compile_error ~ args must not shadow input",
        "data := 1 ~ rego_compile_error ~ rules must not shadow data",
        "p if { x := 1; x := 2 } ~ rego_compile_error ~ var x assigned above",
        "p if { y := x; x := 2 } ~ rego_compile_error ~ var x referenced above",
        "f(x) := y if { x := 2; y := x } ~ rego_compile_error ~ arg x redeclared",
        "p if { some x; x := 2 } ~ rego_compile_error ~ var x declared above",
        "p if { [x, y] = 1; x == y } ~ rego_unsafe_var_error ~ var x is unsafe",
        "p if { some x; true } ~ rego_compile_error ~ declared var x unused",
        "p if every k, v in [1] { v } ~ rego_compile_error ~ declared var k unused",
        "p if { not x := 1 } ~ rego_compile_error ~ cannot assign vars inside negated expression",
        "p if { input.x := 1 } ~ rego_compile_error ~ cannot assign to ref",
        "p if { count([]) := 1 } ~ rego_compile_error ~ cannot assign to call",
        "f(g(x)) := 1; g(x) := 1 ~ rego_compile_error ~ rule arguments cannot contain calls",
        "p if { print(x) } ~ rego_compile_error ~ var x is undeclared",
        "p if { true with foo as 2 } ~ rego_type_error ~ with keyword target must reference existing",
        "p if { true with data.a.q.b as 2 }; q := 1 ~ rego_compile_error ~ with keyword cannot partially replace",
        "p if { true with count as f }; f(x, y) := 1 ~ rego_type_error ~ count: arity mismatch",
        "p if { true with walk as f }; f(x) := 1 ~ rego_compile_error ~ target must not be a relation",
        "p if http.send({}) ~ rego_type_error ~ unsafe built-in function calls in expression: http.send",
      })
  void problemHasTheCodeAndTextOfOpa(String rules, String code, String message) {
    List<Diagnostic> problems = problems(false, "package a\n" + rules.replace("; ", "\n"));
    assertThat(problems)
        .as(rules)
        .anySatisfy(p -> {
          assertThat(p.code()).isEqualTo(code);
          assertThat(p.message()).contains(message);
        });
  }

  @Test
  void undefinedFunctionSuggestsANearName() {
    assertThat(problems(false, "package a\np if startwith(input.x, \"a\")").getFirst().hint())
        .isEqualTo("did you mean startswith?");
  }

  @Test
  void packageAndRuleOfOneNameConflict() {
    assertThat(problems(false, "package a\nb := 1", "package a.b\nc := 1"))
        .extracting(Diagnostic::message)
        .containsExactly("package a.b conflicts with rule data.a.b defined at t0.rego:2");
  }

  @Test
  void strictFindsWhatIsNeverUsed() {
    assertThat(
            problems(
                true,
                """
                package a
                import input.x
                import data.y
                f(a, b) := a
                p if { z := 1; y }
                """))
        .extracting(Diagnostic::message)
        .containsExactly(
            "import input.x unused",
            "unused argument b. (hint: use _ (wildcard variable) instead)",
            "assigned var z unused");
  }

  @Test
  void onlyTheMistakesOfTheFirstStageThatFailsAreShown() {
    String conflict = "package b\np := 1\np contains 2\n";
    String undefined = "package c\nq if foo(1)\n";
    String unsafe = "package d\np if x == 1\n";
    assertThat(problems(false, conflict, undefined, unsafe))
        .extracting(Diagnostic::message)
        .containsExactly("conflicting rules data.b.p found");
    assertThat(problems(false, undefined, unsafe))
        .extracting(Diagnostic::message)
        .containsExactly("undefined function foo");
    assertThat(problems(false, unsafe, "package e\np if x == 2\nr if r\n"))
        .extracting(Diagnostic::code)
        .containsExactly(Diagnostic.UNSAFE, Diagnostic.UNSAFE);
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void whatCanNeverHoldIsATypeError(String rules, String message, @Nullable String hint) {
    List<Diagnostic> problems = problems(false, "package a\n" + rules);
    assertThat(problems).extracting(Diagnostic::code).containsExactly(Diagnostic.TYPE);
    assertThat(problems.getFirst().message()).isEqualTo(message);
    if (hint != null) {
      assertThat(problems.getFirst().hint()).isEqualTo(hint);
    }
  }

  static Stream<Arguments> impossible() {
    return Stream.of(
        arguments("p if 1 == \"a\"", "match error", "left is number, right is string"),
        arguments(
            "p if startswith(1, \"a\")",
            "startswith: invalid argument(s)",
            "argument 1 is number, but startswith takes string"),
        arguments(
            "q := {\"name\": 1}\np if q.nmae",
            "undefined ref: data.a.q.nmae",
            "did you mean name?"),
        arguments("p if { x := [1, 2]; x.foo }", "undefined ref: x.foo", null),
        arguments(
            "f(x) := x + 1\np if f(\"a\")",
            "data.a.f: invalid argument(s)",
            "argument 1 is string, but data.a.f takes number"));
  }

  @Test
  void everyMessageOfOneCauseIsReportedOnce() {
    assertThat(problems(false, "package a\np if { y := foo(x); z := y + 1; z > 2; x = 1 }"))
        .extracting(Diagnostic::message)
        .containsExactly("undefined function foo");
  }

  /// Types share their parts, so these have 2^60 of them and take hardly any room.
  @Test
  void typesThatShareTheirPartsAreComparedInNoTime() {
    // Whether `x12 == 1` can be told to be never so.
    Map<String, Boolean> rows =
        Map.of(
            "[x, x]", true,
            "{\"a\": x, \"b\": x}", true,
            "[x | true]", true,
            "{x, [x]}", false,
            "{\"a\": x, input.k: x}", false);
    for (String row : rows.keySet()) {
      StringBuilder text = new StringBuilder("package deep\n\np if {\n");
      for (String name : List.of("x", "y")) {
        text.append('\t').append(name).append("0 := 1\n");
        for (int i = 1; i <= 60; i++) {
          text.append('\t').append(name).append(i).append(" := ");
          text.append(row.replaceAll("\\bx\\b", name + (i - 1))).append('\n');
        }
      }
      text.append("\tx60 == y60\n\tx14 == y14\n\tx13 != y12\n\tcount({x60, y60, x10, y10}) == 1\n");
      text.append("\tx12 == 1\n\tobject.get(x60, y60, x60) == {x60: y60, \"k\": x59}\n}\n");
      assertTimeoutPreemptively(
          Duration.ofSeconds(10),
          () ->
              assertThat(problems(false, text.toString()))
                  .extracting(Diagnostic::message)
                  .isEqualTo(
                      Boolean.TRUE.equals(rows.get(row)) ? List.of("match error") : List.of()),
          row);
    }
  }

  /// The places are those that `opa check` gives.
  @Test
  void schemasInMetadataSayWhatDocumentsLookLike() {
    String text =
        """
        # METADATA
        # schemas:
        #   - data.wide: {allOf: [{type: object, properties: {a: {type: string}}}, {type: object, properties: {b: {type: number}}}]}
        package a

        # METADATA
        # schemas:
        #   - input: {type: object, properties: {x: {type: number}}}
        p if input.nope == 1

        # METADATA
        # schemas:
        #   - input.y: {type: object, properties: {z: {type: string}}}
        #   - data.foo: {type: object, properties: {z: {type: string}}}
        q if { input.y.w == 1; data.foo.v }

        r if input.nope

        s if { data.wide.a; data.wide.b }

        t if data.wide.c

        # METADATA
        # schemas:
        #   - input: schema.unknown
        u if input.anything
        """;
    assertThat(problems(false, text))
        .extracting(p -> p.row() + " " + p.message())
        .containsExactly(
            "9 undefined ref: input.nope",
            "15 undefined ref: input.y.w",
            "15 undefined ref: data.foo.v",
            "21 undefined ref: data.wide.c");
  }
}
