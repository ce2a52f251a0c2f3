package io.outrider.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// What must hold for every message, tried on many random ones. A failure names its seed; repeat it
/// with `-Dtest.seed=N`.
class RedactionPropertyTest {
  private static final long SEED = Long.getLong("test.seed", 1);
  private static final Redactor REDACTOR =
      Redactor.compile(
          RuleSet.builtin(), RedactionOptions.defaults().withSecretInKey(Action.ALERT));
  private static final List<String> SECRETS =
      List.of(
          "ghp_{alnum:36}",
          "AKIA{base32:16}",
          "glpat-{b64urlmix:20}",
          "sk_live_{alnum:24}",
          "{jwt}",
          "xoxb-{digit:12}-{digit:12}-{alnum:24}",
          "SG.{b64urlmix:22}.{b64urlmix:43}",
          "npm_{alnum:36}",
          "dapi{hex:32}",
          "hvs.{b64urlmix:40}");

  private SplittableRandom random = new SplittableRandom(SEED);

  @BeforeEach
  void begin() {
    random = new SplittableRandom(SEED);
  }

  @Test
  void everyEscapeSpellingOfASecretIsMaskedAndAllElseStays() {
    for (int i = 0; i < 3_000; i++) {
      String secret = secret();
      String before = "{\"a\":[1,-2.5e3,true,null],\"t\":\"" + filler() + " ";
      String after = " " + filler() + "\" , \"z\" : {\"y\":[]}}";
      String json = before + spelled(secret) + after;
      String result = masked(json);
      assertThat(result).as("seed %d: %s", SEED, json).startsWith(before).endsWith(after);
      String middle = result.substring(before.length(), result.length() - after.length());
      assertThat(middle).as("seed %d: %s", SEED, json).matches("\\[REDACTED:[a-z0-9-]+]");
    }
  }

  @Test
  void noSecretSurvivesInsideNestedJson() {
    for (int i = 0; i < 1_000; i++) {
      String secret = secret();
      String json =
          "{\"v\":"
              + Json.quote("x " + secret + "\n" + text())
              + ",\"password\":"
              + Json.quote(secret + "!")
              + "}";
      for (int depth = random.nextInt(4); depth > 0; depth--) {
        json = "{\"text\":" + Json.quote(json) + "}";
      }
      String result = masked(json);
      assertThat(result).as("seed %d: %s", SEED, json).doesNotContain(secret);
      assertValid(result);
    }
  }

  @Test
  void redactionIsIdempotent() {
    for (int i = 0; i < 1_000; i++) {
      String json =
          "{\"a\":"
              + Json.quote(text() + secret() + " " + text())
              + ",\"token\":"
              + Json.quote(secret())
              + "}";
      String once = masked(json);
      Redaction again = REDACTOR.redact(once.getBytes(StandardCharsets.UTF_8));
      assertThat(again).as("seed %d: %s", SEED, once).isInstanceOf(Redaction.Clean.class);
    }
  }

  @Test
  void randomJsonStaysValidAndKeepsItsShape() {
    for (int i = 0; i < 3_000; i++) {
      String json = value(0);
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      switch (REDACTOR.redact(bytes)) {
        case Redaction.Clean c -> {}
        case Redaction.Redacted r ->
            assertThat(shape(r.json())).as("seed %d: %s", SEED, json).isEqualTo(shape(bytes));
        case Redaction.Blocked b -> throw new AssertionError("seed " + SEED + ": blocked " + json);
      }
    }
  }

  @Test
  void aLongerTokenLeavesNothingBehind() {
    for (int i = 0; i < 1_000; i++) {
      String tail =
          SampleText.of(
                  List.of("{alnum:1}", "{alnum:100}", "-{alnum:9}", "_{alnum:5}", ".{alnum:12}")
                      .get(random.nextInt(5)),
                  random)
              .text();
      String secret =
          SampleText.of(
                  List.of(
                          "ghp_{alnum:36}",
                          "glpat-{b64urlmix:20}",
                          "ghs_{alnum:36}",
                          "hvs.{b64urlmix:40}")
                      .get(random.nextInt(4)),
                  random)
              .text();
      String result = REDACTOR.redactText("see " + secret + tail + " there");
      assertThat(result)
          .as("seed %d: %s", SEED, secret + tail)
          .matches("see \\[REDACTED:[a-z0-9-]+] there");
    }
  }

