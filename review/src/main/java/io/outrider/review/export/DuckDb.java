package io.outrider.review.export;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/// Turns rows as JSON lines into Parquet with the `duckdb` executable, where there is one.
public final class DuckDb {
  private static final String COLUMNS =
      "{record: 'BIGINT', outcome_record: 'BIGINT', kind: 'VARCHAR', time: 'VARCHAR', call: 'VARCHAR',"
          + " user: 'VARCHAR', upstream: 'VARCHAR', method: 'VARCHAR', tool: 'VARCHAR',"
          + " verdict: 'VARCHAR', outcome: 'VARCHAR', rules: 'VARCHAR[]', reasons: 'VARCHAR[]',"
          + " latency_ms: 'DOUBLE', wait_ms: 'DOUBLE', redactions: 'BIGINT', session: 'VARCHAR',"
          + " event: 'VARCHAR', facts: 'JSON', checkpointed: 'BOOLEAN'}";

  private static final Duration LOOK = Duration.ofMillis(500);

  /// Between asking the program to end and ending it.
  private static final Duration GRACE = Duration.ofSeconds(2);

  /// Of what it says of an error, the beginning names it.
  private static final int MOST_SAID = 4_000;

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
  /// @param limit how long it may take
  /// @param progress told about twice a second how many bytes are written
  /// @throws IOException with what `duckdb` said, if it failed or took too long; it does not run
  ///   any more then
  public void parquet(Path rows, Path parquet, Duration limit, LongConsumer progress)
      throws IOException, InterruptedException {
    String sql =
        "COPY (SELECT * FROM read_json("
            + text(rows)
            + ", format = 'newline_delimited', columns = "
            + COLUMNS
            + ")) TO "
            + text(parquet)
            + " (FORMAT parquet, COMPRESSION zstd)";
    Path said = Files.createTempFile("outrider-duckdb", ".txt");
    try {
      Process process =
          new ProcessBuilder(List.of(executable.toString(), "-batch", "-c", sql))
              .redirectErrorStream(true)
              // Not a pipe: whatever else holds it open, and however much is said, nobody waits.
              .redirectOutput(said.toFile())
              .start();
      Thread end = new Thread(process::destroyForcibly);
      Runtime.getRuntime().addShutdownHook(end);
      try {
        process.getOutputStream().close();
        await(process, parquet, limit, progress);
      } finally {
        stop(process);
        Runtime.getRuntime().removeShutdownHook(end);
      }
      if (process.exitValue() != 0) {
        throw new IOException("duckdb ended with " + process.exitValue() + ": " + beginning(said));
      }
    } finally {
      Files.deleteIfExists(said);
    }
  }

  private static void await(Process process, Path parquet, Duration limit, LongConsumer progress)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
      if (System.nanoTime() - began > limit.toNanos()) {
        throw new IOException(
            "duckdb took longer than "
                + limit.toSeconds()
                + " s and was ended (expected: less; --time-limit gives it more)");
      }
      progress.accept(Files.exists(parquet) ? Files.size(parquet) : 0);
    }
  }

  /// Asks first, so that it can remove what it wrote besides.
  private static void stop(Process process) {
    if (!process.isAlive()) {
      return;
    }
    process.destroy();
    boolean interrupted = Thread.interrupted();
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static String beginning(Path said) throws IOException {
    try (InputStream in = Files.newInputStream(said)) {
      return new String(in.readNBytes(MOST_SAID), StandardCharsets.UTF_8).strip();
    }
  }

  private static String text(Path path) {
    return "'" + path.toAbsolutePath().toString().replace("'", "''") + "'";
  }
}
