package io.outrider.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Text in pieces comes out as if it had come whole. A failure names its seed; repeat it with
/// `-Dtest.seed=N`.
class StreamRedactorTest {
  private static final long SEED = Long.getLong("test.seed", 1);
  private static final Redactor REDACTOR =
      Redactor.compile(RuleSet.builtin(), RedactionOptions.defaults());

  private static final Redactor WITH_PERSONAL =
      Redactor.compile(
          RuleSet.builtin(),
          RedactionOptions.defaults()
              .withGroups(Set.of("email", "card", "iban", "phone", "ip", "national-id")));

  private static final List<String> PIECES =
      List.of(
          "the build failed because the token was not found\n",
          "user=deploy password=«hunter22x!» host=db\n",
          "export TOKEN=«ghp_{alnum:36}»\n",
          "id AKIA{base32:16} and more text, ",
          "{pem:RSA PRIVATE KEY}\n",
          "postgres://app:{alnum:16}@db.internal:5432/app\n",
          "Authorization: Bearer {b64urlmix:40}\n",
          "https://a.test/x?sig={hex:40}&ok=1 ",
          "curl -u admin:{alnum:12} https://b.test/\n",
          "{jwt} ",
          "café 😀 naïve ",
          "sha256:{hex:64} ",
          "a3f8c2d1-0000-4000-8000-{hex:12} ",
          "com.example.service.DeploymentManagerFactory.getInstance() ",
          "q=%67%68%70_{alnum:36}&r=1 ",
          "eyeyeyey key key= secret: ",
          "123456789:AA{b64urlmix:33} ",
          "xoxb-{digit:12}-{digit:12}-{alnum:24}\n");

  @Test
  void everyCuttingGivesTheSameText() {
    var random = new SplittableRandom(SEED);
    for (int i = 0; i < 150; i++) {
      String text = text(random);
      String whole = cut(text, List.of(text.length()));
      for (int k = 0; k < 4; k++) {
        List<Integer> cuts = new ArrayList<>();
        int most = List.of(1, 3, 17, 200).get(k);
        for (int at = 0; at < text.length(); at += 1 + random.nextInt(most)) {
          cuts.add(at);
        }
        assertThat(cut(text, cuts)).as("seed %d: %s", SEED, text).isEqualTo(whole);
      }
    }
  }

  /// The samples of every rule, so of every way to begin, joined by what lets one run into the
  /// next.
  @Test
  void everyCuttingOfTheSamplesOfAllRulesGivesTheSameText() {
    var random = new SplittableRandom(SEED);
    List<String> samples = new ArrayList<>();
    RuleSet.builtin()
        .all()
        .forEach(rule -> {
          samples.addAll(rule.samples().positive());
          samples.addAll(rule.samples().negative());
        });
    List<String> joints = List.of(" ", "\n", "", ", ", "/", "-", "=", ":", "\"", " and ");
    for (int i = 0; i < 400; i++) {
      var text = new StringBuilder();
      for (int k = 1 + random.nextInt(5); k > 0; k--) {
        text.append(SampleText.of(samples.get(random.nextInt(samples.size())), random).text());
        text.append(joints.get(random.nextInt(joints.size())));
      }
      String all = text.toString();
      Redactor redactor = i % 2 == 0 ? REDACTOR : WITH_PERSONAL;
      String whole = cut(redactor, all, List.of(all.length()));
      for (int most : List.of(1, 5, 60)) {
        List<Integer> cuts = new ArrayList<>();
        for (int at = 0; at < all.length(); at += 1 + random.nextInt(most)) {
          cuts.add(at);
        }
        assertThat(cut(redactor, all, cuts)).as("seed %d: %s", SEED, all).isEqualTo(whole);
      }
    }
  }

