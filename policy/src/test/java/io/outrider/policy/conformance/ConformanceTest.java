package io.outrider.policy.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// OPA's evaluation cases, read from the folder named by `-Dopa.cases=DIR`, or from
/// `shared/opa-cases` beside the project; and cases of our own in the same form, which are part of
/// the project.
///
/// `unsupported.txt` names the cases that do not pass and says why. A case named there that passes
/// fails the build, as does any other that does not.
class ConformanceTest {
  private static Path folder() {
    String named = System.getProperty("opa.cases");
    return named != null
        ? Path.of(named)
        : Path.of(System.getProperty("outrider.root", "."), "..", "shared", "opa-cases")
            .normalize();
  }

  private static Map<String, String> unsupported() throws IOException {
    Map<String, String> reasons = new LinkedHashMap<>();
    try (InputStream in = ConformanceTest.class.getResourceAsStream("unsupported.txt")) {
      assertThat(in).isNotNull();
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      String reason = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("#")) {
          reason = line.substring(1).strip();
        } else if (!line.isBlank()) {
          reasons.put(line.strip(), reason);
        }
      }
    }
    return reasons;
  }

  @TestFactory
  Stream<DynamicTest> everyOpaCaseGivesWhatOpaGives() throws IOException {
    Path folder = folder();
    assumeTrue(
        Files.isDirectory(folder),
        "OPA's cases are not here: " + folder + " (name their folder with -Dopa.cases=DIR)");
    Map<String, String> unsupported = unsupported();
    List<OpaCase> cases = OpaCase.below(folder);
    AtomicInteger passed = new AtomicInteger();
    List<DynamicTest> tests = new ArrayList<>();
    for (OpaCase c : cases) {
      tests.add(
          DynamicTest.dynamicTest(c.id() + " " + c.note(), () -> check(c, unsupported, passed)));
    }
    tests.add(
        DynamicTest.dynamicTest(
            "count",
            () -> {
              System.out.printf(
                  "OPA cases: %d of %d pass, %d are listed as unsupported%n",
                  passed.get(), cases.size(), unsupported.size());
              List<String> ids = cases.stream().map(OpaCase::id).toList();
              assertThat(unsupported.keySet()).as("listed but not there").isSubsetOf(ids);
            }));
    return tests.stream();
  }

  private static void check(OpaCase c, Map<String, String> unsupported, AtomicInteger passed) {
    String reason = unsupported.get(c.id());
    String problem = run(c);
    if (problem == null) {
      passed.incrementAndGet();
    }
    if (problem == null && reason != null) {
      fail("passes now; take it out of unsupported.txt (it was listed for: " + reason + ")");
    }
    if (problem != null && reason == null) {
      fail(problem);
    }
  }

  private static @Nullable String run(OpaCase c) {
    try {
      return OpaCaseRunner.run(c);
    } catch (RuntimeException | StackOverflowError e) {
      return "thrown: " + e;
    }
  }

  @TestFactory
  Stream<DynamicTest> everyCaseOfOurOwnPasses() throws Exception {
    Path folder = Path.of(ConformanceTest.class.getResource("cases").toURI());
    return OpaCase.below(folder).stream()
        .map(c ->
            DynamicTest.dynamicTest(
                c.id() + " " + c.note(),
                () -> assertThat(OpaCaseRunner.run(c)).as(c.query()).isNull()));
  }

  @Test
  void listOfUnsupportedCasesGivesAReasonForEach() throws IOException {
    assertThat(unsupported().values()).noneMatch(String::isBlank);
  }
}
