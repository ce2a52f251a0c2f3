package io.outrider.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What is encoded is searched as if it were plain.
class EncodedTest {
  private static final Redactor REDACTOR =
      Redactor.compile(RuleSet.builtin(), RedactionOptions.defaults());
  private static final String TOKEN =
      SampleText.of("ghp_{alnum:36}", new SplittableRandom(7)).text();

  @Test
  void aRunOfBase64WithATokenIsMaskedWhole() {
    String run = base64("user: deploy, token: " + TOKEN + "\n");
    assertThat(REDACTOR.redactText("data: " + run + ", next"))
        .isEqualTo("data: [REDACTED:github-ghp], next");
  }

  @Test
  void linesOfWrappedBase64AreOneRun() {
    String run =
        Base64.getMimeEncoder()
            .encodeToString(("x".repeat(80) + " " + TOKEN).getBytes(StandardCharsets.UTF_8));
    assertThat(run).contains("\r\n");
    assertThat(REDACTOR.redactText("body\n\n" + run + "\n\nend"))
        .isEqualTo("body\n\n[REDACTED:github-ghp]\n\nend");
  }

  @Test
  void aWordOnTheNextLineIsNoPartOfARun() {
    // Sixty characters and more, and no sign that says where the run ends.
    String run = base64("VENDOR_API_KEY_OF_THE_STAGING_ACCOUNT " + TOKEN + "   ");
    assertThat(run).hasSizeGreaterThan(60).doesNotContain("=");
    assertThat(REDACTOR.redactText("out: " + run + "\nok"))
        .isEqualTo("out: [REDACTED:github-ghp]\nok");
    assertThat(REDACTOR.redactText("out: " + run + "\nThe end"))
        .isEqualTo("out: [REDACTED:github-ghp]\nThe end");
  }

  @Test
  void base64OfUtf16IsRead() {
    String run =
        Base64.getEncoder()
            .encodeToString(("$t = '" + TOKEN + "'").getBytes(StandardCharsets.UTF_16LE));
    assertThat(REDACTOR.redactText("powershell -enc " + run)).doesNotContain(run);
  }

  @Test
  void hexadecimalIsMaskedWhole() {
    String run = HexFormat.of().formatHex(("t=" + TOKEN).getBytes(StandardCharsets.UTF_8));
    assertThat(REDACTOR.redactText("0x" + run + " ok")).isEqualTo("[REDACTED:github-ghp] ok");
  }

  @Test
  void inPercentEncodingOnlyTheSecretIsMasked() {
    StringBuilder spelled = new StringBuilder();
    for (byte b : TOKEN.getBytes(StandardCharsets.UTF_8)) {
      spelled.append(String.format("%%%02X", b));
    }
    assertThat(REDACTOR.redactText("https://a.test/?next=%2Fb%3Ft%3D" + spelled + "%26z and more"))
        .isEqualTo("https://a.test/?next=%2Fb%3Ft%3D[REDACTED:github-ghp]%26z and more");
  }

  @Test
  void encodingsInsideOneAnotherAreOpened() {
    String inner = base64("token: " + TOKEN);
    String twice = base64("{\"data\":\"" + inner + "\"}");
    String thrice = URLEncoder.encode(twice, StandardCharsets.UTF_8);
    String json = "{\"a\":" + Json.quote("see " + thrice) + "}";
    assertThat(new String(redacted(json), StandardCharsets.UTF_8))
        .startsWith("{\"a\":\"see [REDACTED:github-ghp]")
        .doesNotContain(thrice.substring(0, 40));
  }

  @Test
  void jsonInBase64IsReadAsJson() {
    String run = base64("{\"user\":\"x\",\"password\":\"correct-horse-9\"}");
    assertThat(new String(redacted("{\"a\":\"" + run + "\"}"), StandardCharsets.UTF_8))
        .isEqualTo("{\"a\":\"[REDACTED:password-field]\"}");
  }

  @Test
  void aRunInTheNameOfAMemberBlocks() {
    String run = base64("token: " + TOKEN);
    assertThat(REDACTOR.redact(("{\"" + run + "\":1}").getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Redaction.Blocked.class);
  }

  @Test
  void whatIsNoTextIsLeftAlone() {
    var random = new SplittableRandom(5);
    for (int i = 0; i < 500; i++) {
      byte[] noise = new byte[20 + random.nextInt(300)];
      random.nextBytes(noise);
      String json =
          "{\"a\":\""
              + Base64.getEncoder().encodeToString(noise)
              + "\",\"b\":\""
              + HexFormat.of().formatHex(noise)
              + "\",\"c\":\"100%25 of %E2%82%AC\"}";
      assertThat(REDACTOR.redact(json.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(Redaction.Clean.class);
    }
  }

  private static byte[] redacted(String json) {
    Redaction redaction = REDACTOR.redact(json.getBytes(StandardCharsets.UTF_8));
    assertThat(redaction).isInstanceOf(Redaction.Redacted.class);
    return ((Redaction.Redacted) redaction).json();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