  @Test
  void whatStandsBeforeASecretGoesOnAndTheSecretDoesNot() {
    var random = new SplittableRandom(SEED);
    for (String sample :
        List.of(
            "db.acme.test:5432:app:app_user:«{alnum:14}»\n",
            "curl -s --max-time 5 -u admin:«{alnum:12}» https://a.test\n",
            "variable \"db_password\" {\n  type = string\n  default = \"«{alnum:16}»\"\n}\n",
            "the password of the build account is «{alnum:9}-7x» for now\n")) {
      SampleText text = SampleText.of(sample, random);
      int[] secret = text.marked().getFirst();
      StreamRedactor stream = REDACTOR.stream();
      var out = new StringBuilder();
      for (int at = 0; at < text.text().length(); at++) {
        out.append(stream.feed(text.text().substring(at, at + 1)));
        if (at < secret[0]) {
          assertThat(stream.held()).as(text.text().substring(0, at + 1)).isLessThanOrEqualTo(12);
        }
        assertThat(out.length()).as(text.text()).isLessThanOrEqualTo(Math.max(secret[0], 0) + 40);
      }
      out.append(stream.finish());
      String value = text.text().substring(secret[0], secret[1]);
      assertThat(out.toString())
          .isEqualTo(REDACTOR.redactText(text.text()))
          .contains("[REDACTED:")
          .doesNotContain(value.substring(0, 4));
    }
  }

  @Test
  void aSecretWhoseBeginningIsKeptByOtherRulesIsStillFound() {
    var current = new AtomicReference<>(REDACTOR);
    StreamRedactor stream = StreamRedactor.forRecords(current::get);
    String before = stream.feed("db.acme.test:5432:app:app_user:");
    current.set(Redactor.compile(RuleSet.builtin(), RedactionOptions.defaults()));
    String after = stream.feed("hk3Lq8Zr2PwX\n") + stream.finish();
    assertThat(before + after).isEqualTo("db.acme.test:5432:app:app_user:[REDACTED:pgpass-line]\n");
  }

  @Test
  void whatComesOutIsWhatTheWholeTextGives() {
    var random = new SplittableRandom(SEED);
    for (int i = 0; i < 200; i++) {
      String text = text(random);
      assertThat(cut(text, List.of(text.length() / 2)))
          .as("seed %d: %s", SEED, text)
          .isEqualTo(REDACTOR.redactText(text));
    }
  }

  @Test
  void aPrivateKeyLineByLineIsOneFinding() {
    String key = SampleText.of("{pem:RSA PRIVATE KEY}", new SplittableRandom(1)).text();
    StreamRedactor stream = REDACTOR.stream();
    var out = new StringBuilder(stream.feed("starting\n"));
    for (String line : key.split("\n")) {
      out.append(stream.feed(line + "\n"));
    }
    out.append(stream.feed("done\n")).append(stream.finish());
    assertThat(out.toString()).isEqualTo("starting\n[REDACTED:private-key]\ndone\n");
  }

  @Test
  void anEndlessPrivateKeyIsNotHeldForEverAndDoesNotPass() {
    StreamRedactor stream = REDACTOR.stream();
    var random = new SplittableRandom(5);
    var out = new StringBuilder(stream.feed("-----BEGIN PRIVATE KEY-----\n"));
    var lines = new ArrayList<String>();
    for (int i = 0; i < 3_000; i++) {
      byte[] noise = new byte[48];
      random.nextBytes(noise);
      lines.add(Base64.getEncoder().encodeToString(noise));
      out.append(stream.feed(lines.getLast() + "\n"));
      assertThat(stream.held()).isLessThanOrEqualTo(StreamRedactor.MAX_HELD + 65);
    }
    out.append(stream.finish());
    assertThat(lines).noneMatch(line -> out.indexOf(line) >= 0);
  }

  @Test
  void aPauseGivesAllButAKeyThatHasBegun() {
    String[] key =
        SampleText.of("{pem:RSA PRIVATE KEY}", new SplittableRandom(1)).text().split("\n");
    StreamRedactor stream = REDACTOR.stream();
    String said = stream.feed("waiting for AKIA\n") + stream.pause();
    assertThat(said).isEqualTo("waiting for AKIA\n");
    assertThat(stream.held()).isZero();

    var out = new StringBuilder();
    for (String line : key) {
      out.append(stream.feed(line + "\n")).append(stream.pause());
    }
    out.append(stream.feed("done\n")).append(stream.pause());
    assertThat(out.toString()).isEqualTo("[REDACTED:private-key]\ndone\n");
    assertThat(stream.held()).isZero();
  }

