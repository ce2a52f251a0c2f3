package io.outrider.policy.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyException;
import io.outrider.policy.PolicyOptions;
import io.outrider.policy.PolicySource;
import io.outrider.policy.Rego;
import io.outrider.policy.RegoException;
import io.outrider.policy.RegoQuery;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ModuleJsonTest {
  /// `module.json` is what `rego.parse_module("module.rego", ...)` gives in OPA 1.22.
  @Test
  void modulesAreWrittenAsOpaWritesThem() throws IOException {
    List<Diagnostic> problems = new ArrayList<>();
    Module module =
        Parser.parseModule(new Source("module.rego", resource("module.rego")), problems::add);
    assertThat(problems).isEmpty();
    RegoValue ours = ModuleJson.of(Objects.requireNonNull(module));
    assertThat(RegoJson.read(RegoJson.write(ours)))
        .isEqualTo(RegoJson.read(resource("module.json")));
  }

  @Test
  void policiesParseModulesOnlyWhereThatIsTurnedOn() throws PolicyException {
    String policy = "package p\n\nok := rego.parse_module(\"x.rego\", input).rules[0].head.name";
    assertThatThrownBy(() ->
            Rego.of(LoadedPolicies.of(new PolicySource("p.rego", policy)), PolicyOptions.DEFAULT))
        .hasMessageContaining("unsafe built-in function calls in expression: rego.parse_module");
    RegoQuery query =
        Rego.of(
                LoadedPolicies.of(new PolicySource("p.rego", policy)),
                PolicyOptions.DEFAULT.withBuiltins(List.of("rego.parse_module")))
            .query("data.p.ok");
    assertThat(query.value("\"package a\\nq := 1\"")).contains(RegoString.of("q"));
    assertThatThrownBy(() -> query.value("\"package a\\nq := ]\""))
        .isInstanceOf(RegoException.class)
        .hasMessageContaining(
            "rego.parse_module: 1 error occurred: x.rego:2: rego_parse_error: unexpected ] token");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ModuleJsonTest.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
