package io.outrider.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.policy.syntax.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputSchemaTest {
  private static final Path POLICIES =
      Path.of(System.getProperty("outrider.root", "..")).resolve("policies");

  private static List<Diagnostic> check(String rule, boolean knownInput) {
    return PolicyTools.check(
        LoadedPolicies.of(new PolicySource("a.rego", "package outrider\n\n" + rule + "\n")),
        PolicyOptions.DEFAULT.withKnownInput(knownInput));
  }

  @Test
  void schemaIsThePublishedOne() throws IOException {
    assertThat(InputSchema.read())
        .isEqualTo(Files.readAllBytes(POLICIES.resolve("schema/outrider.input.1.json")));
  }

  @Test
  void misspeltInputIsReportedWithANearName() {
    assertThat(check("allow if input.mcp.nmae == \"echo\"", true))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.code()).isEqualTo(Diagnostic.TYPE);
          assertThat(problem.row()).isEqualTo(3);
          assertThat(problem.message()).isEqualTo("undefined ref: input.mcp.nmae");
          assertThat(problem.hint()).isEqualTo("did you mean name?");
        });
  }

  @Test
  void inputOfOtherProgramsIsNobodysBusiness() {
    assertThat(check("allow if input.mcp.nmae == \"echo\"", false)).isEmpty();
  }

  @Test
  void argumentsMayBeAnything() {
    assertThat(check("allow if input.arguments.amount < input.arguments.limits[0].max", true))
        .isEmpty();
  }

  @Test
  void shippedPoliciesAndTheirTestsFitTheSchema() throws IOException {
    for (Path folder : Files.list(POLICIES).filter(Files::isDirectory).sorted().toList()) {
      LoadedPolicies policies = PolicyLoader.load(List.of(folder), true);
      assertThat(PolicyTools.check(policies, PolicyOptions.DEFAULT.withKnownInput(true)))
          .as(folder.toString())
          .isEmpty();
    }
  }
}
