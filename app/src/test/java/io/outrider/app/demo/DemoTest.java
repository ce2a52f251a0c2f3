package io.outrider.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.app.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DemoTest {
  @Test
  @Timeout(120)
  void everythingTheDemoShowsReallyHappens() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    boolean happened =
        Demo.play(
            Terminal.of(
                new ByteArrayInputStream(new byte[0]),
                out,
                new ByteArrayOutputStream(),
                Map.of(),
                Path.of("")));

    String shown = out.toString(StandardCharsets.UTF_8);
    assertThat(happened).as(shown).isTrue();
    assertThat(shown)
        .contains(
            "← hello",
            "403 Denied by policy: notes cannot be deleted here",
            "demo.rego:13",
            "[REDACTED:github-ghp]",
            "[REDACTED:email]",
            "429 ",
            "verified",
            "proven")
        .doesNotContain(DemoServer.fakeToken());
  }
}
