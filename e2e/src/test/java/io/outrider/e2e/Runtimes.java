package io.outrider.e2e;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// The servers and clients that `setup-runtimes.sh` installs, and the assumptions that skip a test
/// where they are not.
///
/// A build that must not skip, such as CI, names what it installed in the environment variable
/// `OUTRIDER_E2E_REQUIRE` (`node,python`): what is named there and missing fails instead.
final class Runtimes {
  private static final Path NODE = Repo.e2e().resolve("runtimes/node/node_modules");
  private static final Path PYTHON = Repo.e2e().resolve("runtimes/python/.venv");
  private static final Set<String> REQUIRED =
      Set.copyOf(
          Arrays.asList(System.getenv().getOrDefault("OUTRIDER_E2E_REQUIRE", "").split(",")));

  private Runtimes() {}

  static void need(String runtime) {
    switch (runtime) {
      case "node" ->
          check(
              runtime,
              onPath("node") && Files.isRegularFile(NODE.resolve(".ready")),
              "Node 20 and its MCP servers and clients");
      case "python" ->
          check(
              runtime,
              Files.isRegularFile(PYTHON.resolve(".ready")),
              "Python 3.11 and its MCP servers and clients");
      case "java" -> {}
      default -> throw new IllegalArgumentException("no such runtime: " + runtime);
    }
  }

  /// A command line that runs one of the installed npm commands.
  static List<String> npm(String bin, String... args) {
    return command("node", NODE.resolve(".bin").resolve(bin).toString(), args);
  }

  /// A command line that runs a script of `fixtures/` on Node.
  static List<String> node(String fixture, String... args) {
    return command("node", Repo.fixture(fixture).toString(), args);
  }

  /// A command line that runs a script of `fixtures/` on Python.
  static List<String> python(String fixture, String... args) {
    return command(PYTHON.resolve("bin/python").toString(), Repo.fixture(fixture).toString(), args);
  }

  /// A command line that runs one of the installed Python commands.
  static List<String> pip(String bin, String... args) {
    List<String> all = new ArrayList<>(List.of(PYTHON.resolve("bin").resolve(bin).toString()));
    all.addAll(Arrays.asList(args));
    return all;
  }

  static Path nodeModules() {
    return NODE;
  }

  static boolean onPath(String tool) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(dir -> Files.isExecutable(Path.of(dir, tool)));
  }

  private static List<String> command(String program, String script, String... args) {
    List<String> all = new ArrayList<>(List.of(program, script));
    all.addAll(Arrays.asList(args));
    return all;
  }

  private static void check(String runtime, boolean there, String what) {
    if (there) {
      return;
    }
    String message = what + " are not installed: run e2e/setup-runtimes.sh " + runtime;
    if (REQUIRED.contains(runtime)) {
      fail(message);
    }
    abort(message);
  }
}
