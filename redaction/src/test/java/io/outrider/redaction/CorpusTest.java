package io.outrider.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// What the built-in rules find, miss and wrongly take in a labelled corpus.
class CorpusTest {
  private static final int DOCUMENTS = 1_700;
  private static final long SEED = Long.getLong("corpus.seed", 20261128);

  private final Redactor redactor =
      Redactor.compile(RuleSet.builtin(), RedactionOptions.defaults());

  /// Masks what the other only tells, to show it.
  private final Redactor telling =
      Redactor.compile(
          RuleSet.builtin(),
          RedactionOptions.defaults().withActions(Map.of("generic", Action.MASK)));

  @Test
  void secretsAreFoundAndCleanTextIsLeftAlone() throws Exception {
    Map<Corpus.Hiding, int[]> recall = new EnumMap<>(Corpus.Hiding.class);
    Map<String, Integer> wrong = new TreeMap<>();
    List<String> missed = new ArrayList<>();
    List<String> examples = new ArrayList<>();
    List<String> alerts = new ArrayList<>();
    int generic = 0;
    int other = 0;
    long cleanBytes = 0;
    int clean = 0;
    for (Corpus.Document document : Corpus.documents(DOCUMENTS, SEED)) {
      byte[] json = document.json().getBytes(StandardCharsets.UTF_8);
      Redaction redaction = redactor.redact(json);
      if (document.secrets().isEmpty()) {
        clean++;
        cleanBytes += json.length;
        for (Finding finding : redaction.findings()) {
          wrong.merge(finding.rule(), 1, Integer::sum);
          if (finding.action() == Action.ALERT) {
            generic++;
            alerts.add(document.kind() + ": " + masks(after(telling.redact(json), "")));
          } else {
            other++;
            examples.add(document.kind() + ": " + finding + " " + masks(after(redaction, "")));
          }
        }
        continue;
      }
      int[] counts = recall.computeIfAbsent(document.hiding(), h -> new int[2]);
      counts[1]++;
      if (isFree(after(redaction, document.json()), document.secrets())) {
        counts[0]++;
      } else {
        missed.add(document.hiding() + " in " + document.kind() + ": " + around(document));
      }
    }
    int[] encoded = recall.getOrDefault(Corpus.Hiding.ENCODED, new int[2]);
    int found = recall.values().stream().mapToInt(c -> c[0]).sum();
    int planted = recall.values().stream().mapToInt(c -> c[1]).sum();
    double megabytes = cleanBytes / 1e6;
    System.out.printf(
        "corpus: %d results, %d with a secret, found %d (%.2f %%);",
        DOCUMENTS, planted, found, 100.0 * found / planted);
    recall.forEach((hiding, c) -> System.out.printf(" %s %d/%d", hiding, c[0], c[1]));
    System.out.printf(
        "; %d clean results of %.1f MB: %d false redactions (%.2f per MB), %d generic alerts (%.2f per MB) %s%n",
        clean, megabytes, other, other / megabytes, generic, generic / megabytes, wrong);
    assertThat(other / megabytes).as("%s", examples).isLessThanOrEqualTo(0.2);
    assertThat(generic / megabytes).as("%s", alerts).isLessThanOrEqualTo(3);
    assertThat(planted).isGreaterThanOrEqualTo(400);
    assertThat(encoded[0]).as("%s", missed).isGreaterThanOrEqualTo((int) (0.95 * encoded[1]));
    assertThat(found).as("%s", missed).isGreaterThanOrEqualTo((int) Math.ceil(0.98 * planted));
  }

  private static String after(Redaction redaction, String before) {
    return switch (redaction) {
      case Redaction.Clean c -> before;
      case Redaction.Redacted r -> new String(r.json(), StandardCharsets.UTF_8);
      case Redaction.Blocked b -> "\"blocked\"";
    };
  }

  /// Whether no string of the message holds a secret, or the end of one.
  private static boolean isFree(String json, List<String> secrets) {
    List<String> strings = strings(json);
    for (String secret : secrets) {
      String tail = secret.length() < 16 ? secret : secret.substring(secret.length() - 12);
      for (String string : strings) {
        if (string.contains(secret) || string.contains(tail)) {
          return false;
        }
      }
    }
    return true;
  }

  /// Every string of a message, with those of JSON inside strings.
  private static List<String> strings(String json) {
    List<String> strings = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      JsonToken token;
      while ((token = parser.nextToken()) != null) {
        if (token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME) {
          String text = parser.getString();
          strings.add(text);
          if (text.startsWith("{\"output\"")) {
            strings.addAll(strings(text));
          }
        }
      }
    }
    return strings;
  }

  /// The first mask with what stands around it.
  private static String masks(String after) {
    int at = Math.max(0, after.indexOf("[REDACTED:"));
    return after.substring(Math.max(0, at - 60), Math.min(after.length(), at + 60));
  }

  private static String around(Corpus.Document document) {
    String secret = document.secrets().getFirst();
    int at = Math.max(0, document.json().indexOf(secret));
    return document
            .json()
            .substring(Math.max(0, at - 60), Math.min(document.json().length(), at + 80))
        + " "
        + document.secrets();
  }
}
