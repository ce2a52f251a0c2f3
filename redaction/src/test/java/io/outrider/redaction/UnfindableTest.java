package io.outrider.redaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Keywords and names that never match would leave secrets in clear: they are told, not taken.
class UnfindableTest {
  private static RuleSet rules(String toml) {
    return RuleSet.load(List.of(RuleSource.toml("own.toml", toml)));
  }

  private static void refused(String toml, int line, String reason) {
    RuleSet rules = rules(toml);
    assertThat(rules.size()).isZero();
    assertThat(rules.problems())
        .extracting(
            Problem::source, Problem::line, Problem::rule, Problem::severity, Problem::reason)
        .containsExactly(tuple("own.toml", line, "r", Problem.Severity.ERROR, reason));
  }

  @Test
  void aKeywordBeyondAsciiIsRefused() {
    refused(
        "\n[[rules]]\nid = 'r'\nregex = '[0-9]{9}'\nkeywords = ['pin', 'cl\u00e9']\n",
        2, "keywords: cl\u00e9 (expected: ASCII)");
  }

  @Test
  void aNameThatNoMemberCanHaveIsRefused() {
    for (String name : List.of("cl\u00e9", "Pin", "my_pin", "")) {
      refused(
          "[[rules]]\nid = 'r'\n[rules.outrider]\nkind = 'key'\nnames = ['pin', '" + name + "']\n",
          3,
          "names: " + name + " (expected: lower-case letters and digits of ASCII, no separators)");
    }
  }

  @Test
  void anExceptionIsRefusedToo() {
    refused(
        "[[rules]]\nid = 'r'\n[rules.outrider]\nkind = 'key'\nnames = ['pin']\nexcept = ['\u00e9pin']\n",
        3,
        "except: \u00e9pin (expected: lower-case letters and digits of ASCII, no separators)");
  }

  @Test
  void aRuleIsNotAmendedWithSuch() {
    String rule = "[[rules]]\nid = 'r'\nregex = '[0-9]{9}'\nkeywords = ['pin']\n";
    RuleSet rules =
        RuleSet.load(
            List.of(
                RuleSource.toml("own.toml", rule),
                RuleSource.toml("more.toml", "[[rules]]\nid = 'r'\nkeywords = ['cl\u00e9']\n")));
    assertThat(rules.size()).isEqualTo(1);
    assertThat(rules.problems())
        .extracting(Problem::source, Problem::severity)
        .containsExactly(tuple("more.toml", Problem.Severity.ERROR));
  }
}
