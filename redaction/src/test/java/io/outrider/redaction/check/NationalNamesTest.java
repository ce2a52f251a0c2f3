package io.outrider.redaction.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class NationalNamesTest {
  @Test
  void everyNumberHasItsName() {
    assertThat(NationalNames.ALL)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(NationalId.values())
                .map(id -> id.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList());
  }
}
