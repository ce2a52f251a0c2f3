package io.outrider.review.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plain|plain",
        "a, b|\"a, b\"",
        "say \"hi\"|\"say \"\"hi\"\"\"",
        "=HYPERLINK(1)|'=HYPERLINK(1)",
        "@SUM(A1)|'@SUM(A1)",
        "+1+cmd|'+1+cmd",
        "-1|-1",
        "-1.5|-1.5",
        "-1+cmd|'-1+cmd",
        "a\u202eb|a<U+202E>b"
      })
  void cellsAreQuotedAndNeverFormulas(String text, String cell) {
    assertThat(Csv.cell(text)).isEqualTo(cell);
  }
}
