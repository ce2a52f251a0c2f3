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
}
