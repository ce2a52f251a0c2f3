package io.outrider.redaction.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.redaction.check.Checks;
import io.outrider.redaction.check.NationalNames;
import io.outrider.redaction.rule.Rule;
import io.outrider.redaction.rule.RuleReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Texts made to be slow. What counts is the steps they take, not the time.
class FloodTest {
  private static final Path RULES =
      Path.of("src/main/resources/io/outrider/redaction/rules").toAbsolutePath();

  /// Steps per byte that a short and a long flood may take. Natural text takes less than one.
  private static final double MOST = 100;

  /// Pieces to repeat, the last ones found by [Floods].
  private static final List<String> PIECES =
      List.of(
          "ey",
          "key ",
          "key=",
          "curl ",
          "password=",
          "token: ",
          "secret ",
          "Bearer ",
          "https://a",
          "://",
          "@",
          "eyabcdefghijklmnopqrstuvw.",
          "-----BEGIN PRIVATE KEY-----",
          "api_key: \"abcdefghij\" ",
          "a",
          "1 ",
          "aGVsbG8g",
          "\n",
          "mmosquitto_sulouducloudflaresitto; password=jira_access_uapi_key=jwt.encodexoxr-",
          "wepasswordauthaiatemasterkey=xoxr-");

  /// Steps per byte that text may take which is made of the words rules wake up to, and no secret.
  /// A rule that takes many of them makes every message slower: let it begin with something rarer,
  /// ask for a digit before the value ends, or for a value as long as a run.
  private static final double MOST_ORDINARY = 0.18;

  private static final String[] WORDS =
      ("key token secret the api request auth user password for access session id value client config"
              + " header test login account code data cookie bearer response private public")
          .split(" ");

  private final Floods floods = new Floods(builtin());

  static Engine builtin() {
    var reader = new RuleReader(Checks.names(), NationalNames.ALL);
    try (var files = Files.list(RULES)) {
      for (Path file : files.sorted().toList()) {
        reader.read(file.getFileName().toString(), Files.readString(file, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Rule> rules = reader.rules().stream().filter(rule -> !rule.settings().optIn()).toList();
    return new Engine(rules, 0);
  }

  @Test
  void noFloodTakesManySteps() {
    for (String piece : PIECES) {
      for (int length : new int[] {16_384, 262_144}) {
        assertThat(floods.stepsPerByte(piece, length))
            .as("steps per byte of %d bytes of %s", length, piece)
            .isLessThan(MOST);
      }
    }
  }

  @Test
  void ordinaryTextTakesFewSteps() {
    var random = new SplittableRandom(11);
    var text = new StringBuilder();
    while (text.length() < 64_000) {
      text.append("2026-11-20T10:01:01Z INFO ");
      for (int word = 0; word < 9; word++) {
        text.append(WORDS[random.nextInt(WORDS.length)])
            .append(random.nextInt(12) == 0 ? ": " : " ");
      }
      text.append("{\"id\":").append(random.nextInt(100_000)).append(",\"session_count\":3}\n");
    }
    assertThat(floods.stepsPerByte(text.toString(), text.length())).isLessThan(MOST_ORDINARY);
  }
}
