package io.outrider.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.policy.syntax.RegoVersion;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Modules from before Rego 1.0, with what OPA 1.22 says of each in version 0: its first mistake,
/// or the value of `data.t`, or the error that the evaluation ends with. `v0.jsonl` was recorded
/// with `src/test/go/opa-oracle`.
class RegoV0Test {
  private static final PolicyOptions V0 = PolicyOptions.DEFAULT.withRegoVersion(RegoVersion.V0);

  private static List<RegoObject> recorded() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(RegoV0Test.class.getResourceAsStream("v0.jsonl")),
                StandardCharsets.UTF_8))) {
      return lines.lines().map(line -> (RegoObject) RegoJson.read(line)).toList();
    }
  }

  private static String text(RegoValue value) {
    return ((RegoString) value).value();
  }

  private static String ours(String module) {
    LoadedPolicies policies = LoadedPolicies.of(new PolicySource("policy.rego", module));
    try {
      RegoQuery query = Rego.of(policies, V0).query("data.t");
      return query.value("{\"x\": 1}").map(RegoValue::toString).orElse("undefined");
    } catch (PolicyException e) {
      return e.diagnostics().getFirst().code() + ":" + e.diagnostics().getFirst().row();
    } catch (RegoException e) {
      return e.problem().code();
    }
  }

  @Test
  void oldModulesMeanWhatTheyMeanToOpa() throws IOException {
    List<String> wrong = new ArrayList<>();
    List<RegoObject> all = recorded();
    for (RegoObject entry : all) {
      String module = text(Objects.requireNonNull(entry.get("module")));
      RegoArray errors = (RegoArray) Objects.requireNonNull(entry.get("errors"));
      String expected =
          errors.isEmpty()
              ? text(Objects.requireNonNull(entry.get("value")))
              : text(errors.get(0)).split(" ", 2)[0];
      String ours = ours(module);
      if (!ours.equals(expected)) {
        wrong.add(module + "  opa: " + expected + "\n  ours: " + ours);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(all).hasSizeGreaterThan(80);
  }

  @Test
  void withoutTheOptionTheyAreRefused() {
    LoadedPolicies old = LoadedPolicies.of(new PolicySource("a.rego", "package a\np[1] { true }"));
    assertThatThrownBy(() -> Rego.of(old, PolicyOptions.DEFAULT))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("`contains` keyword is required");
  }

  @Test
  void whatIsSaidBesideTheTextCountsMoreThanTheOption() throws Exception {
    PolicySource old = new PolicySource("a.rego", "package a\np[1] { true }", RegoVersion.V0);
    PolicySource plain = new PolicySource("b.rego", "package b\np contains 1");
    LoadedPolicies mixed = LoadedPolicies.of(old, plain);
    assertThat(Rego.of(mixed, PolicyOptions.DEFAULT).query("data.a.p == data.b.p").isTrue("{}"))
        .isTrue();
    assertThat(mixed.digest())
        .isNotEqualTo(LoadedPolicies.of(new PolicySource(old.name(), old.text()), plain).digest());
  }
}
