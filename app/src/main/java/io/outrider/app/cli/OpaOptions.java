package io.outrider.app.cli;

import io.outrider.app.terminal.Fatal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/// Options of `opa` that make no difference here, so that scripts may go on giving them, and those
/// that would, which are refused.
final class OpaOptions {
  private static final String WHOLE = "inputs are evaluated as a whole, never in part";
  private static final String ONE_WAY = "there is one way to evaluate, without stages to choose";

  /// Why not.
  private static final Map<String, String> REFUSED =
      new TreeMap<>(
          Map.of(
              "--partial", WHOLE,
              "--unknowns", WHOLE,
              "--disable-inlining", WHOLE,
              "--shallow-inlining", WHOLE,
              "--nondeterminstic-builtins", WHOLE,
              "--optimize", ONE_WAY,
              "--profile", "--metrics gives the time of each step, policy bench that of a query",
              "--instrument", "--metrics gives the time of each step",
              "--show-builtin-errors", "--strict-builtin-errors shows the first of them"));

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(names = "--disable-early-exit", hidden = true)
  private boolean noEarlyExit;

  @Option(names = "--disable-indexing", hidden = true)
  private boolean noIndexing;

  @Option(names = "--optimize-store-for-read-speed", hidden = true)
  private boolean readSpeed;

  @Option(
      names = {"--coverage-runs", "--pretty-limit", "--profile-limit", "--profile-sort"},
      hidden = true)
  private List<String> layout = List.of();

  @Option(
      names = {"-t", "--target"},
      hidden = true)
  private String target = "rego";

  @Option(
      names = {"-p", "--partial"},
      hidden = true)
  private boolean partial;

  @Option(
      names = {"-u", "--unknowns"},
      hidden = true)
  private List<String> unknowns = List.of();

  @Option(names = "--disable-inlining", hidden = true)
  private List<String> inlining = List.of();

  @Option(
      names = {"-O", "--optimize"},
      hidden = true)
  private int optimize;

  @Option(names = "--shallow-inlining", hidden = true)
  private boolean shallow;

  @Option(names = "--nondeterminstic-builtins", hidden = true)
  private boolean nondeterministic;

  @Option(names = "--profile", hidden = true)
  private boolean profile;

  @Option(names = "--instrument", hidden = true)
  private boolean instrument;

  @Option(names = "--show-builtin-errors", hidden = true)
  private boolean everyError;

  /// Refuses what would make a difference, with its name.
  void check() {
    if (!target.equals("rego")) {
      throw new Fatal(
          "--target: " + target + " (expected: rego; policies are not compiled to wasm)");
    }
    ParseResult given = Objects.requireNonNull(command).commandLine().getParseResult();
    REFUSED.forEach((name, why) -> {
      if (given.hasMatchedOption(name) && !isOff(name)) {
        throw new Fatal(name + ": not supported: " + why);
      }
    });
  }

  private boolean isOff(String name) {
    return name.equals("--optimize") && optimize == 0;
  }
}
