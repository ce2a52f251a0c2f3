package io.outrider.review.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlQueryTest {
  private static final String NUMBERS =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT ";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void anIndex() throws Exception {
    file = folder.resolve("audit.sqlite");
    try (Connection made = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      made.createStatement().execute("CREATE TABLE calls (record INTEGER)");
    }
  }

  private SqlAnswer ask(String sql, int limit) throws SqlException {
    return new SqlQuery(file, Duration.ofSeconds(20)).ask(sql, limit);
  }

  @Test
  void anAnswerEndsAtTheRowsAskedFor() throws Exception {
    assertThat(ask(NUMBERS + "i FROM n LIMIT 10", 10).cut()).isEqualTo(SqlAnswer.Cut.NONE);
    SqlAnswer cut = ask(NUMBERS + "i FROM n LIMIT 11", 10);
    assertThat(cut.rows()).hasSize(10);
    assertThat(cut.cut()).isEqualTo(SqlAnswer.Cut.ROWS);
  }

  @Test
  void manySmallishValuesDoNotFillTheMemory() throws Exception {
    SqlAnswer cut = ask(NUMBERS + "hex(zeroblob(500000)), i FROM n LIMIT 100000", 100_000);

    assertThat(cut.cut()).isEqualTo(SqlAnswer.Cut.BYTES);
    assertThat(cut.rows()).hasSizeBetween(30, 34).allSatisfy(row -> assertThat(row).hasSize(2));
    assertThat(ask(NUMBERS + "i FROM n LIMIT 5000000", 5_000_000).rows())
        .hasSizeLessThan(2_000_000);
  }

  @Test
  void aRowThatIsTooLargeAloneIsRefusedWithAdvice() {
    String value = "hex(zeroblob(8000000))";

    assertThatThrownBy(() -> ask("SELECT " + (value + ", ").repeat(9) + value, 10))
        .isInstanceOf(SqlException.class)
        .hasMessageContaining("the first row alone has more than 64 MiB")
        .hasMessageContaining("substr");
  }

  @Test
  void nothingCanBeChangedAndNoTimeIsWasted() {
    assertThatThrownBy(() -> ask("DELETE FROM calls", 10)).hasMessageContaining("a SELECT");
    assertThatThrownBy(() ->
            new SqlQuery(file, Duration.ofSeconds(7), new Clock()::nanos)
                .ask(NUMBERS + "count(*) FROM n", 10))
        .hasMessageContaining("stopped after 7 s");
  }

  /// Each look is a second later.
  private static final class Clock {
    private long now;

    private long nanos() {
      now += 1_000_000_000;
      return now;
    }
  }
}
