package io.outrider.app.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a query is asked of, as `opa eval` and `opa bench` take it.
final class QueryOptions {
  @Option(
      names = {"-d", "--data"},
      paramLabel = "PATH",
      description =
          "Policy files and folders; may be repeated. Default: the bundles of outrider.yaml, else policies/")
  @Nullable List<Path> data;

  @Option(
      names = {"-b", "--bundle"},
      paramLabel = "PATH",
      description =
          "Bundles: folders or .tar.gz files, of which only data.json and the like are read.")
  @Nullable List<Path> bundles;

  @Option(
      names = "--import",
      paramLabel = "PATH",
      description = "With a query: an import such as data.roles; may be repeated.")
  List<String> imports = List.of();

  @Option(
      names = {"-i", "--input"},
      paramLabel = "FILE",
      description = "The input document; '-' for standard input.")
  private @Nullable Path input;

  @Option(
      names = {"-I", "--stdin-input"},
      description = "Read the input document from standard input.")
  private boolean stdinInput;

  /// Where the input document is read from; null for none.
  @Nullable Path document() {
    return stdinInput ? Path.of("-") : input;
  }

  /// Whether policies are named on the command line.
  boolean namesPolicies() {
    return data != null || bundles != null;
  }
}
