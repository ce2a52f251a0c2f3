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

    assertThat(Ran.with("harmless", Map.of(), folder, "redact", "--check").status()).isZero();
  }

  @Test
  void anUnknownDetectorIsNamedWithTheKnownOnes() {
    Ran ran = Ran.with("x", Map.of(), folder, "redact", "--detector", "emial");

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err()).contains("'emial'", "email");
  }
}
