package io.outrider.policy.builtin;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a policy, or a caller through a policy's arguments, must not be able to do with built-ins.
class BuiltinLimitsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static BuiltinContext context(BuiltinContext.Budget budget) {
    return new BuiltinContext(1_795_168_800_000_000_000L, 42, new PatternCache(), budget);
  }

  private static RegoValue call(String name, RegoValue... args) {
    return call(context(BuiltinContext.Budget.UNLIMITED), name, args);
  }

  private static RegoValue call(BuiltinContext cx, String name, RegoValue... args) {
    Builtin builtin = requireNonNull(Builtins.standard().find(name), name);
    return requireNonNull(builtin.call(cx, args), "undefined");
  }

  private static RegoValue text(String text) {
    return RegoString.of(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http.send",
        "net.lookup_ip_addr",
        "opa.runtime",
        "io.jwt.encode_sign",
        "providers.aws.sign_req"
      })
  void functionsThatReachOutAreOffAndExplained(String name) {
    assertThat(Builtins.standard().find(name)).isNull();
    assertThat(Builtins.standard().refusal(name)).contains("policy.builtins");
    assertThat(Builtins.enabling(List.of(name)).refusal(name)).isNull();
  }

  @Test
  void noFunctionIsBothThereAndRefused() {
    assertThat(Builtins.standard().names())
        .allSatisfy(name -> assertThat(Builtins.standard().refusal(name)).isNull());
  }

  @Test
  void collectionsOfUnreasonableSizeAreRefusedBeforeTheyAreBuilt() {
    Assertions.assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          refused("numbers.range", RegoNumber.of(1), RegoNumber.parse("1e15"));
          refused("net.cidr_expand", text("10.0.0.0/8"));
          refused("net.cidr_expand", text("::/0"));
          refused("bits.lsh", RegoNumber.of(1), RegoNumber.parse("1000000000"));
          refused("sprintf", text("%999999[1]d".repeat(100)), RegoArray.of(RegoNumber.of(1)));
          refused("units.parse", text("1e999999"));
          refused("to_number", text("1e999999999"));
        });
  }

  private static void refused(String name, RegoValue... args) {
    assertThatThrownBy(() -> call(name, args)).as(name).isInstanceOf(BuiltinException.class);
  }

  @Test
  void patternsThatExplodeElsewhereAreQuickHere() {
    RegoValue many = text("a".repeat(50_000) + "!");
    Assertions.assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          assertThat(call("regex.match", text("^(a+)+$"), many)).isEqualTo(RegoBoolean.FALSE);
          assertThat(
                  call(
                      "glob.match",
                      text("*a".repeat(40) + "b"),
                      RegoNull.NULL,
                      text("a".repeat(3_000))))
              .isEqualTo(RegoBoolean.FALSE);
          assertThat(call("semver.is_valid", text("1.2.3-" + "a.".repeat(20_000))))
              .isEqualTo(RegoBoolean.FALSE);
        });
    assertThat(call("regex.is_valid", text("((a{100}){100}){100}"))).isEqualTo(RegoBoolean.FALSE);
    assertThat(call("regex.is_valid", text("a".repeat(20_000)))).isEqualTo(RegoBoolean.FALSE);
  }

  @Test
  void aliasesOfYamlDoNotMultiply() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i));
      bomb.append("*a%d,".formatted(i - 1).repeat(10)).append("]\n");
    }
    Assertions.assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          refused("yaml.unmarshal", text(bomb.toString()));
          refused("yaml.unmarshal", text("a: &a [*a]"));
          refused("yaml.unmarshal", text("[".repeat(5_000) + "]".repeat(5_000)));
          refused("json.unmarshal", text("[".repeat(5_000) + "]".repeat(5_000)));
        });
  }

  @Test
  void documentsThatNestOrReferToThemselvesAreRefused() {
    Assertions.assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          refused("graphql.parse_query", text("{a".repeat(5_000) + "}".repeat(5_000)));
          refused("graphql.parse_query", text("{a(x: " + "[".repeat(5_000) + "1"));
          refused("graphql.parse_schema", text("type A { a: " + "[".repeat(5_000)));
          refused("json.match_schema", text("1"), text("{\"$ref\": \"#\"}"));
          refused(
              "json.match_schema",
              text("1"),
              text("{\"not\": ".repeat(400) + "{}" + "}".repeat(400)));
          refused("json.match_schema", text("1"), text("{\"$ref\": \"http://127.0.0.1/schema\"}"));
          refused(
              "strings.render_template",
              text("{{define \"t\"}}x{{template \"t\"}}{{end}}{{template \"t\"}}"),
              RegoObject.EMPTY);
          refused(
              "strings.render_template",
              text("{{if true}}".repeat(5_000) + "{{end}}".repeat(5_000)),
              RegoObject.EMPTY);
          refused("crypto.x509.parse_certificates", text("MIAw".repeat(10_000)));
        });
  }

  @Test
  void longWorkIsChargedToTheBudget() {
    for (String name : List.of("walk", "graph.reachable", "glob.match", "numbers.range")) {
      AtomicLong left = new AtomicLong(100);
      BuiltinContext cx =
          context(steps -> {
            if (left.addAndGet(-steps) < 0) {
              throw new IllegalStateException("budget");
            }
          });
      assertThatThrownBy(() -> call(cx, name, expensive(name)))
          .as(name)
          .isInstanceOf(IllegalStateException.class);
    }
  }

  private static RegoValue[] expensive(String name) {
    RegoValue numbers = call("numbers.range", RegoNumber.of(1), RegoNumber.of(1_000));
    return switch (name) {
      case "walk" -> new RegoValue[] {numbers};
      case "graph.reachable" ->
          new RegoValue[] {RegoObject.builder().put("a", numbers).build(), numbers};
      case "glob.match" -> new RegoValue[] {text("*a*a*a*b"), RegoNull.NULL, text("a".repeat(500))};
      default -> new RegoValue[] {RegoNumber.of(1), RegoNumber.of(1_000)};
    };
  }

  @Test
  void timeStandsStillAndRandomnessRepeatsWithinOneEvaluation() {
    BuiltinContext cx = context(BuiltinContext.Budget.UNLIMITED);
    RegoValue bound = RegoNumber.of(1_000_000_000_000L);

    assertThat(call(cx, "time.now_ns")).isEqualTo(RegoNumber.of(1_795_168_800_000_000_000L));
    assertThat(call(cx, "rand.intn", text("k"), bound))
        .isEqualTo(call(cx, "rand.intn", text("k"), bound))
        .isNotEqualTo(call(cx, "rand.intn", text("other"), bound));
    assertThat(call(cx, "uuid.rfc4122", text("k")))
        .isEqualTo(call(cx, "uuid.rfc4122", text("k")))
        .isNotEqualTo(call(cx, "uuid.rfc4122", text("other")));
    RegoValue parsed = call("uuid.parse", call(cx, "uuid.rfc4122", text("k")));
    assertThat(((RegoObject) parsed).get("version")).isEqualTo(RegoNumber.of(4));
  }

  @Test
  void functionsThatVaryAreMarked() {
    for (String name :
        List.of("time.now_ns", "rand.intn", "uuid.rfc4122", "io.jwt.decode_verify")) {
      assertThat(requireNonNull(Builtins.standard().find(name)).isNondeterministic())
          .as(name)
          .isTrue();
    }
    assertThat(requireNonNull(Builtins.standard().find("walk")).isRelation()).isTrue();
  }

  @Test
  void patternsFromCallersDoNotPushOutThoseInUse() {
    PatternCache cache = new PatternCache();
    AtomicLong made = new AtomicLong();
    for (int i = 0; i < 10_000; i++) {
      cache.get("used all the time", k -> made.incrementAndGet());
      cache.get("seen once " + i, k -> "x");
    }

    assertThat(made).hasValue(1);
  }

  @Test
  void secretIsNeverTakenForPublicKeyNorPublicKeyForSecret() {
    RegoValue jwk = text("{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}");
    // {"alg":"RS256"} . {} . "x"
    RegoValue token = text("eyJhbGciOiJSUzI1NiJ9.e30.eA");

    assertThat(call("io.jwt.verify_rs256", token, jwk)).isEqualTo(RegoBoolean.FALSE);
    assertThat(
            ((RegoArray)
                    call(
                        "io.jwt.decode_verify",
                        token,
                        RegoObject.builder().put("secret", "secret").build()))
                .get(0))
        .isEqualTo(RegoBoolean.FALSE);
  }
}
