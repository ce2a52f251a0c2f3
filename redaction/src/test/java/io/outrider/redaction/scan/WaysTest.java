package io.outrider.redaction.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.redaction.check.Checks;
import io.outrider.redaction.check.Marks;
import io.outrider.redaction.check.NationalId;
import io.outrider.redaction.check.NationalNames;
import io.outrider.redaction.json.JsonText;
import io.outrider.redaction.rule.RuleReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// A whole text is searched by the cheapest way for each rule, one that comes in pieces by one
/// automaton for all: both must find the same.
class WaysTest {
  private static final int RULE_SETS = 1_500;
  private static final int TEXTS = 6;

  private final SplittableRandom random = new SplittableRandom(20261128);
  private final Search search = new Search();

  /// Per rule texts that it matches.
  private final List<String> planted = new ArrayList<>();

  private String rule(String regex, String... keywords) {
    var words = new StringBuilder();
    for (String keyword : keywords) {
      words.append('"').append(keyword).append("\",");
    }
    return "[[rules]]\nid = 'r%d'\nregex = '''%s'''\nkeywords = [%s]\n"
        .formatted(random.nextInt(1_000_000), regex, words);
  }

  private static Engine engine(String rules) {
    var reader = new RuleReader(Checks.names(), Set.of());
    reader.read("test.toml", rules);
    assertThat(reader.notes()).filteredOn(note -> !note.usable()).isEmpty();
    return new Engine(reader.rules(), 0);
  }

