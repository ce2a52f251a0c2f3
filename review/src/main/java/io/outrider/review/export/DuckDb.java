package io.outrider.review.export;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Turns rows as JSON lines into Parquet with the `duckdb` executable, where there is one.
public final class DuckDb {
  private static final String COLUMNS =
      "{record: 'BIGINT', outcome_record: 'BIGINT', kind: 'VARCHAR', time: 'VARCHAR', call: 'VARCHAR',"
          + " user: 'VARCHAR', upstream: 'VARCHAR', method: 'VARCHAR', tool: 'VARCHAR',"
          + " verdict: 'VARCHAR', outcome: 'VARCHAR', rules: 'VARCHAR[]', reasons: 'VARCHAR[]',"
          + " latency_ms: 'DOUBLE', wait_ms: 'DOUBLE', redactions: 'BIGINT', session: 'VARCHAR',"
          + " event: 'VARCHAR', facts: 'JSON', checkpointed: 'BOOLEAN'}";

  private final Path executable;

  private DuckDb(Path executable) {
    this.executable = executable;
  }

  /// The executable on a search path such as `PATH`.
  public static Optional<DuckDb> on(String searchPath) {
    return Arrays.stream(searchPath.split(":", -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "duckdb"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(DuckDb::new);
  }

  /// Reads `rows` and writes `parquet`.
  ///
  /// @throws IOException with what `duckdb` said, if it failed
  public void parquet(Path rows, Path parquet) throws IOException, InterruptedException {
    String sql =
        "COPY (SELECT * FROM read_json("
            + text(rows)
            + ", format = 'newline_delimited', columns = "
            + COLUMNS
            + ")) TO "
            + text(parquet)
            + " (FORMAT parquet, COMPRESSION zstd)";
    Process process =
        new ProcessBuilder(List.of(executable.toString(), "-batch", "-c", sql))
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException("duckdb ended with " + status + ": " + said.strip());
    }
  }

  private static String text(Path path) {
    return "'" + path.toAbsolutePath().toString().replace("'", "''") + "'";
  }
}
