package io.outrider.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// One run of the official conformance suite: every check it made, by scenario, in the order they
/// were made.
record Conformance(Map<String, List<Check>> checks) {
  /// The suite names a folder of results for the scenario and the time it ran.
  private static final Pattern FOLDER =
      Pattern.compile("(?:server-)?(.+)-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d-\\d{3}Z");

  /// One check.
  ///
  /// @param said what the suite tells of it, for whoever must find out why it failed
  record Check(String id, String status, String said) {
    private static final Check NONE = new Check("", "absent", "");

    boolean sameAs(Check other) {
      return id.equals(other.id) && status.equals(other.status);
    }
  }

  /// Runs the suite to its end and reads what it left in `out`.
  static Conformance run(Path out, Map<String, String> env, String... args) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "node",
                "--import",
                Repo.fixture("node20-globsync.mjs").toUri().toString(),
                Runtimes.nodeModules()
                    .resolve("@modelcontextprotocol/conformance/dist/index.js")
                    .toString()));
    line.addAll(List.of(args));
    line.addAll(List.of("--output-dir", out.toString()));
    ProcessBuilder builder = new ProcessBuilder(line).directory(Repo.e2e().toFile());
    builder.environment().putAll(env);
    Child.Done done = Child.run("conformance suite", builder, "");
    assertThat(out)
        .as("results of the suite; it said:%n%s%n%s", done.stdout(), done.stderr())
        .isDirectory();
    return read(out);
  }

  /// One line for each check that came out differently.
  List<String> differencesTo(Conformance direct) {
    List<String> differences = new ArrayList<>();
    var scenarios = new TreeSet<>(direct.checks.keySet());
    scenarios.addAll(checks.keySet());
    for (String scenario : scenarios) {
      List<Check> mine = checks.getOrDefault(scenario, List.of());
      List<Check> theirs = direct.checks.getOrDefault(scenario, List.of());
      for (int i = 0; i < Math.max(mine.size(), theirs.size()); i++) {
        Check expected = i < theirs.size() ? theirs.get(i) : Check.NONE;
        Check got = i < mine.size() ? mine.get(i) : Check.NONE;
        if (!got.sameAs(expected)) {
          differences.add(
              "%n%s: directly %s %s, through Outrider %s %s%n    %s"
                  .formatted(
                      scenario,
                      expected.id(),
                      expected.status(),
                      got.id(),
                      got.status(),
                      got.said()));
        }
      }
    }
    return differences;
  }

  long count(String status) {
    return checks.values().stream()
        .flatMap(List::stream)
        .filter(c -> c.status().equals(status))
        .count();
  }

  /// As the suite sums it up.
  String counts() {
    return "%d passed, %d failed, %d warnings in %d scenarios"
        .formatted(count("SUCCESS"), count("FAILURE"), count("WARNING"), checks.size());
  }

  private static Conformance read(Path out) {
    Map<String, List<Check>> checks = new TreeMap<>();
    try (Stream<Path> folders = Files.list(out)) {
      for (Path folder : folders.toList()) {
        Matcher m = FOLDER.matcher(folder.getFileName().toString());
        assertThat(m.matches()).as("%s", folder).isTrue();
        List<Check> all = new ArrayList<>();
        for (JsonNode check : Json.file(folder.resolve("checks.json"))) {
          if (check.path("status").stringValue("").equals("INFO")) {
            continue; // a note of what passed by, in an order of chance; not a verdict
          }
          all.add(
              new Check(
                  check.path("id").stringValue(""),
                  check.path("status").stringValue(""),
                  check.path("errorMessage").stringValue("") + " " + check.path("details")));
        }
        checks.put(m.group(1), all);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return new Conformance(checks);
  }
}
