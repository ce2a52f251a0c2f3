package io.outrider.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Texts as they are met in the field, with secrets that must be found (`found.txt`) and with what
/// only looks like one (`clean.txt`).
class TrapsTest {
  private static final Redactor REDACTOR =
      Redactor.compile(RuleSet.builtin(), RedactionOptions.defaults());

  /// A secret of at least this many characters must not even leave its end behind.
  private static final int TAIL = 6;

  private record Case(String name, SampleText text) {}

  @Test
  void secretsAreFoundWhole() throws IOException {
    int secrets = 0;
    List<String> missed = new ArrayList<>();
    for (Case c : cases("found.txt")) {
      for (String message : messages(c.text().text())) {
        String after = after(REDACTOR.redact(message.getBytes(StandardCharsets.UTF_8)));
        for (int[] mark : c.text().marked()) {
          secrets++;
          String secret = c.text().text().substring(mark[0], mark[1]);
          if (left(after, secret)) {
            missed.add(c.name() + ": " + line(c.text().text(), mark));
          }
        }
      }
    }
    System.out.printf("traps: %d of %d secrets found%n", secrets - missed.size(), secrets);
    assertThat(missed).isEmpty();
  }

  @Test
  void whatOnlyLooksLikeASecretIsLeftAlone() throws IOException {
    int alerts = 0;
    List<String> told = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    for (Case c : cases("clean.txt")) {
      for (String message : messages(c.text().text())) {
        Redaction redaction = REDACTOR.redact(message.getBytes(StandardCharsets.UTF_8));
        for (Finding finding : redaction.findings()) {
          if (finding.action() == Action.ALERT) {
            alerts++;
            told.add(c.name() + ": " + finding);
          } else {
            wrong.add(c.name() + ": " + finding + " in " + after(redaction));
          }
        }
      }
    }
    System.out.printf("traps: %d alerts on clean text%n", alerts);
    assertThat(wrong).isEmpty();
    assertThat(alerts).as("%s", told).isLessThanOrEqualTo(2);
  }

  /// The text as one text of a tool's answer, and once more as structured content if it is JSON.
  private static List<String> messages(String text) {
    List<String> messages = new ArrayList<>();
    messages.add(
        "{\"result\":{\"content\":[{\"type\":\"text\",\"text\":" + Json.quote(text) + "}]}}");
    boolean json = text.startsWith("{\"") || text.startsWith("[{\"");
    if (json && !text.strip().contains("\n")) {
      messages.add("{\"result\":{\"structuredContent\":" + text.strip() + "}}");
    }
    return messages;
  }

  private static String after(Redaction redaction) {
    return switch (redaction) {
      case Redaction.Clean c -> "";
      case Redaction.Redacted r -> new String(r.json(), StandardCharsets.UTF_8);
      case Redaction.Blocked b -> throw new AssertionError("blocked: " + b);
    };
  }

  private static boolean left(String after, String secret) {
    if (after.isEmpty()) {
      return true;
    }
    for (String part : secret.strip().split("\n|\\\\n")) {
      String quoted = Json.quote(part);
      String whole = quoted.substring(1, quoted.length() - 1);
      boolean tail =
          whole.length() >= 2 * TAIL && after.contains(whole.substring(whole.length() - TAIL));
      if (tail || after.contains(whole)) {
        return true;
      }
    }
    return false;
  }

  private static String line(String text, int[] mark) {
    int from = text.lastIndexOf('\n', mark[0]) + 1;
    int to = text.indexOf('\n', mark[1]);
    return text.substring(Math.max(from, mark[0] - 100), mark[0])
        + "«"
        + text.substring(mark[0], mark[1])
        + "»"
        + text.substring(mark[1], to < 0 ? text.length() : Math.min(to, mark[1] + 40));
  }

  private static List<Case> cases(String file) throws IOException {
    try (InputStream in = TrapsTest.class.getResourceAsStream(file)) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      var random = new SplittableRandom(20261128);
      List<Case> cases = new ArrayList<>();
      String[] parts = all.split("(?m)^=== ");
      for (int i = 1; i < parts.length; i++) {
        int end = parts[i].indexOf('\n');
        cases.add(
            new Case(
                parts[i].substring(0, end), SampleText.of(parts[i].substring(end + 1), random)));
      }
      return cases;
    }
  }
}
