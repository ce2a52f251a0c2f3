package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.app.demo.DemoServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedactCommandTest {
  private static final String TOKEN = DemoServer.fakeToken();

  @TempDir private Path folder;

  @Test
  void aSecretInJsonIsTakenOutAndNamedByRuleAndPlace() {
    Ran ran = Ran.with("{\"a\": [\"x\", \"token " + TOKEN + "\"]}", Map.of(), folder, "redact");

    assertThat(ran.out()).contains("\"a\": [\"x\"").doesNotContain(TOKEN);
    assertThat(ran.err()).contains("/a/1").doesNotContain(TOKEN);
    assertThat(ran.status()).isZero();
  }

  @Test
  void aSecretInTextIsTakenOut() throws Exception {
    Files.writeString(folder.resolve("log.txt"), "deploying with " + TOKEN + " now\n");

    assertThat(Ran.in(folder, "redact", "log.txt").out())
        .startsWith("deploying with ")
        .endsWith(" now\n")
        .doesNotContain(TOKEN);
  }

  @Test
  void checkWritesNothingAndSaysWhetherSomethingWasFound() {
    Ran found = Ran.with(TOKEN, Map.of(), folder, "redact", "--check");
    assertThat(found.out()).isEmpty();
    assertThat(found.status()).isEqualTo(1);
    assertThat(found.err()).contains("github-ghp").doesNotContain(TOKEN);

    assertThat(Ran.with("harmless", Map.of(), folder, "redact", "--check").status()).isZero();
  }

  @Test
  void anUnknownDetectorIsNamedWithTheKnownOnes() {
    Ran ran = Ran.with("x", Map.of(), folder, "redact", "--detector", "emial");

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err()).contains("'emial'", "email");
  }

  @Test
  void whatWouldBeFoundIsListedWithItsReasonsAndWithoutItsValue() {
    Ran text = Ran.with("x\nkey " + TOKEN + "\n", Map.of(), folder, "redact", "--format", "text");
    assertThat(text.out())
        .contains("2:5", "github", "entropy", "its own checksum is", "1 found")
        .doesNotContain(TOKEN);

    Ran json = Ran.with("{\"a\":\"" + TOKEN + "\"}", Map.of(), folder, "redact", "-f", "json");
    assertThat(json.out())
        .contains("\"pointer\" : \"/a\"", "\"checksum\"", "\"source\" : \"builtin/code.toml:")
        .doesNotContain(TOKEN);
  }

  @Test
  void theSamplesOfEveryRuleAreRun() throws Exception {
    Ran fine = Ran.in(folder, "redact", "test");
    assertThat(fine.out()).contains(" samples, 0 failed");
    assertThat(fine.status()).isZero();

    Files.writeString(
        folder.resolve("own.toml"),
        "[[rules]]\nid='acme'\nregex='acme-[0-9]{4}'\n[rules.outrider]\npositive=['«acme-12»']\n");
    Ran wrong = Ran.in(folder, "redact", "test", "--rules", "own.toml");
    assertThat(wrong.out()).contains("acme", "nothing was found", "1 failed");
    assertThat(wrong.status()).isEqualTo(1);
  }
}
