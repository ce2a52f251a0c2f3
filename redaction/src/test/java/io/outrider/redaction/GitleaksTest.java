package io.outrider.redaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Runs gitleaks' own rule file, and samples in the shape of its tests, when they are at hand.
class GitleaksTest {
  private static final Path FOLDER =
      Path.of(
          System.getProperty(
              "secret.samples",
              Path.of(System.getProperty("outrider.root", "."), "..", "shared", "secret-samples")
                  .toString()));

  /// The samples of one rule.
  private record Samples(List<String> positives, List<String> negatives) {}

  @Test
  void theRuleFileLoadsWhole() throws IOException {
    RuleSet rules = gitleaks();
    assertThat(rules.problems()).allMatch(p -> p.severity() == Problem.Severity.WARNING);
    assertThat(rules.problems()).extracting(Problem::rule).contains("pkcs12-file");
    assertThat(rules.size()).isEqualTo(221);
  }

  @Test
  void positiveSamplesAreFoundWhereverTheyStand() throws IOException {
    RuleSet rules = gitleaks();
    Map<String, Samples> samples = samples();
    // Rules that the file no longer has, and rules about files, whose samples are names of files.
    samples.keySet().retainAll(rules.names());
    rules.problems().forEach(problem -> samples.remove(problem.rule()));
    Redactor redactor = Redactor.compile(rules, RedactionOptions.defaults());
    Map<String, Integer> missed = new LinkedHashMap<>();
    List<String> examples = new ArrayList<>();
    int total = 0;
    for (var entry : samples.entrySet()) {
      for (String sample : entry.getValue().positives()) {
        total++;
        String inJson = quote(sample);
        Map<String, String> shapes =
            Map.of(
                "text", "{\"result\":{\"content\":[{\"type\":\"text\",\"text\":" + inJson + "}]}}",
                "structured", "{\"result\":{\"structuredContent\":{\"rows\":[" + inJson + "]}}}",
                "nested",
                    "{\"result\":{\"content\":[{\"type\":\"text\",\"text\":"
                        + quote("{\"output\":" + inJson + "}")
                        + "}]}}");
        for (var shape : shapes.entrySet()) {
          byte[] json = shape.getValue().getBytes(StandardCharsets.UTF_8);
          if (redactor.redact(json).findings().isEmpty()) {
            missed.merge(shape.getKey(), 1, Integer::sum);
            if (examples.size() < 40) {
              examples.add(shape.getKey() + " " + entry.getKey() + " " + sample);
            }
          }
        }
        if (redactor.redactText(sample).equals(sample) && !entry.getKey().startsWith("generic")) {
          missed.merge("plain", 1, Integer::sum);
          examples.add("plain " + entry.getKey() + " " + sample);
        }
      }
    }
    System.out.println("gitleaks positives: " + total + ", missed: " + missed);
    int allowed = total / 1000;
    assertThat(missed.values()).as("%s %s", missed, examples).allMatch(n -> n <= allowed);
  }

  @Test
  void positiveSamplesAreFoundThroughEncodings() throws IOException {
    RuleSet rules = gitleaks();
    Map<String, Samples> samples = samples();
    samples.keySet().retainAll(rules.names());
    rules.problems().forEach(problem -> samples.remove(problem.rule()));
    Redactor redactor = Redactor.compile(rules, RedactionOptions.defaults());
    Map<String, Integer> missed = new LinkedHashMap<>();
    List<String> examples = new ArrayList<>();
    int total = 0;
    for (var entry : samples.entrySet()) {
      for (String sample : entry.getValue().positives()) {
        total++;
        byte[] bytes = sample.getBytes(StandardCharsets.UTF_8);
        Map<String, String> shapes =
            Map.of(
                "base64", Base64.getEncoder().encodeToString(bytes),
                "base64url", Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                "mime", Base64.getMimeEncoder().encodeToString(bytes),
                "hex", HexFormat.of().formatHex(bytes),
                "percent", URLEncoder.encode(sample, StandardCharsets.UTF_8).replace("+", "%20"),
                "twice",
                    URLEncoder.encode(
                        Base64.getEncoder().encodeToString(bytes), StandardCharsets.UTF_8));
        for (var shape : shapes.entrySet()) {
          String json =
              "{\"result\":{\"content\":[{\"type\":\"text\",\"text\":"
                  + quote("out: " + shape.getValue() + "\nok")
                  + "}]}}";
          if (redactor.redact(json.getBytes(StandardCharsets.UTF_8)).findings().isEmpty()) {
            missed.merge(shape.getKey(), 1, Integer::sum);
            if (examples.size() < 40) {
              examples.add(shape.getKey() + " " + entry.getKey() + " " + sample);
            }
          }
        }
      }
    }
    System.out.println("gitleaks positives, encoded: " + total + ", missed: " + missed);
    int allowed = total / 20;
    assertThat(missed.values()).as("%s %s", missed, examples).allMatch(n -> n <= allowed);
  }

  @Test
  void negativeSamplesAreNotFound() throws IOException {
    RuleSet all = gitleaks();
    List<String> wrong = new ArrayList<>();
    for (var entry : samples().entrySet()) {
      var rule = all.all().stream().filter(r -> r.id().equals(entry.getKey())).findFirst();
      if (rule.isEmpty()) {
        continue;
      }
      Redactor alone =
          Redactor.compile(
              all.only(rule.get()),
              RedactionOptions.defaults().withActions(Map.of(entry.getKey(), Action.MASK)));
      for (String sample : entry.getValue().negatives()) {
        if (!alone.redactText(sample).equals(sample)) {
          wrong.add(entry.getKey() + " " + sample);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static RuleSet gitleaks() throws IOException {
    Path file = FOLDER.resolve("gitleaks.toml");
    assumeTrue(
        Files.exists(file), () -> "needs " + file + "; name its folder with -Dsecret.samples");
    return RuleSet.load(List.of(RuleSource.file(file)));
  }

  private static Map<String, Samples> samples() throws IOException {
    Path file = FOLDER.resolve("gitleaks-samples.json");
    assumeTrue(
        Files.exists(file), () -> "needs " + file + "; name its folder with -Dsecret.samples");
    Map<String, Samples> result = new LinkedHashMap<>();
    try (JsonParser json =
        new JsonFactory().createParser(ObjectReadContext.empty(), Files.readAllBytes(file))) {
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String rule = json.currentName();
        Samples samples = new Samples(new ArrayList<>(), new ArrayList<>());
        json.nextToken();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
          String kind = json.currentName();
          if (json.nextToken() != JsonToken.START_ARRAY) {
            continue;
          }
          while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == JsonToken.VALUE_STRING) {
              (kind.equals("positives") ? samples.positives() : samples.negatives())
                  .add(json.getString());
            }
          }
        }
        result.put(rule, samples);
      }
    }
    return result;
  }

  private static String quote(String text) {
    return Json.quote(text);
  }
}