  private List<String> found(Engine engine, String text, boolean inPieces)
      throws TooMuchWorkException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var json = new JsonText();
    json.readPlain(bytes, 0, bytes.length);
    var matches = new Matches();
    if (inPieces) {
      engine.searchBeginning(json, 1, true, new Begun(), search, matches);
    } else {
      engine.search(json, 0, json.length(), search, matches);
    }
    List<String> found = new ArrayList<>();
    for (int m = 0; m < matches.size(); m++) {
      String value =
          new String(
              json.text(),
              matches.start(m),
              matches.stop(m) - matches.start(m),
              StandardCharsets.UTF_8);
      found.add("%d at %d: %s".formatted(matches.rule(m), matches.start(m), value));
    }
    return found.stream().sorted().toList();
  }

  @Test
  void everyValueIsFoundWhereKeywordsAreOfMixedLengths() throws TooMuchWorkException {
    String text = " pw: hunter22x and then password: secondsecret, pw: thirdsecret";
    List<String> all =
        List.of("0 at 46: thirdsecret", "0 at 30: secondsecret", "0 at 5: hunter22x");
    Engine anchored = engine(rule("(?:pw|password)\\W{1,5}(\\w{6,})"));
    assertThat(values(found(anchored, text, false)))
        .containsExactlyInAnyOrderElementsOf(values(all));
    Engine window = engine(rule("\\W\\W(\\w{6,})", "pw", "password"));
    assertThat(values(found(window, text, false))).containsExactlyInAnyOrderElementsOf(values(all));
  }

  private static List<String> values(List<String> found) {
    return found.stream().map(f -> f.substring(f.indexOf(':'))).toList();
  }

  @Test
  void aLiteralMayStandJustBehindALongRun() throws TooMuchWorkException {
    Engine engine = engine(rule("[0-9a-f]{32}=?@sentry"));
    String run = "0123456789abcdef".repeat(2);
    for (String joining : List.of("", "=")) {
      for (String before : List.of(" ", "\n", " x ")) {
        for (String after : List.of("", " ", "x")) {
          assertThat(found(engine, before + run + joining + "@sentry" + after, false)).hasSize(1);
        }
      }
    }
  }

  @Test
  void aLiteralBeyondAsciiIsFound() throws TooMuchWorkException {
    for (String regex :
        List.of(
            "(?:clé|ключ): (\\w{6,})",
            "(?:mot|clé)(?:é|e)?: (\\w{6,})",
            "é{1,2}clé: ([0-9a-z]{20})",
            "[éа]: (\\w{6,})",
            "é(\\w{20})")) {
      Engine engine = engine(rule(regex));
      String secret = "abc123".repeat(4).substring(0, 20);
      String text = " то ключ: " + secret + " ééclé: " + secret + " é: " + secret + " é" + secret;
      assertThat(found(engine, text, false))
          .as(regex)
          .isNotEmpty()
          .isEqualTo(found(engine, text, true));
    }
  }

  @Test
  void aLiteralInsideAnotherDoesNotHideTheBeginning() throws TooMuchWorkException {
    Engine engine = engine(rule("(?:abcdx|bc)[a-z0-9 ]{8}"));
    assertThat(found(engine, " abcdx1234567890 ", false))
        .isEqualTo(found(engine, " abcdx1234567890 ", true))
        .containsExactly("0 at 1: abcdx1234567890");
  }

  @Test
  void aValueWhoseKeywordIsYetToComeStaysOpen() throws TooMuchWorkException {
    Engine engine = engine(rule("[0-9]{8}", "pw", "password"));
    byte[] text = ("x".repeat(300) + " 12345678 is the ").getBytes(StandardCharsets.UTF_8);
    var json = new JsonText();
    json.readPlain(text, 0, text.length);
    assertThat(engine.searchBeginning(json, 0, false, new Begun(), search, new Matches()))
        .isBetween(1, 301);
  }

  @Test
  void aRuleMayBeginLikePercentEncoding() throws TooMuchWorkException {
    Engine engine = engine(rule("%2[a-z]{8}"));
    assertThat(found(engine, " %2abcdefgh ", true)).hasSize(1);
  }

  @Test
  void aKeywordMayBeLongerThanAQuarterOfTheText() throws TooMuchWorkException {
    String keyword = "k".repeat(90);
    Engine engine = engine(rule("[0-9]{8}", keyword, "pw"));
    String text = " " + "x ".repeat(60) + keyword + " 12345678 " + "x ".repeat(60);
    assertThat(found(engine, text, false)).hasSize(1).isEqualTo(found(engine, text, true));
  }

  /// A German tax number may be a Polish register number as well.
  @Test
  void aNumberThatOneRuleRejectsMayBeThatOfAnother() throws TooMuchWorkException {
    String number = bothGermanAndPolish();
    String rule = "[[rules]]\nid = '%s'\n[rules.outrider]\nkind = 'national-id'\nnames = ['%s']\n";
    String german = rule.formatted("german", "de-tax-id");
    String polish = rule.formatted("polish", "pl-pesel");
    String allowed = "[[rules.allowlists]]\nregexes = ['%s']\n".formatted(number);
    for (String rules : List.of(german + allowed + polish, polish + allowed + german)) {
      var reader = new RuleReader(Checks.names(), NationalNames.ALL);
      reader.read("test.toml", rules);
      Engine engine = new Engine(reader.rules(), 0);
      assertThat(found(engine, " n " + number + " ", false)).containsExactly("1 at 3: " + number);
    }
  }

  private String bothGermanAndPolish() {
    NationalId[] both = NationalId.named(Set.of("de-tax-id", "pl-pesel"));
    while (true) {
      byte[] number = letters("0123456789", 11).getBytes(StandardCharsets.US_ASCII);
      number[2] = '0';
      number[4] = '1';
      var json = new JsonText();
      json.readPlain(number, 0, number.length);
      int valid = 0;
      for (NationalId id : both) {
        var marks = new Marks();
        marks.find(json.text(), 0, number.length);
        List<Integer> found = new ArrayList<>();
        NationalId.find(
            json.text(),
            0,
            number.length,
            marks,
            new NationalId[] {id},
            (i, start, stop) -> found.add(i));
        valid += found.size();
      }
      if (valid == both.length) {
        return new String(number, StandardCharsets.US_ASCII);
      }
    }
  }

  @Test
  void allWaysFindTheSame() throws TooMuchWorkException {
    int some = 0;
    for (int set = 0; set < RULE_SETS; set++) {
      planted.clear();
      var rules = new StringBuilder();
      for (int r = 1 + random.nextInt(4); r > 0; r--) {
        rules.append(randomRule());
      }
      Engine engine = engine(rules.toString());
      for (int t = 0; t < TEXTS; t++) {
        String text = randomText();
        List<String> found = found(engine, text, false);
        some += found.isEmpty() ? 0 : 1;
        assertThat(found)
            .as("rules:%n%s%nin text:%n%s", rules, text)
            .isEqualTo(found(engine, text, true));
      }
    }
    assertThat(some).as("texts in which there is anything").isGreaterThan(RULE_SETS * TEXTS / 2);
  }

  /// A rule and, into [#planted], some texts for it.
  private String randomRule() {
    List<String> literals = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      literals.add(literal(1 + random.nextInt(random.nextInt(3) == 0 ? 20 : 6)));
    }
    String any = "(?:" + String.join("|", literals) + ")";
    String edge = random.nextInt(3) == 0 ? "\\b" : "";
    String few = "[:= ]{1,3}";
    int shape = random.nextInt(8);
    for (String l : literals) {
      String value = letters("abcdef0123456789", 6 + random.nextInt(8));
      String longer = letters("abcdef0123456789", 20);
      planted.add(
          switch (shape) {
            case 0, 1 -> l + ": " + value;
            case 2 -> longer + (random.nextBoolean() ? "=" : "") + l;
            case 3 -> (random.nextBoolean() ? "my_" : "") + l + value;
            case 4 -> l + longer;
            case 5 -> l + letters(" .ab", random.nextInt(12)) + longer;
            case 6 -> letters("0123456789", 3) + l + ":" + value;
            default ->
                random.nextBoolean()
                    ? l + " " + "x".repeat(3) + "#" + value
                    : "#" + value + " " + l;
          });
    }
    return switch (shape) {
      case 0 -> rule(edge + any + few + "(\\w{6,})");
      case 1 -> rule(edge + any + few + "(\\w{6,8})\\b");
      case 2 -> rule("[0-9a-f]{16,20}=?" + any);
      case 3 -> rule(edge + "(?:my_)?" + any + "[0-9a-f]{6,12}");
      case 4 -> rule(edge + any + "[0-9a-z]{20}");
      case 5 -> rule(edge + any + ".{0,12}[0-9a-f]{20}");
      case 6 -> rule("[0-9]{0,3}" + any + "\\W(\\w{6,})");
      default -> rule("[#!](\\w{6,14})", literals.toArray(new String[0]));
    };
  }

  /// Of few letters, so that literals share beginnings, lie in one another and overlap.
  private String literal(int length) {
    String letters = random.nextInt(4) == 0 ? "ab" : random.nextInt(3) == 0 ? "@~#" : "keyas_tok";
    return letters(letters, length);
  }

  private String letters(String of, int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(of.charAt(random.nextInt(of.length())));
    }
    return text.toString();
  }

  private String randomText() {
    var text = new StringBuilder(" ");
    for (int i = random.nextInt(12); i > 0; i--) {
      if (random.nextInt(3) > 0) {
        text.append(planted.get(random.nextInt(planted.size())));
      }
      switch (random.nextInt(4)) {
        case 0 -> text.append(letters("keyas_tok@~#ab: =", random.nextInt(30)));
        case 1 -> text.append(letters("abcdef0123456789", random.nextInt(40)));
        case 2 -> text.append(letters(" \n,.", 1 + random.nextInt(200)));
        default -> {} // the next one is adjacent
      }
    }
    if (random.nextBoolean()) {
      text.append(planted.get(random.nextInt(planted.size())));
    }
    return text.toString();
  }
}
