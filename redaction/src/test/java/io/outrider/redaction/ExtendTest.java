package io.outrider.redaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rule files that build on others, as gitleaks lets them.
class ExtendTest {
  private static final String BASE =
      "[[rules]]\nid='one'\nregex='one-[0-9]{6}'\n[[rules]]\nid='two'\nregex='two-[0-9]{6}'\n";

  @TempDir private Path folder;

  private RuleSet load(String own) throws IOException {
    Files.writeString(folder.resolve("base.toml"), BASE);
    Path file = Files.writeString(folder.resolve("own.toml"), own);
    return RuleSet.load(List.of(RuleSource.file(file)));
  }

  @Test
  void aFileBringsTheOneItExtendsLessWhatItDisables() throws IOException {
    RuleSet rules =
        load(
            "[extend]\npath='base.toml'\ndisabledRules=['two']\n"
                + "[[rules]]\nid='three'\nregex='three-[0-9]{6}'\n");
    assertThat(rules.problems()).isEmpty();
    assertThat(rules.rules()).extracting(RuleInfo::id).containsExactly("one", "three");
  }

  @Test
  void aRuleOfTheFileReplacesOrAmendsTheOneItExtends() throws IOException {
    RuleSet rules =
        load(
            "[extend]\npath='base.toml'\n[[rules]]\nid='one'\nregex='uno-[0-9]{6}'\n"
                + "[[rules]]\nid='two'\n[rules.allowlist]\nregexes=['two-000000']\n");
    Redactor redactor = Redactor.compile(rules, RedactionOptions.defaults());
    assertThat(redactor.redactText("one-123456 uno-123456 two-123456 two-000000"))
        .isEqualTo("one-123456 [REDACTED:one] [REDACTED:two] two-000000");
  }

  @Test
  void useDefaultBringsTheBuiltInRules() throws IOException {
    RuleSet rules = load("[extend]\nuseDefault=true\ndisabledRules=['stripe-key']\n");
    assertThat(rules.problems()).isEmpty();
    assertThat(rules.names()).contains("github-ghp").doesNotContain("stripe-key");
  }

  @Test
  void anAmendmentThatMeansNobodySaysWhoWasMeant() throws IOException {
    assertThat(load("[extend]\npath='base.toml'\n[[rules]]\nid='on'\n").problems())
        .extracting(Problem::severity, Problem::reason)
        .containsExactly(
            tuple(
                Problem.Severity.ERROR,
                "it has no regex, and no earlier rule has this id to be amended ('one'?)"));
  }

  @Test
  void anExceptionByNameForARuleWithoutNamesIsTold() throws IOException {
    RuleSet rules =
        load(
            "[extend]\npath='base.toml'\n[[rules]]\nid='one'\n[rules.outrider]\nexcept=['buildid']\n");
    assertThat(rules.problems())
        .singleElement()
        .satisfies(p -> {
          assertThat(p.severity()).isEqualTo(Problem.Severity.WARNING);
          assertThat(p.reason()).contains("except has no effect", "use an allow-list");
        });
    assertThat(rules.names()).contains("one");
  }

  @Test
  void aCircleIsRefused() {
    assertThatThrownBy(() -> load("[extend]\npath='own.toml'\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in a circle");
  }
}
