package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks a real `opa` and these commands the same, and compares what they say. Skipped, with a word,
/// where there is no `opa`: neither on the PATH nor where `e2e/setup-runtimes.sh` puts it.
@Timeout(120)
class OpaParityTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> SHIPPED =
      List.of(
          "starter", "demo", "allow-all", "roles", "read-only", "paths", "sql", "shell", "hours");

  @TempDir private Path folder;
  private Path opa = Path.of("opa");

  @BeforeEach
  void findOpa() {
    List<Path> places = new ArrayList<>();
    for (String entry : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      places.add(Path.of(entry));
    }
    places.add(ROOT.resolve("e2e/runtimes/go/bin"));
    @Nullable Path found =
        places.stream()
            .map(place -> place.resolve("opa"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    assumeThat(found).as("opa is not installed: e2e/setup-runtimes.sh does that").isNotNull();
    opa = found == null ? opa : found;
  }

  private Ran opa(Path in, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(opa.toString()));
    command.addAll(List.of(args));
    Path err = folder.resolve("opa.err");
    Process process =
        new ProcessBuilder(command).directory(in.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), out, Files.readString(err));
  }

  /// The outcome of every test and case, by name.
  private static Map<String, List<Object>> outcomes(Ran ran) {
    Map<String, List<Object>> outcomes = new TreeMap<>();
    for (JsonNode test : JsonMapper.shared().readTree(ran.out())) {
      String name = test.get("package").asString() + "." + test.get("name").asString();
      String outcome =
          test.has("error")
              ? "ERROR"
              : test.has("fail") ? "FAIL" : test.has("skip") ? "SKIPPED" : "PASS";
      outcomes.put(name, List.of(outcome, test.path("sub_results")));
    }
    return outcomes;
  }

  @Test
  void shippedTestsEndAlike() throws Exception {
    Path policies = ROOT.resolve("policies");
    int tests = 0;
    for (String name : SHIPPED) {
      Ran theirs = opa(policies, "test", "-f", "json", name);
      Ran ours = Ran.in(policies, "policy", "test", "-f", "json", name);

      assertThat(outcomes(ours)).as(name).isEqualTo(outcomes(theirs));
      assertThat(ours.status()).as(name).isEqualTo(theirs.status()).isZero();
      tests += outcomes(ours).size();
    }
    System.out.println("opa: " + tests + " shipped tests end alike");
    assertThat(tests).isGreaterThan(50);
  }

  @Test
  void shippedPoliciesAreFineAndLaidOutForBoth() throws Exception {
    Path policies = ROOT.resolve("policies");
    for (String name : SHIPPED) {
      assertThat(opa(policies, "check", "--strict", name).status()).as(name).isZero();
      assertThat(Ran.in(policies, "policy", "check", "--strict", name).status()).as(name).isZero();
    }
    assertThat(opa(policies, "fmt", "--list", ".").out()).isEmpty();
    assertThat(Ran.in(policies, "policy", "fmt", "--list", ".").out()).isEmpty();
  }

  private static final String POLICY =
      """
      package p

      default allow := false

      allow if {
      	input.user == "ann"
      	some role in data.p.roles
      	role == "admin"
      }

      roles contains "admin" if input.admin

      f(x) := x + 1

      nested[a][b] := c if {
      	some a in ["x", "y"]
      	some b, c in [1, 2]
      }
      """;

  private static final String TESTS =
      """
      package p_test

      import data.p

      test_ann if p.allow with input as {"user": "ann", "admin": true}

      test_bob if not p.allow with input.user as "bob"

      test_wrong if {
      	x := p.f(1)
      	x == 3
      }

      test_case[name] if {
      	some name, n in {"two": 1, "three": 7}
      	p.f(n) < 5
      }

      test_deep[a][b] if {
      	some a in ["m", "n"]
      	some b in ["o"]
      	a == "m"
      }

      todo_test_later if false

      test_twice if true

      test_twice if 1 == 2
      """;

  private void write() throws IOException {
    Files.writeString(folder.resolve("p.rego"), POLICY);
    Files.writeString(folder.resolve("p_test.rego"), TESTS);
    Files.writeString(folder.resolve("input.json"), "{\"user\": \"ann\", \"admin\": true}");
  }

  @Test
  void resultsAndExitsOfTestsAreTheSame() throws Exception {
    write();
    for (String[] flags :
        List.of(
            new String[] {},
            new String[] {"-r", "ann|bob"},
            new String[] {"-r", "todo"},
            new String[] {"-r", "todo", "-z"},
            new String[] {"-r", "nothing"})) {
      String[] args = with(new String[] {"-f", "json", "."}, flags);
      Ran theirs = opa(folder, with(new String[] {"test"}, args));
      Ran ours = Ran.in(folder, with(new String[] {"policy", "test"}, args));

      assertThat(ours.status()).as(String.join(" ", args)).isEqualTo(theirs.status());
      if (ours.err().isEmpty()) {
        assertThat(outcomes(ours)).as(String.join(" ", args)).isEqualTo(outcomes(theirs));
      }
    }
  }

  @Test
  void coverageCountsTheSameLines() throws Exception {
    write();
    String[] args = {"test", "-c", "-r", "ann|bob", "."};
    JsonNode theirs = JsonMapper.shared().readTree(opa(folder, args).out());
    JsonNode ours =
        JsonMapper.shared().readTree(Ran.in(folder, with(new String[] {"policy"}, args)).out());

    for (String name : List.of("covered_lines", "not_covered_lines", "coverage")) {
      assertThat(ours.get(name)).as(name).isEqualTo(theirs.get(name));
      for (String file : List.of("p.rego", "p_test.rego")) {
        // Ours names files as the command found them.
        assertThat(ours.get("files").get(folder + "/" + file).get(name))
            .as(file + " " + name)
            .isEqualTo(theirs.get("files").get(file).get(name));
      }
    }
    assertThat(Ran.in(folder, "policy", "test", "--threshold", "99", "-r", "ann", ".").status())
        .isEqualTo(opa(folder, "test", "--threshold", "99", "-r", "ann", ".").status())
        .isEqualTo(2);
  }

  @Test
  void queriesHaveTheSameResultsInEveryFormat() throws Exception {
    write();
    for (String query :
        List.of(
            "data.p.allow",
            "x := data.p.f(2); y := [x, \"z\"]",
            "data.p.nested[a][b]",
            "input.nothing",
            "1 == 2",
            "to_number(\"x\")",
            "some r in data.p.roles",
            "{\"a\": {1, 2}}",
            "\"text\"")) {
      for (String format : List.of("json", "pretty", "values", "bindings", "raw", "discard")) {
        String[] args = {"eval", "-d", "p.rego", "-i", "input.json", "-f", format, query};
        Ran theirs = opa(folder, args);
        Ran ours = Ran.in(folder, with(new String[] {"policy"}, args));

        String what = query + " as " + format;
        assertThat(ours.status()).as(what).isEqualTo(theirs.status());
        if (format.equals("json")) {
          assertThat(JsonMapper.shared().readTree(ours.out()))
              .as(what)
              .isEqualTo(JsonMapper.shared().readTree(theirs.out()));
        } else {
          assertThat(ours.out()).as(what).isEqualTo(theirs.out());
        }
      }
    }
  }

  @Test
  void exitsOfEvalAndCheckAndFmtAreTheSame() throws Exception {
    write();
    Files.writeString(folder.resolve("broken.rego"), "package b\n\np if {\n");
    Files.writeString(folder.resolve("ugly.rego"), "package   u\n");
    Files.writeString(folder.resolve("any.json"), "{}");
    for (String[] args :
        List.of(
            new String[] {"eval", "--fail", "input.x"},
            new String[] {"eval", "--fail-defined", "input.x"},
            new String[] {"eval", "--fail-defined", "true"},
            new String[] {"eval", "--strict-builtin-errors", "1 / 0"},
            new String[] {"eval", "x +"},
            new String[] {"eval", "x > 1"},
            // Without a schema ours takes that of Outrider's own input, where there is no "user".
            new String[] {"check", "--schema", "any.json", "p.rego"},
            new String[] {"check", "broken.rego"},
            new String[] {"check", "-f", "json", "broken.rego"},
            new String[] {"fmt", "--list", "p.rego"},
            new String[] {"fmt", "--list", "--fail", "ugly.rego"},
            new String[] {"fmt", "--list", "ugly.rego"},
            new String[] {"fmt", "--fail", "ugly.rego"},
            new String[] {"fmt", "broken.rego"},
            new String[] {"test", "broken.rego"},
            new String[] {"test", "--fail-on-empty", "p.rego"})) {
      assertThat(Ran.in(folder, with(new String[] {"policy"}, args)).status())
          .as(String.join(" ", args))
          .isEqualTo(opa(folder, args).status());
    }
  }

  private static String[] with(String[] first, String[] second) {
    return Stream.concat(Stream.of(first), Stream.of(second)).toArray(String[]::new);
  }
}
