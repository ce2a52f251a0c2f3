package io.outrider.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a caller can say about the findings of one message.
class HandlingTest {
  private static final String KEY = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc";
  private static final RuleSet RULES = RuleSet.builtin();
  private final Redactor redactor = Redactor.compile(RULES, RedactionOptions.defaults());

  /// Answers the same for every finding, and keeps the tokens.
  private static final class Fixed implements Handling {
    private final @Nullable Action action;
    private final String scope;
    private final Map<String, String> tokens = new HashMap<>();

    Fixed(@Nullable Action action, String scope) {
      this.action = action;
      this.scope = scope;
    }

    @Override
    public @Nullable Action action(
        String rule, String group, Action usual, Supplier<String> pointer) {
      return pointer.get().endsWith("/kept") ? null : action;
    }

    @Override
    public String scope() {
      return scope;
    }

    @Override
    public void tokenised(String token, String value) {
      tokens.put(token, value);
    }
  }

  private Redaction redact(Redactor with, String json, Handling handling) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return with.redact(bytes, 0, bytes.length, Scope.everything(), Detectors.NONE, handling);
  }

  private String text(Redaction redaction) {
    return new String(((Redaction.Redacted) redaction).json(), StandardCharsets.UTF_8);
  }

  @Test
  void aMaskOfTheSameShapeIsPlainAsciiWithoutTheValue() {
    String json = "{\"password\":\"Tr\u00f6b4-\\\"x\\\\ y9Z\"}";
    Handling shape = Handling.USUAL.masking(MaskStyle.SAME_SHAPE);
    assertThat(text(redact(redactor, json, shape))).isEqualTo("{\"password\":\"Aaaa0-*a* a0A\"}");
  }

  @Test
  void anExceptedPlaceIsLeftAloneAndTheSameValueElsewhereIsNot() {
    String json = "{\"kept\":\"" + KEY + "\",\"other\":\"" + KEY + "\"}";
    String after = text(redact(redactor, json, new Fixed(Action.MASK, "")));
    assertThat(after).isEqualTo("{\"kept\":\"" + KEY + "\",\"other\":\"[REDACTED:stripe-key]\"}");
  }

  @Test
  void aFindingTakenForNoneIsNotReported() {
    assertThat(redact(redactor, "{\"kept\":\"" + KEY + "\"}", new Fixed(Action.BLOCK, "")))
        .isEqualTo(Redaction.CLEAN);
  }

  @Test
  void equalSecretsGiveEqualTokensWithinAScopeAndOtherOnesBeyond() {
    Fixed ann = new Fixed(Action.TOKENISE, "ann");
    String both = "{\"a\":\"" + KEY + "\",\"b\":\"x " + KEY + "\"}";
    String after = text(redact(redactor, both, ann));
    assertThat(ann.tokens).hasSize(1).containsValue(KEY);
    String token = ann.tokens.keySet().iterator().next();
    assertThat(after).isEqualTo("{\"a\":\"" + token + "\",\"b\":\"x " + token + "\"}");
    Fixed bob = new Fixed(Action.TOKENISE, "bob");
    assertThat(text(redact(redactor, both, bob))).doesNotContain(token);
  }

  @Test
  void evidenceTellsEqualValuesFromOthersWithoutTheValue() {
    Redaction first = redactor.redact(("{\"a\":\"" + KEY + "\"}").getBytes(StandardCharsets.UTF_8));
    Redaction again =
        redactor.redact(("{\"b\":\"x " + KEY + "\"}").getBytes(StandardCharsets.UTF_8));
    String digest = first.findings().getFirst().digest();
    assertThat(digest).matches("[0-9a-f]{16}");
    assertThat(again.findings().getFirst().digest()).isEqualTo(digest);
    Redactor other = Redactor.compile(RULES, RedactionOptions.defaults());
    assertThat(
            other
                .redact(("{\"a\":\"" + KEY + "\"}").getBytes(StandardCharsets.UTF_8))
                .findings()
                .getFirst()
                .digest())
        .isNotEqualTo(digest);
  }

  @Test
  void aRuleMayHaveAMaskOfItsOwn() {
    RuleSet rules =
        RuleSet.load(
            java.util.List.of(
                RuleSource.toml(
                    "test",
                    "[[rules]]\nid='acme'\nregex='acme-[0-9]{16}'\n[rules.outrider]\nmask='keep-last-4'\n"
                        + "[[rules]]\nid='len'\nregex='len-[0-9]{6}'\n[rules.outrider]\nmask='same-length'\n")));
    assertThat(rules.problems()).isEmpty();
    Redactor own = Redactor.compile(rules, RedactionOptions.defaults());
    assertThat(own.redactText("acme-1234567812345678 len-123456"))
        .isEqualTo("[REDACTED:acme:5678] **********");
  }
}
