package io.outrider.policy;

import static io.outrider.policy.Policies.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.policy.Decision.Cause;
import io.outrider.policy.Visibility.Hidden;
import io.outrider.policy.Visibility.Visible;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisibilityTest {
  private static final String INPUT =
      "{'phase': 'list', 'mcp': {'name': 'refund'}, 'user': 'ann', 'groups': ['dev'], 'n': 3}";

  private static Visibility visibility(String rules) {
    return Policies.of("package outrider\n" + rules).visibility(json(INPUT));
  }

  private static Hidden hidden(String rules) {
    Visibility visibility = visibility(rules);
    assertThat(visibility).as(rules).isInstanceOf(Hidden.class);
    return (Hidden) visibility;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "allow := true",
        "allow if input.user == \"ann\"",
        "allow if input.arguments.amount < 100",
        "allow if not input.arguments.amount > 100",
        "allow if not startswith(input.arguments.path, \"/etc\")",
        "allow if input.arguments.path in [\"a\", \"b\"]",
        "allow if \"a\" in input.arguments.tags",
        "allow if every t in input.arguments.tags { t == \"a\" }",
        "allow if some t in input.arguments.tags",
        "allow if input.arguments.a.b[_].c == 1",
        "allow if { some k; input.arguments[k] == 1 }",
        "allow if { some k; input[k] == 1 }",
        "allow if count(input.arguments) > 3",
        "allow if { x := input.arguments; x.amount == 1 }",
        "allow if { [a, b] := [input.arguments.a, 1]; a == b }",
        "allow if { {\"a\": a} = input.arguments; a == 1 }",
        "allow if { walk(input.arguments, [_, \"x\"]) }",
        "allow if ok(input.arguments)\nok(a) if a.b == 1",
        "allow if ok({\"a\": input.arguments})\nok(x) if x.a.b == 1",
        "allow if ok(input.arguments)\nok({\"b\": 1})",
        "allow if names[\"x\"]\nnames contains n if some n in input.arguments.names",
        "allow if not names[\"x\"]\nnames contains n if some n in input.arguments.names",
        "allow if count(names) == 0\nnames contains n if some n in input.arguments.names",
        "allow if by[\"x\"] == 1\nby[k] := v if some k, v in input.arguments",
        "allow if count([x | some x in input.arguments.xs]) == 2",
        "allow if {x | some x in input.arguments.xs} == {1}",
        "allow if helper\ndefault helper := false\nhelper if input.arguments.x",
        "allow if not helper\nhelper if input.arguments.x",
        "allow := x if x := input.arguments.ok",
        "allow := false if input.arguments.a else := true",
        "default allow := false\nallow if input.arguments.a == 1",
        "allow if { input.user == \"ann\"; input.arguments.a }",
        "allow if q with input.arguments as {\"a\": 1}\nq if input.arguments.a == 1",
        "allow if q with input.user as input.arguments.user\nq if input.user == \"bob\"",
        "allow if q with data.x as input.arguments.x\nq if data.x == 2",
        "allow if f(1) with f as input.arguments.f\nf(_) := false",
        "allow if sprintf(\"%v\", [input.arguments.x]) == \"1\"",
        "allow if $\"{input.arguments.x}\" == \"1\"",
        "allow if {\"a\", \"b\"}[input.arguments.x]",
        "allow if data.none[input.arguments.x] == 1\nallow if {\"k\": 1}[input.arguments.x]",
        "allow if { x := input.arguments.x; not x == 1 }",
        "allow if { y = input.arguments.y; [y, z] = [1, 2]; z == 2 }",
        "allow if input.arguments == {\"a\": 1}",
        "allow if input.inspection.findings[_].kind == \"secret\"",
        "allow if input.mcp.bytes < 100",
        "allow := true\ndeny contains \"x\" if input.arguments.amount > 100",
        "allow := true\ndeny contains sprintf(\"%v\", [input.arguments.a])",
        "allow := true\ndeny contains \"x\" if not input.arguments.ok",
        "allow := true\ndeny contains \"x\" if { input.user == \"ann\"; input.arguments.ok }",
        "allow := true\ndeny := {m | m := input.arguments.m}",
        "allow := true\nvisible if input.user == \"ann\"",
        "allow := true\nvisible := false if input.user == \"bob\"",
        "allow := true\nvisible := input.arguments.v",
        "allow if 1 / input.arguments.x == 1",
        "allow if to_number(input.arguments.x) == 1"
      })
  void toolThatSomeArgumentsMayOpenIsVisible(String rules) {
    assertThat(visibility(rules)).as(rules).isInstanceOf(Visible.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "default allow := false",
        "allow if false",
        "allow if input.user == \"bob\"",
        "allow if { input.user == \"bob\"; input.arguments.x == 1 }",
        "allow if { input.arguments.x == 1; input.user == \"bob\" }",
        "allow if { some g in input.groups; g == \"admin\"; input.arguments.ok }",
        "allow if not input.user",
        "allow if ok(input.arguments, input.user)\nok(a, \"bob\") if a.b",
        "allow if ok(input.arguments)\nok(a) if { a.b; input.user == \"bob\" }",
        "allow if names[\"x\"]\nnames contains n if { some n in input.groups }",
        "allow if { not input.arguments.x; input.user == \"bob\" }",
        "allow if every t in input.groups { t == \"admin\"; input.arguments.x }",
        "allow if helper\nhelper if { input.arguments.x; input.none }",
        "allow if q with input.arguments as {\"a\": 1}\nq if input.arguments.a == 2",
        "allow if input.none.of.it",
        "visible := true",
      })
  void toolThatNoArgumentsCanOpenIsHidden(String rules) {
    assertThat(hidden(rules).cause()).as(rules).isEqualTo(Cause.NOT_ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "allow := true\ndeny contains \"x\" if input.user == \"ann\"",
        "allow if input.arguments.x\ndeny contains \"x\" if input.user == \"ann\"",
        "allow := true\ndeny contains \"x\" if input.arguments.x\ndeny contains \"y\" if input.n == 3",
        "allow := true\ndeny := {\"x\"} if input.user == \"ann\"",
      })
  void denyThatHoldsWhateverTheArgumentsHides(String rules) {
    assertThat(hidden(rules).cause()).as(rules).isEqualTo(Cause.DENY_RULE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "allow := true\nvisible := false",
        "allow := true\ndefault visible := false",
        "allow := true\ndefault visible := false\nvisible if input.user == \"bob\"",
        "allow := true\nvisible if input.user == \"bob\"",
      })
  void visibleThatSaysNoHides(String rules) {
    Hidden hidden = hidden(rules);
    assertThat(hidden.cause()).isEqualTo(Cause.NOT_ALLOWED);
    assertThat(hidden.reasons()).extracting(Reason::code).containsExactly("not_visible");
  }

  @Test
  void verdictOfTheWrongTypeHides() {
    assertThat(hidden("allow := 1").cause()).isEqualTo(Cause.BAD_DECISION);
    assertThat(hidden("allow := true\nvisible := \"yes\"").cause()).isEqualTo(Cause.BAD_DECISION);
    assertThat(hidden("allow := true\ndeny := 1").cause()).isEqualTo(Cause.BAD_DECISION);
  }

  @Test
  void errorThatNoArgumentsCanAvoidHides() {
    assertThat(hidden("allow if 1 / (input.n - 3) == 1").cause())
        .isEqualTo(Cause.EVALUATION_FAILED);
  }

  @Test
  void errorThatSomeArgumentsAvoidDoesNotHide() {
    assertThat(visibility("allow if input.arguments.x == 1\nallow if 1 / (input.n - 3) == 1"))
        .isInstanceOf(Visible.class);
    assertThat(visibility("allow if { input.arguments.x == 1; 1 / (input.n - 3) == 1 }"))
        .isInstanceOf(Visible.class);
  }

  @Test
  void conflictThatSomeArgumentsAvoidDoesNotHide() {
    assertThat(
            visibility(
                "allow if { input.arguments.x; p == 1 }\np := 1 if input.user\np := 2 if input.n"))
        .isInstanceOf(Visible.class);
  }

  @Test
  void everyPackageMustBeAbleToAllow() {
    PolicySet policies =
        Policies.of(
            PolicyOptions.DEFAULT.withPackages("a", "b"),
            "package a\nallow if input.arguments.x",
            "package b\nallow if input.user == \"bob\"");
    assertThat(policies.visibility(json("{'user': 'ann'}"))).isInstanceOf(Hidden.class);
    assertThat(policies.visibility(json("{'user': 'bob'}"))).isInstanceOf(Visible.class);
  }

  @Test
  void visibilityWorksThroughTheIndexOfManyRules() {
    StringBuilder rules = new StringBuilder("package outrider\n");
    for (int i = 0; i < 20; i++) {
      rules.append(
          "allow if { input.mcp.name == \"t%d\"; input.arguments.x == %d }\n".formatted(i, i));
      rules.append(
          "allow if { input.arguments.kind == \"k%d\"; input.user == \"u%d\" }\n".formatted(i, i));
    }
    PolicySet policies = Policies.of(rules.toString());
    assertThat(policies.visibility(json("{'mcp': {'name': 't7'}}"))).isInstanceOf(Visible.class);
    assertThat(policies.visibility(json("{'mcp': {'name': 'none'}}"))).isInstanceOf(Hidden.class);
    assertThat(policies.visibility(json("{'mcp': {'name': 'none'}, 'user': 'u3'}")))
        .isInstanceOf(Visible.class);
  }
}
