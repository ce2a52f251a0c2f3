package io.outrider.review.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.outrider.audit.record.Decision;
import io.outrider.audit.record.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryParserTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private static Term only(String text) throws QueryException {
    return Query.parse(text, NOW).terms().getFirst();
  }

  @Test
  void termsAreReadInOrder() throws Exception {
    assertThat(Query.parse(" user:alice -Tool:a,\"b \\\"c\\\"\" \"free text\" word ", NOW).terms())
        .containsExactly(
            new Term.Names(Field.USER, List.of("alice"), false),
            new Term.Names(Field.TOOL, List.of("a", "b \"c\""), true),
            new Term.Words("free text", false),
            new Term.Words("word", false));
    assertThat(Query.parse("", NOW).terms()).isEmpty();
    assertThat(only("principal:x")).isEqualTo(only("user:x"));
  }

  /// As a list of results shows it, so a reviewer writes it.
  @ParameterizedTest
  @CsvSource({
    "verdict:denied, verdict:deny",
    "verdict:Allow, verdict:allow",
    "outcome:denied, outcome:refused.denied",
    "outcome:over_limit, outcome:refused.over_limit",
    "event:Start, event:start",
    "session:0f8fad5b-d9cb-469f-a165-70867728950e, session:c812e1edb64417d6",
  })
  void wordsOfAListAreUnderstood(String written, String meant) throws Exception {
    assertThat(only(written)).isEqualTo(only(meant));
  }

  @ParameterizedTest
  @CsvSource({
    "verdict:refused, shadow_deny",
    "kind:calls, refusal",
    "event:started, heartbeat",
    "outcome:open, kind:intent",
  })
  void wordThatNoRecordCanHaveIsRefused(String written, String expected) {
    assertThat(catchThrowableOfType(QueryException.class, () -> only(written)))
        .hasMessageContaining("'" + written.replaceFirst(".*:", "") + "'")
        .hasMessageContaining(expected);
  }

  @Test
  void vocabularyIsThatOfTheRecords() {
    assertThat(Vocabulary.of(Field.EVENT))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Event.Kind.values()).map(Event.Kind::slug).toList());
    assertThat(Vocabulary.of(Field.VERDICT))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Decision.Verdict.values()).map(Decision.Verdict::slug).toList());
  }

  @Test
  void numbersAndTimesBecomeRanges() throws Exception {
    assertThat(only("latency:>1.5s"))
        .isEqualTo(new Term.Between(Measure.LATENCY, 1_500_001, Long.MAX_VALUE, false));
    assertThat(only("bytes:<=2kb"))
        .isEqualTo(new Term.Between(Measure.BYTES, Long.MIN_VALUE, 2_048, false));
    assertThat(only("-redactions:0")).isEqualTo(new Term.Between(Measure.REDACTIONS, 0, 0, true));
    assertThat(only("since:-7d"))
        .isEqualTo(
            new Term.Between(
                Measure.TIME, NOW.minus(Duration.ofDays(7)).toEpochMilli(), Long.MAX_VALUE, false));
    assertThat(only("until:2026-11-20"))
        .isEqualTo(
            new Term.Between(
                Measure.TIME,
                Long.MIN_VALUE,
                Instant.parse("2026-11-20T00:00:00Z").toEpochMilli() - 1,
                false));
    assertThat(only("index:7..")).isEqualTo(new Term.Indices(7, Long.MAX_VALUE, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "user:|5|nothing (expected: a value for 'user:')",
        "a colour:red|2|'colour:' (expected: one of user",
        "http://x|0|'http:' (expected: one of user",
        "latency:5|8|'5' (expected: a time such as >250ms",
        "redactions:>1ms|11|'>1ms' (expected: a number",
        "since:now|6|'now' (expected: a time such as -15m",
        "index:a|6|'a' (expected: an index",
        "since:-1d,-2d|9|',' (expected: one value for 'since')",
        "tool:\"open|5|a quote that is not closed",
        "tool:\"a\"b|8|'b' behind a quote",
        "tool:\"\"|5|nothing between quotes",
        "a -|3|'-' with nothing behind it"
      })
  void whatIsWrongIsShownWhereItIs(String text, int at, String message) {
    QueryException wrong = catchThrowableOfType(QueryException.class, () -> Query.parse(text, NOW));
    assertThat(wrong).hasMessageStartingWith(message);
    assertThat(wrong.at()).isEqualTo(at);
    assertThat(wrong.withCaret()).endsWith("\n  " + text + "\n  " + " ".repeat(at) + "^");
  }
}