  @Test
  void randomBytesNeverDoAnythingUndeclared() {
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      String alphabet = "{}[]\",:\\u00\"abtrufnlse0123.-eE \n\t\0\u00e9";
      for (int k = 0; k < bytes.length; k++) {
        bytes[k] =
            random.nextInt(3) == 0
                ? (byte) random.nextInt(256)
                : (byte) alphabet.charAt(random.nextInt(alphabet.length()));
      }
      boolean accepted = true;
      try {
        REDACTOR.redact(bytes);
      } catch (RedactionException e) {
        accepted = false;
      }
      // Jackson is as strict, but for bytes that are no UTF-8, which it refuses and which pass
      // through here, and for
      // zero bytes, which it takes for UTF-16.
      String text = new String(bytes, StandardCharsets.UTF_8);
      if (isUtf8(bytes) && text.indexOf(0) < 0) {
        assertThat(accepted).as("seed %d: %s", SEED, text).isEqualTo(isValid(bytes));
      }
    }
  }

  @Test
  void hostileTextCostsNoMoreThanItsLength() {
    // Work is counted, not timed: a flood that costs more than the budget per byte is refused, and
    // this one must not be.
    for (String unit :
        List.of(
            "ey",
            "key ",
            "curl ",
            "eyabcdefghijklmnopqrstuvw.",
            "-----BEGIN PRIVATE KEY-----",
            "https://a",
            "api_key: \"abcdefghij\" ",
            "password=",
            "key=",
            "Bearer ",
            "a",
            "\n",
            "token: ",
            "{\"",
            "[",
            "://",
            "\\\"",
            "ghp_",
            "@",
            "1",
            "1 ")) {
      String json = "{\"t\":" + Json.quote(unit.repeat(200_000 / unit.length())) + "}";
      try {
        REDACTOR.redact(json.getBytes(StandardCharsets.UTF_8));
      } catch (RedactionException e) {
        throw new AssertionError("flood of " + unit, e);
      }
    }
  }

  private String secret() {
    return SampleText.of(SECRETS.get(random.nextInt(SECRETS.size())), random).text();
  }

  private String filler() {
    String[] pieces = {
      "hello",
      "\\n",
      "caf\\u00e9",
      "\\ud83d\\ude00",
      "x=1",
      "\\/",
      "é",
      "\\\\",
      "\\\"q\\\"",
      "\\t",
      "ok"
    };
    var out = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      out.append(pieces[random.nextInt(pieces.length)]).append(' ');
    }
    return out.toString();
  }

  private String text() {
    String[] pieces = {"hello ", "\n", "café ", "😀 ", "{\"a\":1} ", "\\", "\" ", "ok, ", "<b> "};
    var out = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      out.append(pieces[random.nextInt(pieces.length)]);
    }
    return out.append(' ').toString();
  }

  /// Each character as itself or as an escape.
  private String spelled(String text) {
    var out = new StringBuilder();
    int odds = 1 + random.nextInt(10);
    for (char c : text.toCharArray()) {
      if (random.nextInt(odds) == 0) {
        String hex = String.format(random.nextBoolean() ? "%04x" : "%04X", (int) c);
        out.append("\\u").append(hex);
      } else if (c == '/' && random.nextBoolean()) {
        out.append("\\/");
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private String value(int depth) {
    return switch (random.nextInt(depth > 4 ? 5 : 8)) {
      case 0 -> String.valueOf(random.nextInt());
      case 1 -> random.nextBoolean() ? "true" : "null";
      case 2 -> "12345678901234567890.5e-7";
      case 3 -> Json.quote(text() + (random.nextInt(3) == 0 ? secret() : ""));
      case 4 ->
          Json.quote(
              random.nextBoolean()
                  ? "{\"password\":\"hunter22\",\"n\":[1," + secret().length() + "]}"
                  : "[1, {\"token\":\"" + secret() + "\"}]");
      case 5, 6 -> {
        List<String> members = new ArrayList<>();
        String[] names = {"a", "password", "token", "api_key", "text", "n\\u0061me", "é"};
        for (int i = random.nextInt(4); i > 0; i--) {
          members.add(
              (random.nextBoolean() ? " " : "")
                  + "\""
                  + names[random.nextInt(names.length)]
                  + "\" :"
                  + value(depth + 1));
        }
        yield "{" + String.join(",", members) + " }";
      }
      default -> {
        List<String> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(value(depth + 1));
        }
        yield "[" + String.join(" ,", elements) + "]";
      }
    };
  }

  private static String masked(String json) {
    Redaction redaction = REDACTOR.redact(json.getBytes(StandardCharsets.UTF_8));
    assertThat(redaction).as("seed %d: %s", SEED, json).isInstanceOf(Redaction.Redacted.class);
    return new String(((Redaction.Redacted) redaction).json(), StandardCharsets.UTF_8);
  }

  private static void assertValid(String json) {
    assertThat(isValid(json.getBytes(StandardCharsets.UTF_8)))
        .as("seed %d: %s", SEED, json)
        .isTrue();
  }

  private static boolean isValid(byte[] json) {
    try {
      return !shape(json).isEmpty();
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static boolean isUtf8(byte[] bytes) {
    return Arrays.equals(
        new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);
  }

  /// The tokens of a JSON text with names, and without the values of strings and numbers.
  private static List<String> shape(byte[] json) {
    List<String> shape = new ArrayList<>();
    int depth = 0;
    int roots = 0;
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      while (parser.nextToken() != null) {
        switch (parser.currentToken()) {
          case START_OBJECT, START_ARRAY -> depth++;
          case END_OBJECT, END_ARRAY -> depth--;
          case VALUE_STRING -> parser.getString();
          default -> {}
        }
        roots += depth == 0 ? 1 : 0;
        String kind = parser.currentToken().isNumeric() ? "NUMBER" : parser.currentToken().name();
        shape.add(kind.equals("PROPERTY_NAME") ? kind + parser.currentName() : kind);
      }
    }
    if (roots != 1) {
      throw new IllegalArgumentException("one value");
    }
    return shape;
  }
}
