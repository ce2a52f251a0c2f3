package io.outrider.redaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Runs what `docs/redaction.md` shows.
class RedactionPageTest {
  @Test
  void theRuleOfThePageWorks() throws IOException {
    RuleSet rules = RuleSet.load(List.of(RuleSource.toml("page", example(0))));
    assertThat(rules.problems()).isEmpty();
    assertThat(RuleTests.run(rules, 1).failures()).isEmpty();
    assertThat(rules.rules().getFirst().action()).isEqualTo(Action.BLOCK);
  }

  @Test
  void theExceptionOfThePageWorks() throws IOException {
    RuleSet rules =
        RuleSet.load(List.of(RuleSource.builtin(), RuleSource.toml("page", example(1))));
    assertThat(rules.problems()).isEmpty();
    assertThat(rules.names()).contains("token-field").doesNotContain("sk-key");
    Redactor redactor = Redactor.compile(rules, RedactionOptions.defaults());
    assertThat(redactor.redact(bytes("{\"token\":\"build-20261120\"}")).findings()).isEmpty();
    assertThat(redactor.redact(bytes("{\"buildToken\":\"q8w7e6r5t4y3\"}")).findings()).isEmpty();
    assertThat(redactor.redact(bytes("{\"token\":\"q8w7e6r5t4y3\"}")).findings())
        .extracting(Finding::rule, Finding::pointer, Finding::length, Finding::action)
        .containsExactly(tuple("token-field", "/token", 12, Action.ALERT));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String example(int index) throws IOException {
    Path page = Path.of(System.getProperty("outrider.root", ".."), "docs", "redaction.md");
    var blocks = Pattern.compile("(?s)```toml\n(.*?)```").matcher(Files.readString(page));
    return blocks.results().skip(index).findFirst().orElseThrow().group(1);
  }
}
