package io.outrider.audit.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.audit.Samples;
import io.outrider.audit.record.AuditRecord;
import io.outrider.audit.record.CallFacts;
import io.outrider.audit.record.Client;
import io.outrider.audit.record.Decision;
import io.outrider.audit.record.Event;
import io.outrider.audit.record.Intent;
import io.outrider.audit.record.Payload;
import io.outrider.audit.record.Principal;
import io.outrider.audit.record.Redaction;
import io.outrider.audit.record.Refusal;
import io.outrider.audit.record.Rule;
import io.outrider.audit.record.Source;
import io.outrider.audit.record.Target;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LeafTest {
  private final LeafEncoder encoder = new LeafEncoder(0x0123456789abcdefL, 1 << 20);

  private Leaf encode(AuditRecord record) throws FormatException {
    encoder.encode(record, 7, 1_000, -1);
    return Leaf.parse(Arrays.copyOf(encoder.leaf(), encoder.leafLength()));
  }

  private List<Opening> openings() throws FormatException {
    return Opening.parse(Arrays.copyOf(encoder.annex(), encoder.annexLength()));
  }

  @Test
  void outcomeIsExactlyThisLine() throws Exception {
    encoder.encode(Samples.outcome("c-1"), 3, 42, 2);
    String json = new String(encoder.leaf(), 0, encoder.leafLength(), StandardCharsets.UTF_8);
    String digest = HexFormat.of().formatHex(openings().getFirst().commitment());
    assertThat(json)
        .isEqualTo(
            "{\"boot\":\"0123456789abcdef\",\"call\":\"c-1\",\"i\":3,\"intent\":2,\"k\":\"outcome\",\"m\":42,"
                + "\"ns\":{\"total\":12000000,\"up\":11000000},\"out\":\"completed\",\"res\":{\"bytes\":2048,\"digest\":\""
                + digest
                + "\",\"error\":false},\"t\":\"2026-11-20T12:00:00.135456789Z\",\"v\":1}");
  }

  @Test
  void intentKeepsEveryFact() throws Exception {
    Leaf leaf = encode(Samples.intent("c-9"));
    assertThat(leaf.text("sub.id")).contains("alice@example.com");
    assertThat(leaf.text("sub.by")).contains("jwt:https://login.example.com");
    assertThat(leaf.fields().get("cli"))
        .isEqualTo(Map.of("name", "claude-desktop", "unverified", true, "version", "1.4.2"));
    assertThat(leaf.text("tool")).contains("read_file");
    assertThat(leaf.text("up")).contains("files");
    assertThat(leaf.text("meth")).contains("tools/call");
    assertThat(leaf.text("verdict")).contains("allow");
    assertThat(leaf.text("labels.team")).contains("platform");
    assertThat(leaf.list("rules"))
        .isEqualTo(
            List.of(
                Map.of("file", "policies/files.rego", "row", 12L, "rule", "data.outrider.allow")));
    assertThat(leaf.list("red"))
        .isEqualTo(
            List.of(
                Map.of(
                    "at",
                    "/params/arguments/token",
                    "digest",
                    "1f2e3d4c5b6a7988",
                    "len",
                    40L,
                    "n",
                    1L,
                    "rule",
                    "github-pat")));
    assertThat(leaf.text("t")).contains("2026-11-20T12:00:00.123456789Z");
    assertThat(leaf.index()).isEqualTo(7);
    assertThat(LeafHead.of(leaf.bytes())).contains(new LeafHead("c-9", true));
  }

  @Test
  void valuesStayOutsideAndTheirOpeningsFit() throws Exception {
    Leaf leaf = encode(Samples.intent("c-9"));
    assertThat(leaf.json()).doesNotContain("/srv/data/report.txt");
    List<Opening> openings = openings();
    assertThat(openings).extracting(Opening::field).containsExactly("in.digest", "in.text");
    for (Opening opening : openings) {
      assertThat(leaf.text(opening.field()))
          .contains(HexFormat.of().formatHex(opening.commitment()));
    }
    assertThat(new String(openings.get(1).value(), StandardCharsets.UTF_8))
        .contains("/srv/data/report.txt");
    encode(Samples.intent("c-9"));
    assertThat(openings().getFirst().commitment())
        .as("equal values must not give equal commitments")
        .isNotEqualTo(openings.getFirst().commitment());
  }

  @Test
  void unreadMessageIsRecordedWithWhatIsKnown() throws Exception {
    Leaf leaf =
        encode(
            new Refusal(
                CallFacts.unread(
                    "c-1",
                    Samples.NOON,
                    Principal.UNKNOWN,
                    Source.of("http", "10.0.0.1:99"),
                    Payload.of(12, Samples.DIGEST)),
                "refused.malformed",
                List.of("not JSON"),
                Decision.NONE));
    assertThat(leaf.fields().keySet())
        .containsExactly(
            "boot", "call", "i", "in", "k", "m", "out", "src", "sub", "t", "v", "verdict", "why");
  }

  @Test
  void hostileTextStaysOneLineAndComesBackAsItWas() throws Exception {
    String hostile = "a\nb\r\t\u0000\u001b[31m\u202e\u2028\"\\\ud83d\ude00\u007f\u0080";
    Target target = new Target("modern", "2026-07-28", "up", "tools/call", hostile, null);
    Leaf leaf = encode(withTarget(target, List.of()));
    assertThat(leaf.json())
        .doesNotContain("\n")
        .doesNotContain("\u001b")
        .contains("\\n", "\\u001b", "\\u0000");
    assertThat(leaf.text("tool")).contains(hostile);
    assertThat(
            encode(withTarget(new Target(null, null, null, null, "x\ud800y", null), List.of()))
                .text("tool"))
        .contains("x\ufffdy");
  }

  @Test
  void longTextIsCutMarkedAndKeptBeside() throws Exception {
    String uri = "file:///" + "\u00e9".repeat(5_000);
    Leaf leaf =
        encode(withTarget(new Target(null, null, null, "resources/read", uri, null), List.of()));
    assertThat(leaf.text("tool").orElseThrow().getBytes(StandardCharsets.UTF_8))
        .hasSizeBetween(2_040, 2_048);
    Opening whole =
        openings().stream().filter(o -> o.field().equals("x.0")).findFirst().orElseThrow();
    assertThat(new String(whole.value(), StandardCharsets.UTF_8)).isEqualTo(uri);
    assertThat(leaf.list("x"))
        .isEqualTo(
            List.of(
                Map.of(
                    "c",
                    HexFormat.of().formatHex(whole.commitment()),
                    "field",
                    "tool",
                    "n",
                    (long) uri.length())));
  }

  @Test
  void worstRecordStaysBelowTheLimitAndKeepsWhoAndWhat() throws Exception {
    String evil = "\u0001".repeat(100_000);
    List<String> many = Collections.nCopies(1_000, evil);
    Map<String, String> labels = new TreeMap<>();
    List<Rule> rules = new ArrayList<>();
    List<Redaction> redactions = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      labels.put("label" + i, evil);
      rules.add(new Rule("data.rule" + i, evil, i));
      redactions.add(new Redaction("rule" + i, "/" + evil, 1, 40, "00ff"));
    }
    Decision decision =
        new Decision(
            Decision.Verdict.DENY,
            rules,
            evil,
            evil,
            many,
            many,
            labels,
            redactions,
            Long.MAX_VALUE,
            Long.MAX_VALUE);
    CallFacts call =
        new CallFacts(
            "c".repeat(64),
            Instant.MAX,
            new Principal("alice", "user", "jwt"),
            new Client(evil, evil),
            new Source(evil, evil, evil, evil, evil, evil),
            new Target(evil, evil, evil, evil, evil, evil),
            new Payload(Long.MAX_VALUE, evil, evil));
    Leaf leaf = encode(new Refusal(call, "refused.denied", many, decision));
    assertThat(encoder.leafLength()).isLessThan(LeafEncoder.MAX_LEAF);
    assertThat(leaf.text("sub.id")).contains("alice");
    assertThat(leaf.text("tool")).isPresent();
    System.out.printf(
        "worst leaf: %d bytes (limit %d)%n", encoder.leafLength(), LeafEncoder.MAX_LEAF);
    Map<String, String> facts = new TreeMap<>();
    for (int i = 0; i < 500; i++) {
      facts.put("key" + i, evil);
    }
    encode(new Event(Event.Kind.CONFIG, Samples.NOON, facts));
    assertThat(encoder.leafLength()).isLessThan(LeafEncoder.MAX_LEAF);
  }

  /// `-Daudit.records=N` makes more.
  @Test
  void randomRecordsAreCanonicalAndComeBack() throws Exception {
    long seed = Long.getLong("test.seed", 1);
    Random random = new Random(seed);
    int records = Integer.getInteger("audit.records", 3_000);
    for (int i = 0; i < records; i++) {
      String tool = text(random);
      String who = text(random);
      String client = text(random);
      List<String> warnings = List.of(text(random), text(random));
      Leaf leaf =
          encode(
              withTarget(
                  new Principal(who, text(random), text(random)),
                  new Client(client, text(random)),
                  new Target(null, null, text(random), text(random), tool, text(random)),
                  warnings));
      assertSorted(leaf.fields(), seed);
      assertThat(leaf.text("tool")).as("seed %s", seed).contains(tool);
      assertThat(leaf.text("sub.id")).as("seed %s", seed).contains(who);
      assertThat(leaf.text("cli.name")).as("seed %s", seed).contains(client);
      assertThat(leaf.list("warn")).as("seed %s", seed).isEqualTo(warnings);
      assertThat(leaf.json()).as("seed %s", seed).isEqualTo(Canonical.json(leaf.fields()));
      assertThat(LeafHead.of(leaf.bytes())).as("seed %s", seed).contains(new LeafHead("c-1", true));
    }
    System.out.printf("records: %d made, read back and written again, all equal%n", records);
  }

  /// The head is found without parsing, whatever the texts before it say.
  @Test
  void headIsNotMisledByTexts() throws Exception {
    String evil = "\\\",\"k\":\"outcome\",{[\"\\";
    Client client = new Client(evil, "]}" + evil);
    Leaf intent =
        encode(
            withTarget(
                Principal.UNKNOWN,
                client,
                new Target(evil, evil, evil, evil, evil, evil),
                List.of(evil)));
    assertThat(LeafHead.of(intent.bytes())).contains(new LeafHead("c-1", true));
    byte[] longer = Arrays.copyOf(intent.bytes(), intent.bytes().length + 9);
    assertThat(LeafHead.of(longer, intent.bytes().length)).contains(new LeafHead("c-1", true));

    assertThat(LeafHead.of(encode(Samples.outcome("c-2")).bytes()))
        .contains(new LeafHead("c-2", false));
    assertThat(LeafHead.of(encode(Samples.refusal("c-3")).bytes())).isEmpty();
    assertThat(
            LeafHead.of(
                encode(
                        new Event(
                            Event.Kind.CONFIG, Samples.NOON, Map.of("call", "c", "k", "intent")))
                    .bytes()))
        .isEmpty();
    for (int cut = 0; cut < intent.bytes().length; cut++) {
      byte[] part = Arrays.copyOf(intent.bytes(), cut);
      try {
        LeafHead.of(part).ifPresent(head -> assertThat(head).isEqualTo(new LeafHead("c-1", true)));
      } catch (FormatException e) {
        assertThat(e).hasMessageContaining("leaf");
      }
    }
  }

  private static void assertSorted(Map<?, ?> map, long seed) {
    List<String> keys = map.keySet().stream().map(String::valueOf).toList();
    assertThat(keys).as("seed %s", seed).isSorted();
    map.values()
        .forEach(v -> {
          if (v instanceof Map<?, ?> inner) {
            assertSorted(inner, seed);
          }
        });
  }

  private static String text(Random random) {
    StringBuilder out = new StringBuilder();
    int length = random.nextInt(40);
    while (out.length() < length) {
      int c = random.nextInt(random.nextBoolean() ? 0x80 : random.nextBoolean() ? 0x800 : 0x110000);
      if (c < 0xd800 || c > 0xdfff) {
        out.appendCodePoint(c);
      }
    }
    return out.toString();
  }

  private static Intent withTarget(Target target, List<String> warnings) {
    return withTarget(Principal.UNKNOWN, Client.UNKNOWN, target, warnings);
  }

  private static Intent withTarget(
      Principal who, Client client, Target target, List<String> warnings) {
    return new Intent(
        new CallFacts(
            "c-1", Samples.NOON, who, client, Source.of("stdio", "pid:7"), target, Payload.NONE),
        new Decision(
            Decision.Verdict.ALLOW,
            List.of(),
            null,
            null,
            warnings,
            List.of(),
            Map.of(),
            List.of(),
            0,
            0));
  }

  /// A method that no policy judges, such as `initialize`, is let through and nobody said `allow`.
  @Test
  void callThatNoPolicyWasAskedAboutSaysSo() throws Exception {
    Leaf leaf = encode(new Intent(Samples.call("c-1"), Decision.NONE));
    assertThat(leaf.text("verdict")).contains("none");
    assertThat(leaf.number("ns.policy")).isEmpty();
    assertThat(leaf.number("ns.wait")).hasValue(0);
  }

  @Test
  void idsThatWouldNeedEscapingAreRefused() {
    for (String bad : List.of("", "a b", "a\"", "\u00e9", "x".repeat(65))) {
      assertThatThrownBy(() -> Samples.intent(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("callId");
    }
  }

  @Test
  void leavesThatAreNotOursAreRefused() {
    for (String bad :
        List.of(
            "",
            "[]",
            "{}",
            "{\"v\":1,\"i\":0}",
            "{\"i\":0,\"i\":1,\"k\":\"event\",\"v\":1}",
            "{\"i\":0,\"k\":\"event\",\"v\":1} ,",
            "{\"i\":0,\"k\":\"event\",\"v\":1.5}",
            "{\"i\":99999999999999999999,\"k\":\"event\",\"v\":1}")) {
      assertThatThrownBy(() -> Leaf.parse(bad.getBytes(StandardCharsets.UTF_8)))
          .as(bad)
          .isInstanceOf(FormatException.class);
    }
  }
}
