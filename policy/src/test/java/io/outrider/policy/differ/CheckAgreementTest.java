package io.outrider.policy.differ;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Outrider and OPA accept the same modules, and name the same mistake first in those they reject:
/// with the same code and in the same line.
class CheckAgreementTest {
  /// Modules about which OPA is known to differ, by their hash, with the reason; see the head of
  /// the file.
  private static Set<String> deviations() throws IOException {
    Set<String> known = new HashSet<>();
    try (InputStream in =
            Objects.requireNonNull(CheckAgreementTest.class.getResourceAsStream("deviations.txt"));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      lines
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(line -> known.add(line.split(" ", 2)[0]));
    }
    return known;
  }

  @Test
  void recordedModulesAreJudgedAsOpaJudgedThem() throws IOException {
    Set<String> known = deviations();
    int rejected = 0;
    int accepted = 0;
    int allPlaces = 0;
    List<String> wrong = new ArrayList<>();
    Set<String> met = new HashSet<>();
    for (Recording.Entry entry : Recording.read()) {
      Verdict ours = Verdict.ours(entry.text(), entry.strict());
      String hash = Recording.hash(entry.text(), entry.strict());
      if (!ours.first().equals(entry.opa().first())) {
        if (!known.contains(hash)) {
          wrong.add(
              "%s opa: %s ours: %s\n%s"
                  .formatted(hash, entry.opa().problems(), ours.problems(), entry.text()));
        }
        met.add(hash);
      } else if (ours.accepts()) {
        accepted++;
      } else {
        rejected++;
        allPlaces += ours.places().equals(entry.opa().places()) ? 1 : 0;
      }
    }
    System.out.printf(
        "CheckAgreementTest: %d rejected by both with the same code and row (%d with all places the"
            + " same), %d accepted by both, %d known to differ%n",
        rejected, allPlaces, accepted, met.size());
    assertThat(wrong).as("modules judged otherwise").isEmpty();
    assertThat(met).as("deviations that are none any more").containsAll(known);
    assertThat(rejected).isGreaterThanOrEqualTo(2_000);
    assertThat(accepted).isGreaterThanOrEqualTo(400);
  }

  /// Small modules about one rule of the language each. `small.jsonl` was recorded with the oracle;
  /// a line with `deviates` says why ours is judged otherwise.
  @Test
  void smallModulesAreJudgedAsOpaJudgedThem() throws IOException {
    List<String> wrong = new ArrayList<>();
    int count = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(CheckAgreementTest.class.getResourceAsStream("small.jsonl")),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        RegoObject entry = (RegoObject) RegoJson.read(line);
        String text = ((RegoString) Objects.requireNonNull(entry.get("module"))).value();
        List<String> problems = new ArrayList<>();
        ((RegoArray) Objects.requireNonNull(entry.get("opa")))
            .forEach(p -> problems.add(((RegoString) p).value()));
        Verdict opa = new Verdict(problems);
        Verdict ours = Verdict.ours(text, entry.get("strict") != null, true);
        boolean same = ours.first().equals(opa.first());
        if (same == (entry.get("deviates") != null)) {
          wrong.add("opa: %s ours: %s\n%s".formatted(opa.problems(), ours.problems(), text));
        }
        count++;
      }
    }
    System.out.printf("CheckAgreementTest: %d small modules%n", count);
    assertThat(wrong).as("modules judged otherwise, or deviations that are none").isEmpty();
    assertThat(count).isGreaterThan(300);
  }

  /// Asks a running OPA about new modules: `-Dopa.live=COUNT`, with `-Dopa.oracle` where it is not
  /// in `target`.
  @Test
  @EnabledIfSystemProperty(named = "opa.live", matches = "\\d+")
  void freshModulesAreJudgedAsOpaJudgesThem() throws IOException {
    int count = Integer.getInteger("opa.live");
    long seed = Long.getLong("test.seed", 1);
    System.out.println("CheckAgreementTest: -Dtest.seed=" + seed);
    List<String> seeds =
        Recording.seeds(Path.of(System.getProperty("outrider.root", ".."), "policies"));
    List<String> wrong = new ArrayList<>();
    try (Oracle oracle = Oracle.find().orElseThrow()) {
      for (int i = 0; i < count; i++) {
        Random random = Recording.random(seed, i);
        String text = Samples.next(random, seeds);
        boolean strict = random.nextInt(5) == 0;
        RegoObject answer = oracle.ask(Verdict.question(text, strict));
        Verdict theirs = Verdict.theirs(answer);
        Verdict ours = Verdict.ours(text, strict);
        if (!ours.first().equals(theirs.first())) {
          wrong.add("opa: %s ours: %s\n%s".formatted(theirs.problems(), ours.problems(), text));
        }
      }
    }
    System.out.printf("CheckAgreementTest: %d of %d differ%n", wrong.size(), count);
    wrong.stream().limit(20).forEach(System.out::println);
    assertThat(wrong.size()).as("of %d modules", count).isLessThanOrEqualTo(count / 100);
  }
}
