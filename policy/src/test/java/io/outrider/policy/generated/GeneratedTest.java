package io.outrider.policy.generated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Generated programs, with the answers of OPA 1.22.0 as [Differential] recorded them.
class GeneratedTest {
  /// Beyond these a failing run says nothing new.
  private static final int SHOWN = 10;

  @Test
  void everyRecordedAnswerOfOpaIsOurs() throws Exception {
    List<String> differences = new ArrayList<>();
    int pairs = 0;
    try (InputStream in = GeneratedTest.class.getResourceAsStream("answers.jsonl.gz")) {
      assertThat(in).isNotNull();
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        RegoObject program = (RegoObject) RegoJson.read(line);
        List<String> modules = new ArrayList<>();
        array(program, "m").forEach(module -> modules.add(((RegoString) module).value()));
        Ours ours = new Ours(modules, text(program, "d"));
        for (RegoValue item : array(program, "c")) {
          pairs++;
          String difference = difference(ours, (RegoObject) item);
          if (difference != null && differences.size() < SHOWN) {
            differences.add(String.join("\n", modules) + text(program, "d") + "\n" + difference);
          }
        }
      }
    }
    assertThat(differences).isEmpty();
    System.out.println("generated programs: " + pairs + " answers of OPA are ours too");
    assertThat(pairs).isGreaterThanOrEqualTo(20_000);
  }

  private static @Nullable String difference(Ours ours, RegoObject item) {
    Case.Question question =
        new Case.Question(text(item, "q"), text(item, "i"), item.get("s") == RegoBoolean.TRUE);
    String answer = ours.ask(question).line();
    return answer.equals(text(item, "a"))
        ? null
        : question + "\nours: " + answer + "\nOPA:  " + text(item, "a");
  }

  private static RegoArray array(RegoObject object, String key) {
    return object.get(key) instanceof RegoArray a ? a : RegoArray.EMPTY;
  }

  private static String text(RegoObject object, String key) {
    return object.get(key) instanceof RegoString s ? s.value() : "";
  }

  /// The reference evaluator has no oracle but the language, so it may be asked anything.
  @Test
  void engineAndReferenceEvaluatorAgreeOnNewPrograms() {
    long first = Long.getLong("test.seed", 1);
    System.out.println("GeneratedTest: -Dtest.seed=" + first);
    for (long seed = first; seed < first + Integer.getInteger("programs", 200); seed++) {
      Case program = new ModuleGenerator(seed).generate();
      Ours ours = new Ours(program.modules(), program.data());
      for (Case.Question question : program.questions()) {
        assertThat(ours.differenceFromReference(question))
            .as("seed %d: %s%n%s", seed, question, String.join("\n", program.modules()))
            .isNull();
      }
    }
  }

  @Test
  void realOpaGivesTheSameToNewPrograms() throws Exception {
    String oracle = System.getProperty("opa.oracle");
    assumeTrue(
        oracle != null,
        "no OPA to ask: name the program of src/test/go/opa-oracle with -Dopa.oracle");
    long first = Long.getLong("test.seed", 1);
    int disagreements = Differential.run(oracle, first, Integer.getInteger("programs", 1000), null);
    // The differences that differences.md explains are too many-faced to be told from new ones.
    assertThat(disagreements).as("seed %d", first).isLessThanOrEqualTo(3);
  }
}
