package io.outrider.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BuiltinRulesTest {
  private static final long SEED = Long.getLong("test.seed", System.nanoTime());

  @Test
  void everyRuleIsUsable() {
    assertThat(RuleSet.builtin().problems()).isEmpty();
    assertThat(RuleSet.builtin().size()).isGreaterThan(200);
  }

  @Test
  void everySampleComesOutAsItSays() {
    RuleTests.Report report = RuleTests.run(RuleSet.builtin(), SEED);
    assertThat(report.failures()).as("seed %d", SEED).isEmpty();
    assertThat(report.withoutSamples()).isEmpty();
  }
}