  @Test
  void whatIsOnlyToldOfIsMaskedInRecords() {
    String text = SampleText.of("myKey = {alnum:40}\n", new SplittableRandom(1)).text();
    StreamRedactor usual = REDACTOR.stream();
    assertThat(usual.feed(text) + usual.finish()).isEqualTo(text);

    StreamRedactor records = StreamRedactor.forRecords(() -> REDACTOR);
    assertThat(records.feed(text) + records.finish()).isEqualTo(REDACTOR.recordText(text));
    assertThat(REDACTOR.recordText(text)).contains("generic-assigned-secret");
  }

  @Test
  void rulesMayChangeWhileATextGoesOn() {
    Redactor other =
        Redactor.compile(
            RuleSet.builtin(), RedactionOptions.defaults().withGroups(Set.of("email")));
    var current = new AtomicReference<>(REDACTOR);
    StreamRedactor stream = StreamRedactor.forRecords(current::get);
    String before = stream.feed("to ada@lovelace.test now\n") + stream.pause();
    current.set(other);
    String after = stream.feed("to ada@lovelace.test now\n") + stream.finish();

    assertThat(before).contains("ada@");
    assertThat(after).doesNotContain("ada@");
  }

  @Test
  void littleIsHeldBackOnCleanText() {
    // Most of it waits for the eighth letter of a word, or the 33rd of a hash: either may be a key.
    holdsBack("clean text", REDACTOR, 8, 64);
  }

  @Test
  void littleMoreIsHeldBackForPersonalData() {
    // A path, like all that has no space, may be the first part of an e-mail address.
    holdsBack("clean text with all personal data", WITH_PERSONAL, 12, 64);
  }

  private static void holdsBack(String what, Redactor redactor, int mostOnAverage, int most) {
    var random = new SplittableRandom(9);
    List<Integer> held = new ArrayList<>();
    StreamRedactor stream = redactor.stream();
    for (int i = 0; i < 300; i++) {
      CorpusText.Kind kind = CorpusText.KINDS.get(random.nextInt(CorpusText.KINDS.size()));
      if (kind.syntax() == CorpusText.Syntax.OPAQUE) {
        continue;
      }
      String text = String.join("\n", CorpusText.lines(kind, 2_000, random)) + "\n";
      for (int at = 0; at < text.length(); ) {
        int next = Math.min(text.length(), at + 1 + random.nextInt(40));
        stream.feed(text.substring(at, next));
        held.add(stream.held());
        at = next;
      }
    }
    held.sort(null);
    double mean = held.stream().mapToInt(Integer::intValue).average().orElseThrow();
    int p99 = held.get(held.size() * 99 / 100);
    System.out.printf("held back on %s: mean %.1f, p99 %d bytes%n", what, mean, p99);
    assertThat(mean).isLessThanOrEqualTo(mostOnAverage);
    assertThat(p99).isLessThanOrEqualTo(most);
  }

  private static String text(SplittableRandom random) {
    var text = new StringBuilder();
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      text.append(SampleText.of(PIECES.get(random.nextInt(PIECES.size())), random).text());
    }
    return text.toString();
  }

  private static String cut(String text, List<Integer> cuts) {
    return cut(REDACTOR, text, cuts);
  }

  private static String cut(Redactor redactor, String text, List<Integer> cuts) {
    StreamRedactor stream = redactor.stream();
    var out = new StringBuilder();
    int at = 0;
    for (int next : cuts) {
      if (next > at) {
        out.append(stream.feed(text.substring(at, next)));
        at = next;
      }
    }
    return out.append(stream.feed(text.substring(at))).append(stream.finish()).toString();
  }
}
