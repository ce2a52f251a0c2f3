package io.outrider.policy;

import static io.outrider.policy.Policies.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.policy.Decision.Allow;
import io.outrider.policy.Decision.Cause;
import io.outrider.policy.Decision.Deny;
import io.outrider.policy.value.RegoJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PolicySetTest {
  private static Deny deny(PolicySet policies, String input) {
    Decision decision = policies.decide(json(input));
    assertThat(decision).isInstanceOf(Deny.class);
    return (Deny) decision;
  }

  private static Allow allow(PolicySet policies, String input) {
    Decision decision = policies.decide(json(input));
    assertThat(decision).isInstanceOf(Allow.class);
    return (Allow) decision;
  }

  @Test
  void allowNamesTheRuleThatAllowed() {
    PolicySet policies =
        Policies.of(
            """
            package outrider

            default allow := false

            allow if input.user == "root"

            allow if {
              input.user == "alice"
            }
            """);
    assertThat(allow(policies, "{'user': 'alice'}").rules())
        .containsExactly(new RuleRef("data.outrider.allow", "p0.rego", 7));
  }

  @Test
  void allowThatIsUndefinedDenies() {
    Deny deny = deny(Policies.of("package outrider\nallow if input.user == \"root\""), "{}");
    assertThat(deny.cause()).isEqualTo(Cause.NOT_ALLOWED);
    assertThat(deny.reasons()).extracting(Reason::code).containsExactly("policy_undefined");
  }

  @Test
  void allowThatIsFalseDeniesAndNamesTheDefault() {
    Deny deny = deny(Policies.of("package outrider\n\ndefault allow := false"), "{}");
    assertThat(deny.cause()).isEqualTo(Cause.NOT_ALLOWED);
    assertThat(deny.reasons()).extracting(Reason::code).containsExactly("not_allowed");
    assertThat(deny.rules()).containsExactly(new RuleRef("data.outrider.allow", "p0.rego", 3));
  }

  @Test
  void allowThatIsTheWordTrueDenies() {
    Deny deny = deny(Policies.of("package outrider\nallow := \"true\""), "{}");
    assertThat(deny.cause()).isEqualTo(Cause.BAD_DECISION);
    assertThat(deny.reasons().getFirst().message())
        .isEqualTo("data.outrider.allow: string (expected: true or false)");
  }

  @Test
  void rulesThatContradictEachOtherDeny() {
    Deny deny =
        deny(
            Policies.of("package outrider\nallow := true\nallow := false if input.x == 1"),
            "{'x': 1}");
    assertThat(deny.cause()).isEqualTo(Cause.EVALUATION_FAILED);
    assertThat(deny.reasons().getFirst().message())
        .contains("p0.rego:3: eval_conflict_error")
        .contains("data.outrider.allow");
  }

  @Test
  void failingBuiltinDeniesWithItsPlace() {
    PolicySet policies =
        Policies.of(
            """
            package outrider
            allow := true
            deny contains "x" if {
              startswith(input.name, "x")
            }
            """);
    Deny deny = deny(policies, "{'name': 1}");
    assertThat(deny.cause()).isEqualTo(Cause.EVALUATION_FAILED);
    assertThat(deny.reasons().getFirst().code()).isEqualTo("policy_error");
    assertThat(deny.reasons().getFirst().message())
        .isEqualTo(
            "p0.rego:4: eval_type_error: startswith: operand 1 must be string but got number");
  }

  @Test
  void tooManyStepsDeny() {
    PolicyOptions options =
        PolicyOptions.DEFAULT.withLimits(new Limits(1_000, 100, Duration.ofSeconds(30)));
    PolicySet policies =
        Policies.of(
            options,
            """
            package outrider
            allow if count([1 | some a in input.xs; some b in input.xs; some c in input.xs]) > 0
            """);
    Deny deny = deny(policies, "{'xs': [1,2,3,4,5,6,7,8,9,10,11,12]}");
    assertThat(deny.cause()).isEqualTo(Cause.EVALUATION_FAILED);
    assertThat(deny.reasons().getFirst().code()).isEqualTo("policy_too_many_steps");
  }

  @Test
  void tooDeepAnEvaluationDenies() {
    StringBuilder module = new StringBuilder("package outrider\nallow if p0\np50 if input.x\n");
    for (int i = 0; i < 50; i++) {
      module.append("p%d if p%d\n".formatted(i, i + 1));
    }
    PolicyOptions options =
        PolicyOptions.DEFAULT.withLimits(new Limits(100_000, 20, Duration.ofSeconds(30)));
    Deny deny = deny(Policies.of(options, module.toString()), "{'x': true}");
    assertThat(deny.cause()).isEqualTo(Cause.EVALUATION_FAILED);
    assertThat(deny.reasons().getFirst().code()).isEqualTo("policy_too_deep");
    assertThat(Policies.of(module.toString()).decide(json("{'x': true}")))
        .isInstanceOf(Allow.class);
  }

  @Test
  void tooMuchTimeDenies() {
    PolicyOptions options =
        PolicyOptions.DEFAULT.withLimits(new Limits(Long.MAX_VALUE, 100, Duration.ofNanos(1)));
    PolicySet policies =
        Policies.of(
            options,
            "package outrider\nallow if count([1 | some i in numbers.range(1, 10000)]) > 0");
    Deny deny = deny(policies, "{}");
    assertThat(deny.cause()).isEqualTo(Cause.EVALUATION_FAILED);
    assertThat(deny.reasons().getFirst().code()).isEqualTo("policy_too_slow");
  }

  @Test
  void denyOverridesAllowAndNamesEveryRuleThatGaveAReason() {
    PolicySet policies =
        Policies.of(
            """
            package outrider
            allow := true
            deny contains "too much" if input.amount > 100
            deny contains {"code": "night", "msg": "only by day", "public": true, "severity": "high"} if {
              input.hour > 20
            }
            deny contains "never" if false
            """);
    Deny deny = deny(policies, "{'amount': 101, 'hour': 22}");
    assertThat(deny.cause()).isEqualTo(Cause.DENY_RULE);
    assertThat(deny.reasons())
        .containsExactly(
            new Reason(
                "policy_denied",
                "too much",
                false,
                "",
                new RuleRef("data.outrider.deny", "p0.rego", 3)),
            new Reason(
                "night",
                "only by day",
                true,
                "high",
                new RuleRef("data.outrider.deny", "p0.rego", 4)));
    assertThat(deny.rules())
        .containsExactly(
            new RuleRef("data.outrider.deny", "p0.rego", 3),
            new RuleRef("data.outrider.deny", "p0.rego", 4),
            new RuleRef("data.outrider.allow", "p0.rego", 2));
    assertThat(allow(policies, "{'amount': 1, 'hour': 1}").rules()).hasSize(1);
  }

  @Test
  void denyInTheManner0fRegoV0StillDenies() {
    PolicySet policies =
        Policies.of(
            "package outrider\nallow := true\ndeny[msg] := true if { msg := \"no\"; input.bad }");
    assertThat(deny(policies, "{'bad': true}").reasons())
        .extracting(Reason::message)
        .containsExactly("no");
    assertThat(policies.decide(json("{}"))).isInstanceOf(Allow.class);
  }

  @Test
  void denyOfTheWrongTypeDenies() {
    Deny deny = deny(Policies.of("package outrider\nallow := true\ndeny := false"), "{}");
    assertThat(deny.cause()).isEqualTo(Cause.BAD_DECISION);
  }

  @Test
  void responsesNeedNoAllow() {
    PolicySet policies =
        Policies.of("package outrider\ndeny contains \"secret\" if input.response.secret");
    assertThat(policies.decide(json("{'phase': 'response', 'response': {}}")))
        .isInstanceOf(Allow.class);
    assertThat(deny(policies, "{'phase': 'response', 'response': {'secret': true}}").cause())
        .isEqualTo(Cause.DENY_RULE);
    assertThat(deny(policies, "{'phase': 'request'}").cause()).isEqualTo(Cause.NOT_ALLOWED);
  }

  @Test
  void obligationsWarningsAndLabelsAreHandedOver() {
    PolicySet policies =
        Policies.of(
            """
            package outrider
            allow := true
            warn contains "odd" if input.odd
            obligations contains {"type": "redact", "paths": ["/x"]} if input.odd
            labels := {"team": "blue"}
            """);
    Allow allow = allow(policies, "{'odd': true}");
    assertThat(allow.warnings()).extracting(Reason::message).containsExactly("odd");
    assertThat(allow.obligations()).extracting(Obligation::type).containsExactly("redact");
    assertThat(allow.labels()).containsEntry("team", "blue");
  }

  @Test
  void obligationWithoutTypeDenies() {
    PolicySet policies =
        Policies.of("package outrider\nallow := true\nobligations contains {\"paths\": []}");
    assertThat(deny(policies, "{}").cause()).isEqualTo(Cause.BAD_DECISION);
  }

  @Test
  void everyNamedPackageMustAllow() {
    String platform = "package platform\nallow := true\nwarn contains \"w1\"";
    String team =
        "package team\nallow if input.ok\ndeny contains \"d\" if input.bad\nwarn contains \"w2\"";
    PolicySet policies =
        Policies.of(PolicyOptions.DEFAULT.withPackages("platform", "team"), platform, team);
    assertThat(allow(policies, "{'ok': true}").warnings())
        .extracting(Reason::message)
        .containsExactly("w1", "w2");
    assertThat(deny(policies, "{}").cause()).isEqualTo(Cause.NOT_ALLOWED);
    assertThat(deny(policies, "{'ok': true, 'bad': true}").cause()).isEqualTo(Cause.DENY_RULE);
  }

  @Test
  void toolThatIsNotVisibleIsRefusedOnCallToo() {
    PolicySet policies =
        Policies.of("package outrider\nallow := true\nvisible := false if input.tool == \"x\"");
    assertThat(deny(policies, "{'tool': 'x'}").reasons())
        .extracting(Reason::code)
        .containsExactly("not_visible");
    assertThat(policies.decide(json("{'tool': 'y'}"))).isInstanceOf(Allow.class);
  }

  @Test
  void packageThatNobodyDefinesDenies() {
    assertThat(deny(Policies.of("package other\nallow := true"), "{}").cause())
        .isEqualTo(Cause.NOT_ALLOWED);
    assertThat(deny(Policies.of(PolicyOptions.DEFAULT.withPackages()), "{}").cause())
        .isEqualTo(Cause.NOT_ALLOWED);
  }

  @Test
  void verdictsInTheInputMeanNothing() {
    PolicySet policies = Policies.of("package outrider\nallow if input.user == \"root\"");
    assertThat(deny(policies, "{'allow': true, 'outrider': {'allow': true}, 'user': 'x'}").cause())
        .isEqualTo(Cause.NOT_ALLOWED);
  }

  @Test
  void responsesAreJudgedOnlyWhereAPolicyLooksAtThem() {
    assertThat(Policies.of("package outrider\nallow if input.user == \"x\"").judgesResponses())
        .isFalse();
    assertThat(
            Policies.of("package outrider\ndeny contains 1 if input.response.bytes > 3")
                .judgesResponses())
        .isTrue();
    assertThat(
            Policies.of("package outrider\ndeny contains 1 if { some k; input[k] == 3 }")
                .judgesResponses())
        .isTrue();
  }

  @Test
  void rulesThatAreNotAskedAboutResponsesDoNotMakeThemJudged() {
    String byPhase = "package outrider\nallow if input.phase == \"server_request\"\n";
    assertThat(Policies.of(byPhase).judgesResponses()).isFalse();
    assertThat(
            Policies.of(byPhase + "late if input.phase == \"response\"\ndeny contains 1 if late")
                .judgesResponses())
        .isTrue();
    assertThat(
            Policies.of(byPhase + "obligations contains o if o := input.response")
                .judgesResponses())
        .isTrue();
  }

  @Test
  void equalPoliciesHaveEqualDigests() {
    String module = "package outrider\nallow := true";
    assertThat(Policies.of(module).digest())
        .isEqualTo(Policies.of(module).digest())
        .startsWith("sha256:")
        .isNotEqualTo(Policies.of(module + "\n").digest());
  }

  /// Who reads a log must be able to read the documents its policies judged by.
  @Test
  void dataStandsInTheContentAsJson() {
    String text = "{\"a\":\"\\u001f\\u0007\\u200b\",\"n\":1.50}";
    String content =
        new String(
            Policies.loaded(json(text), "package outrider").content(), StandardCharsets.UTF_8);
    String document = content.substring(content.indexOf('{'));
    assertThat(RegoJson.read(document)).isEqualTo(RegoJson.read(text));
    assertThat(document).doesNotContain("\\x");
  }
}
