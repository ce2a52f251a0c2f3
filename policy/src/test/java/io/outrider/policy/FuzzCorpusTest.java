package io.outrider.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.policy.eval.EvaluatorFuzz;
import io.outrider.policy.syntax.ParserFuzz;
import io.outrider.policy.syntax.ScannerFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs each fuzz target once over every file of its corpus, which holds seeds and whatever has
/// failed before. `fuzz.sh` lets Jazzer look for more.
class FuzzCorpusTest {
  private static final Map<String, Consumer<byte[]>> TARGETS =
      Map.of(
          "scanner", ScannerFuzz::fuzzerTestOneInput,
          "parser", ParserFuzz::fuzzerTestOneInput,
          "evaluator", EvaluatorFuzz::fuzzerTestOneInput,
          "bundle", BundleFuzz::fuzzerTestOneInput);

  @TestFactory
  Stream<DynamicTest> everyTargetBearsItsCorpus() throws Exception {
    Path corpus = Path.of(FuzzCorpusTest.class.getResource("fuzz").toURI());
    return TARGETS.entrySet().stream()
        .flatMap(target -> {
          List<Path> files = files(corpus.resolve(target.getKey()));
          assertThat(files).as(target.getKey()).isNotEmpty();
          return files.stream()
              .map(file ->
                  DynamicTest.dynamicTest(
                      target.getKey() + " " + file.getFileName(),
                      () -> target.getValue().accept(Files.readAllBytes(file))));
        });
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(folder + ": " + e.getMessage(), e);
    }
  }
}
