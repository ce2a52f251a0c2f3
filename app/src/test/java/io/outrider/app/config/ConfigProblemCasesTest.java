package io.outrider.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each `config-problems/NAME.yaml` gives exactly the problems in `NAME.expected`, in that order.
class ConfigProblemCasesTest {
  private static final Path CASES = Path.of("src", "test", "resources", "config-problems");

  static List<Path> cases() throws IOException {
    try (Stream<Path> files = Files.list(CASES)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void everyProblemIsReportedWithItsPlace(Path file) throws IOException {
    Path expected = Path.of(file.toString().replace(".yaml", ".expected"));

    assertThatThrownBy(() -> ConfigFile.read(file, Map.of()))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e -> {
              String found =
                  String.join(
                          "\n",
                          e.problems().stream()
                              .map(p -> p.toString().replace(CASES + "/", ""))
                              .toList())
                      + "\n";
              assertThat(found).doesNotContain("hunter2");
              if (Boolean.getBoolean("update.expected")) {
                write(expected, found);
              }
              assertThat(expected).hasContent(found);
            });
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
