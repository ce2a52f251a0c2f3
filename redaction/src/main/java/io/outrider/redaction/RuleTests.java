package io.outrider.redaction;

import io.outrider.redaction.rule.Rule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// Runs the samples that stand beside the rules.
public final class RuleTests {
  private RuleTests() {}

  /// What came of the samples.
  ///
  /// @param rules how many rules there are
  /// @param samples how many samples were run
  /// @param withoutSamples rules that nothing shows to work
  /// @param failures what did not come out as the samples say
  public record Report(
      int rules, int samples, List<String> withoutSamples, List<Failure> failures) {
    public Report {
      withoutSamples = List.copyOf(withoutSamples);
      failures = List.copyOf(failures);
    }
  }

  /// One sample that did not come out as it says.
  ///
  /// @param rule the id of the rule
  /// @param sample the sample as it is written, with its placeholders
  /// @param reason one sentence
  public record Failure(String rule, String sample, String reason) {}

  /// Runs every sample against the rule it stands beside, alone. The seed fills in the
  /// placeholders.
  public static Report run(RuleSet rules, long seed) {
    var random = new SplittableRandom(seed);
    int samples = 0;
    List<String> without = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    for (Rule rule : rules.all()) {
      if (rule.samples().positive().isEmpty()) {
        without.add(rule.id());
      }
      Redactor redactor = only(rules, rule);
      for (String sample : rule.samples().positive()) {
        samples++;
        positive(redactor, rule, sample, random, failures);
      }
      for (String sample : rule.samples().negative()) {
        samples++;
        SampleText text = SampleText.of(sample, random);
        if (!redact(redactor, rule, text.text()).equals(text.text())) {
          failures.add(
              new Failure(
                  rule.id(), sample, "something was found, and nothing should be: " + text.text()));
        }
      }
    }
    return new Report(rules.size(), samples, without, failures);
  }

  /// The sample is to come out with every marked stretch masked, and all else as it was.
  private static void positive(
      Redactor redactor,
      Rule rule,
      String sample,
      SplittableRandom random,
      List<Failure> failures) {
    SampleText text = SampleText.of(sample, random);
    String found = redact(redactor, rule, text.text());
    if (text.marked().isEmpty()) {
      if (found.equals(text.text())) {
        failures.add(new Failure(rule.id(), sample, "nothing was found in: " + text.text()));
      }
      return;
    }
    var expected = new StringBuilder();
    int at = 0;
    for (int[] mark : text.marked()) {
      expected.append(text.text(), at, mark[0]).append("[REDACTED:").append(rule.id()).append(']');
      at = mark[1];
    }
    expected.append(text.text().substring(at));
    if (!found.equals(expected.toString())) {
      String reason =
          found.equals(text.text())
              ? "nothing was found in: " + text.text()
              : "what was found is not what is marked: " + found;
      failures.add(new Failure(rule.id(), sample, reason));
    }
  }

  private static Redactor only(RuleSet rules, Rule rule) {
    RedactionOptions options =
        RedactionOptions.defaults().withActions(Map.of(rule.id(), Action.MASK));
    if (rule.settings().optIn()) {
      options = options.withGroups(Set.of(rule.settings().group()));
    }
    return Redactor.compile(rules.only(rule), options);
  }

  /// A rule that goes by the names of members needs members; every other one is shown as text.
  private static String redact(Redactor redactor, Rule rule, String text) {
    if (rule.kind() != Rule.Kind.KEY) {
      return redactor.redactText(text);
    }
    byte[] json = text.getBytes(StandardCharsets.UTF_8);
    return switch (redactor.redact(json)) {
      case Redaction.Clean c -> text;
      case Redaction.Redacted r -> new String(r.json(), StandardCharsets.UTF_8);
      case Redaction.Blocked b -> "blocked";
    };
  }
}
