package io.outrider.policy.differ;

import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A running `opa-oracle` (see `src/test/go`): one question and one answer at a time.
public final class Oracle implements AutoCloseable {
  private final Process process;
  private final BufferedWriter questions;
  private final BufferedReader answers;

  private Oracle(Path program) throws IOException {
    process =
        new ProcessBuilder(program.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    questions =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /// The oracle, where it has been built: at the path in the system property `opa.oracle`, or in
  /// `target`.
  public static Optional<Oracle> find() {
    Path program = Path.of(System.getProperty("opa.oracle", "target/opa-oracle"));
    if (!Files.isExecutable(program)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Oracle(program));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public RegoObject ask(RegoObject question) {
    try {
      questions.write(RegoJson.write(question));
      questions.write('\n');
      questions.flush();
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException("the oracle ended");
      }
      return (RegoObject) RegoJson.read(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      questions.close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
