package io.outrider.redaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RedactorTest {
  private static final RuleSet RULES = RuleSet.builtin();
  private static final Redactor REDACTOR = Redactor.compile(RULES, RedactionOptions.defaults());
  private static final SplittableRandom RANDOM = new SplittableRandom(7);

  /// Made here, so that no file holds anything that looks like a live token.
  private static final String TOKEN = SampleText.of("ghp_{alnum:36}", RANDOM).text();

  private static final String MASK = "[REDACTED:github-ghp]";

  @Test
  void aCleanMessageIsClean() {
    assertThat(
            redact(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"hello\"}]}}"))
        .isSameAs(Redaction.CLEAN);
  }

  @Test
  void aTokenIsMaskedAndNothingElseChanges() {
    String before = "{ \"a\" : [1, 2.50, \"\\u00e9 x\"] , \"t\":\"see ";
    String after = " now\" ,\"big\":12345678901234567890}";
    assertThat(masked(before + TOKEN + after)).isEqualTo(before + MASK + after);
  }

  @Test
  void findingsNameThePlaceAndNotTheValue() {
    Redaction redaction =
        redact("{\"result\":{\"content\":[{\"a/b\":\"x\"},{\"text\":\"" + TOKEN + "\"}]}}");
    assertThat(redaction.findings())
        .extracting(Finding::rule, Finding::pointer, Finding::length, Finding::action)
        .containsExactly(tuple("github-ghp", "/result/content/1/text", 40, Action.MASK));
    assertThat(redaction.toString()).doesNotContain(TOKEN);
  }

  @Test
  void escapesDoNotHideAToken() {
    String escaped =
        "gh\\u0070_"
            + TOKEN.substring(4, 20)
            + "\\u00"
            + Integer.toHexString(TOKEN.charAt(20))
            + TOKEN.substring(21);
    assertThat(masked("{\"t\":\"a\\n" + escaped + "\\n\"}"))
        .isEqualTo("{\"t\":\"a\\n" + MASK + "\\n\"}");
  }

  @Test
  void nestedJsonIsReadWithItsKeys() {
    String json =
        "{\"structuredContent\":{\"password\":\"hunter2\",\"n\":1},"
            + "\"content\":[{\"type\":\"text\",\"text\":\"{\\\"password\\\":\\\"hunter2\\\",\\\"n\\\":1}\"}]}";
    assertThat(masked(json)).isEqualTo(json.replace("hunter2", "[REDACTED:password-field]"));
  }

  @Test
  void nestedJsonIsReadThreeDeep() {
    String inner = "{\"deep\":{\"client_secret\":\"s3cr3t-v4lue\"}}";
    for (int i = 0; i < 3; i++) {
      inner = "{\"text\":\"" + inner.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
    }
    assertThat(masked(inner)).isEqualTo(inner.replace("s3cr3t-v4lue", "[REDACTED:password-field]"));
  }

  @Test
  void aSecretFoundOnceIsMaskedEverywhere() {
    String json = "{\"password\":\"zulu-9-tango\",\"note\":\"log in with zulu-9-tango, please\"}";
    assertThat(masked(json)).isEqualTo(json.replace("zulu-9-tango", "[REDACTED:password-field]"));
  }

  @Test
  void namesThatOnlyLookSecretAreLeftAlone() {
    String json =
        "{\"max_tokens\":4096,\"password_policy\":\"strong\",\"password\":true,\"token\":\"<your token>\","
            + "\"nextPageToken\":\"CAUQAA12345678\",\"secret\":\"\",\"passwordless\":\"yes\",\"tokenizer\":\"cl100k_base\"}";
    assertThat(redact(json)).isInstanceOf(Redaction.Clean.class);
  }

  @Test
  void aNumberUnderASecretNameStaysANumber() {
    assertThat(masked("{\"pincode\":482913,\"password\": 12345 }"))
        .isEqualTo("{\"pincode\":0,\"password\": 0 }");
  }

  @Test
  void aSecretAsANameBlocks() {
    assertThat(redact("{\"" + TOKEN + "\":1}"))
        .isInstanceOfSatisfying(
            Redaction.Blocked.class,
            b -> assertThat(b.reason()).isEqualTo(Redaction.Reason.SECRET_IN_KEY));
  }

  @Test
  void aPrivateKeyAsAListOfLinesIsMaskedLineByLine() {
    String pem = SampleText.of("{pem:RSA PRIVATE KEY}", RANDOM).text();
    String json = "{\"lines\":[\"" + String.join("\",\"", pem.split("\n")) + "\"],\"x\":1}";
    String result = masked(json);
    for (String line : pem.split("\n")) {
      assertThat(result).doesNotContain(line);
    }
    assertThat(result)
        .startsWith("{\"lines\":[\"[REDACTED:private-key]\",\"")
        .endsWith("],\"x\":1}");
  }

  @Test
  void aScopeKeepsValuesOut() {
    Scope scope =
        s -> !s.key().orElse("").equals("data") || !s.sibling("type").orElse("").equals("image");
    String json =
        "{\"a\":{\"type\":\"image\",\"data\":\""
            + TOKEN
            + "\"},\"b\":{\"data\":\""
            + TOKEN
            + "\",\"type\":\"text\"}}";
    Redaction redaction =
        REDACTOR.redact(bytes(json), 0, bytes(json).length, scope, Detectors.NONE);
    assertThat(text(redaction))
        .isEqualTo(
            "{\"a\":{\"type\":\"image\",\"data\":\""
                + TOKEN
                + "\"},\"b\":{\"data\":\""
                + MASK
                + "\",\"type\":\"text\"}}");
  }

  @Test
  void aLargeStringOutOfScopeIsNotSearched() {
    String image = TOKEN + " ".repeat(2000) + TOKEN;
    String json = "{\"a\":\"" + image + "\",\"b\":\"" + TOKEN + "\"}";
    Redaction redaction =
        REDACTOR.redact(
            bytes(json),
            0,
            bytes(json).length,
            s -> !s.segments().equals(List.of("a")),
            Detectors.NONE);
    assertThat(text(redaction)).isEqualTo("{\"a\":\"" + image + "\",\"b\":\"" + MASK + "\"}");
  }

  @Test
  void aValueIsFoundWhereverItStandsBesideOrBelowItsName() {
    for (String json :
        List.of(
            "{\"password\":\"P\"}",
            "{\"password\":[\"P\"]}",
            "{\"name\":\"DB_PASSWORD\",\"value\":\"P\"}",
            "{\"value\":\"P\",\"name\":\"DB_PASSWORD\"}",
            "{\"name\":\"DB_PASSWORD\",\"slotSetting\":false,\"tags\":[{\"value\":\"x\"}],\"value\":\"P\"}",
            "{\"db_password\":{\"sensitive\":true,\"type\":\"string\",\"value\":\"P\"}}",
            "{\"password\":{\"type\":{\"value\":\"x\"},\"value\":\"P\"}}")) {
      String masked = text(redact(json.replace("\"P\"", "\"hunter2x!\"")));
      // Which of two rules gives the name is of no interest here.
      assertThat(masked.replaceAll("\\[REDACTED:password-(field|pair)]", "P")).isEqualTo(json);
    }
    assertThat(redact("{\"password\":{\"type\":\"string\",\"minLength\":8}}"))
        .isSameAs(Redaction.CLEAN);
  }

  private static Scope otherwise(Scope.Otherwise otherwise) {
    return new Scope() {
      @Override
      public boolean includes(JsonString string) {
        return !string.segments().equals(List.of("a"));
      }

      @Override
      public Otherwise otherwise(JsonString string) {
        return otherwise;
      }
    };
  }

  @Test
  void aSecretThatMustNotBeEditedIsTold() {
    String json = "{\"a\":\"" + "and ".repeat(500) + TOKEN + "\",\"b\":1}";
    Redaction redaction =
        REDACTOR.redact(
            bytes(json), 0, json.length(), otherwise(Scope.Otherwise.ALERT), Detectors.NONE);
    assertThat(redaction).isInstanceOf(Redaction.Clean.class);
    assertThat(redaction.findings())
        .singleElement()
        .satisfies(f -> {
          assertThat(f.pointer()).isEqualTo("/a");
          assertThat(f.action()).isEqualTo(Action.ALERT);
        });
  }

  @Test
  void aSecretInANameBlocksUnlessItsRuleOnlyTells() {
    Scope names = otherwise(Scope.Otherwise.BLOCK);
    byte[] json = bytes("{\"a\":\"" + TOKEN + "\"}");
    assertThat(REDACTOR.redact(json, 0, json.length, names, Detectors.NONE))
        .isInstanceOfSatisfying(
            Redaction.Blocked.class,
            b -> assertThat(b.reason()).isEqualTo(Redaction.Reason.SECRET_IN_NAME));
    Redactor telling =
        Redactor.compile(
            RULES, RedactionOptions.defaults().withActions(Map.of("github-ghp", Action.ALERT)));
    assertThat(telling.redact(json, 0, json.length, names, Detectors.NONE))
        .isInstanceOf(Redaction.Clean.class);
  }

  @Test
  void aPointerNamesNoSecret() {
    String json =
        "{\"x\":{\"a/"
            + TOKEN
            + "\":[{\"b\":\""
            + TOKEN
            + "\"}]},\"y\":\"{\\\""
            + TOKEN
            + "\\\":1}\"}";
    Redaction redaction = redact(json);
    assertThat(redaction.findings())
        .extracting(Finding::pointer)
        .containsExactly("/x/[REDACTED:github-ghp]", "/x/[REDACTED:github-ghp]/0/b", "/y");
  }

  @Test
  void aPolicyCanAskForMoreDetectors() {
    String json = "{\"params\":{\"arguments\":{\"to\":\"jane@acme.co\",\"cc\":\"joe@acme.co\"}}}";
    assertThat(redact(json)).isSameAs(Redaction.CLEAN);
    Detectors everywhere = new Detectors(Set.of("email"), List.of(), "");
    assertThat(text(REDACTOR.redact(bytes(json), 0, json.length(), Scope.everything(), everywhere)))
        .isEqualTo(
            "{\"params\":{\"arguments\":{\"to\":\"[REDACTED:email]\",\"cc\":\"[REDACTED:email]\"}}}");
    Detectors only = new Detectors(Set.of("email"), List.of("/cc"), "/params/arguments");
    assertThat(text(REDACTOR.redact(bytes(json), 0, json.length(), Scope.everything(), only)))
        .isEqualTo(
            "{\"params\":{\"arguments\":{\"to\":\"jane@acme.co\",\"cc\":\"[REDACTED:email]\"}}}");
  }

  @Test
  void aPolicyCanMaskValuesByTheirPlace() {
    String json =
        "{\"result\":{\"rows\":[{\"n\":1,\"s\":\"x\"},{\"n\":22,\"s\":\"{\\\"a\\\":1}\"}]}}";
    Detectors places = new Detectors(Set.of(), List.of("/rows/*/s", "/rows/1/n"), "/result");
    assertThat(text(REDACTOR.redact(bytes(json), 0, json.length(), Scope.everything(), places)))
        .isEqualTo(
            "{\"result\":{\"rows\":[{\"n\":1,\"s\":\"[REDACTED:policy]\"},{\"n\":0,\"s\":\"[REDACTED:policy]\"}]}}");
  }

  @Test
  void anUnknownDetectorFailsClosed() {
    assertThat(REDACTOR.knownDetectors())
        .contains("email", "card", "iban", "phone", "ip", "jwt")
        .doesNotContain("nope");
    byte[] json = bytes("{}");
    Detectors unknown = new Detectors(Set.of("nope"), List.of(), "");
    assertThatThrownBy(() -> REDACTOR.redact(json, 0, json.length, Scope.everything(), unknown))
        .isInstanceOf(RedactionException.class);
  }

  @Test
  void aBlockingRuleBlocks() {
    Redactor blocking =
        Redactor.compile(
            RULES, RedactionOptions.defaults().withActions(Map.of("github-ghp", Action.BLOCK)));
    assertThat(blocking.redact(bytes("[\"" + TOKEN + "\"]"))).isInstanceOf(Redaction.Blocked.class);
  }

  /// Many that name one value are one finding; what stands behind them must not pass for that.
  @Test
  void whatIsNotLookedAtAnyMoreDoesNotPass() {
    Redactor capped =
        Redactor.compile(RuleSet.builtin(), RedactionOptions.defaults().withMaxFindings(2));
    StringBuilder pair = new StringBuilder("{\"value\":\"hunter22x!\"");
    for (int i = 0; i < 16; i++) {
      String name = "name";
      for (int at = 0; at < 4; at++) {
        String letter = name.substring(at, at + 1);
        name =
            (i >> at & 1) == 0
                ? name
                : name.substring(0, at) + letter.toUpperCase(Locale.ROOT) + name.substring(at + 1);
      }
      pair.append(",\"").append(name).append("\":\"password\"");
    }
    pair.append('}');
    String text = "[" + pair + "," + pair + ",\"" + TOKEN + "\"]";
    assertThat(capped.redact(bytes(text)))
        .isInstanceOfSatisfying(
            Redaction.Blocked.class,
            b -> assertThat(b.reason()).isEqualTo(Redaction.Reason.TOO_MANY_FINDINGS));
  }

  @Test
  void tooManyFindingsBlock() {
    Redactor capped = Redactor.compile(RULES, RedactionOptions.defaults().withMaxFindings(2));
    String two = "\"" + TOKEN + "\",\"" + TOKEN + "\"";
    assertThat(capped.redact(bytes("[" + two + "]"))).isInstanceOf(Redaction.Redacted.class);
    assertThat(capped.redact(bytes("[" + two + "," + two + "]")))
        .isInstanceOfSatisfying(
            Redaction.Blocked.class,
            b -> assertThat(b.reason()).isEqualTo(Redaction.Reason.TOO_MANY_FINDINGS));
  }

  @Test
  void tokensAreEqualForEqualSecretsUnderOneKey() {
    RedactionOptions tokens =
        RedactionOptions.defaults().withActions(Map.of("code-host", Action.TOKENISE));
    String json = "[\"" + TOKEN + "\",\"" + TOKEN + "\"]";
    String first =
        text(
            Redactor.compile(RULES, tokens.withTokenKey(TokenKey.of(new byte[16])))
                .redact(bytes(json)));
    String again =
        text(
            Redactor.compile(RULES, tokens.withTokenKey(TokenKey.of(new byte[16])))
                .redact(bytes(json)));
    String other = text(Redactor.compile(RULES, tokens).redact(bytes(json)));
    assertThat(first)
        .isEqualTo(again)
        .isNotEqualTo(other)
        .matches("\\[\"(\\[REDACTED:github-ghp:[0-9a-f]{8}])\",\"\\1\"]");
  }

  @Test
  void alertsPassTheMessageAsItCame() {
    Redactor alerting =
        Redactor.compile(
            RULES, RedactionOptions.defaults().withActions(Map.of("github-ghp", Action.ALERT)));
    assertThat(alerting.redact(bytes("[\"" + TOKEN + "\"]")))
        .isInstanceOfSatisfying(Redaction.Clean.class, c -> assertThat(c.findings()).hasSize(1));
  }

  @Test
  void textIsMaskedToo() {
    assertThat(REDACTOR.redactText("fetch failed: https://bot:hunter2@acme.test/x?y=1 é"))
        .isEqualTo("fetch failed: https://bot:[REDACTED:url-credentials]@acme.test/x?y=1 é");
    assertThat(REDACTOR.redactText("nothing here")).isEqualTo("nothing here");
  }

  @Test
  void whatIsNotJsonFailsClosed() {
    for (String bad :
        List.of(
            "",
            "{",
            "{\"a\":}",
            "[1,]",
            "\"a",
            "nul",
            "[01]",
            "{\"a\" 1}",
            "[1] 2",
            "\"\\x\"",
            "[\"\n\"]",
            "1.",
            "-")) {
      assertThatThrownBy(() -> redact(bad)).as(bad).isInstanceOf(RedactionException.class);
    }
  }

  @Test
  void aMaskIsNotFoundAgain() {
    String once =
        masked(
            "{\"password\":\"hunter2x\",\"t\":\"token="
                + TOKEN
                + " Authorization: Bearer abcdefgh12345678\"}");
    assertThat(redact(once)).isInstanceOf(Redaction.Clean.class);
  }

  private static Redaction redact(String json) {
    return REDACTOR.redact(bytes(json));
  }

  private static String masked(String json) {
    return text(redact(json));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Redaction redaction) {
    assertThat(redaction).isInstanceOf(Redaction.Redacted.class);
    return new String(((Redaction.Redacted) redaction).json(), StandardCharsets.UTF_8);
  }
}
