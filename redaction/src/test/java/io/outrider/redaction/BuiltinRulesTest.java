package io.outrider.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BuiltinRulesTest {
  private static final long SEED = Long.getLong("test.seed", 1);

  @Test
  void everyRuleIsUsable() {
    assertThat(RuleSet.builtin().problems()).isEmpty();
    assertThat(RuleSet.builtin().size()).isGreaterThan(200);
  }

  /// A sample that comes out only for most seeds promises more than its rule keeps:
  /// `-Dtest.seeds=500` tries many.
  @Test
  void everySampleComesOutAsItSays() {
    for (int i = 0; i < Integer.getInteger("test.seeds", 5); i++) {
      long seed = SEED + i;
      RuleTests.Report report = RuleTests.run(RuleSet.builtin(), seed);
      assertThat(report.failures()).as("seed %d", seed).isEmpty();
      assertThat(report.withoutSamples()).isEmpty();
    }
  }
}
