package io.outrider.app.cli;

import io.outrider.app.terminal.Fatal;
import io.outrider.policy.LoadOptions;
import java.util.List;
import picocli.CommandLine.Option;

/// What is left out of the folders that a command reads.
final class LoadingOptions {
  @Option(
      names = "--ignore",
      split = ",",
      paramLabel = "PATTERN",
      description = "Names of files and folders to leave out, such as '.*'; may be repeated.")
  private List<String> ignored = List.of();

  /// @param bundle whether only what belongs into a bundle is read; otherwise, as in opa, every
  ///   JSON and YAML file is a document at the path of its folder
  LoadOptions options(boolean tests, boolean bundle) {
    try {
      return new LoadOptions(tests, !bundle, ignored);
    } catch (IllegalArgumentException e) {
      throw new Fatal("--ignore: " + e.getMessage());
    }
  }
}
