package io.outrider.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.limit.Admission.Granted;
import io.outrider.limit.Admission.Over;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateAndPolicyLimitTest {

  private static final int MANY = LimitConfig.NO_CAP;

  private final FakeTime time = new FakeTime();
  private final FakeTime.Loop loop = new FakeTime.Loop();

  private Limiter limiter(int queue, @Nullable String rate) {
    return limiter(MANY, queue, rate);
  }

  private Limiter limiter(int upstream, int queue, @Nullable String rate) {
    Rate principal = rate == null ? null : Rate.parse(rate);
    return new Limiter(
        new LimitConfig(upstream, MANY, MANY, queue, Duration.ofSeconds(2), principal, 1000),
        time,
        time);
  }

  private List<Admission> call(Limiter limiter, String principal, PolicyLimit... policy) {
    List<Admission> answers = new ArrayList<>();
    LimitKeys keys = new LimitKeys("files", "read", principal, List.of(policy));
    limiter.acquire(keys, loop, answers::add);
    return answers;
  }

  private static Over over(List<Admission> answers) {
    assertThat(answers).singleElement().isInstanceOf(Over.class);
    return (Over) answers.getFirst();
  }

  private static Ticket ticket(List<Admission> answers) {
    assertThat(answers).singleElement().isInstanceOf(Granted.class);
    return ((Granted) answers.getFirst()).ticket();
  }

  @ParameterizedTest
  @CsvSource({
    "600/m, 600, PT1M, 600/m",
    "5 / s, 5, PT1S, 5/s",
    "10/30s, 10, PT30S, 10/30s",
    "1/90m, 1, PT90M, 1/90m",
    "1000/d, 1000, P1D, 1000/d",
    "3/250ms, 3, PT0.25S, 3/250ms",
    "7/24h, 7, P1D, 7/d"
  })
  void ratesAreReadAndShownAsTheyAreWritten(
      String text, long count, Duration period, String shown) {
    Rate rate = Rate.parse(text);

    assertThat(rate).isEqualTo(new Rate(count, period));
    assertThat(rate).hasToString(shown);
    assertThat(Rate.parse(rate.toString())).isEqualTo(rate);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "600",
        "600/",
        "/m",
        "0/s",
        "-1/s",
        "1.5/s",
        "6/w",
        "6/0s",
        "9999999999/ms",
        "2000000/1ms",
        "1/400d"
      })
  void aRateThatMakesNoSenseIsRefusedWithItsText(String text) {
    assertThatThrownBy(() -> Rate.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void aPrincipalMayUseItsRateAtOnceAndThenOneByOne() {
    Limiter limiter = limiter(9, "3/m");
    for (int i = 0; i < 3; i++) {
      ticket(call(limiter, "ann")).completed();
    }

    Over over = over(call(limiter, "ann"));
    assertThat(over.kind()).isEqualTo(LimitKind.PRINCIPAL_RATE);
    assertThat(over.key()).isEqualTo("ann");
    assertThat(over.limit()).isEqualTo(3);
    assertThat(over.retryAfter()).isEqualTo(Duration.ofSeconds(20));
    ticket(call(limiter, "bob"));

    time.advance(Duration.ofSeconds(20));
    ticket(call(limiter, "ann"));
    over(call(limiter, "ann"));
  }

  @Test
  void retryAfterIsExactlyWhenTheNextCallWouldPass() {
    Limiter limiter = limiter(9, "2/m");
    call(limiter, "ann");
    time.advance(Duration.ofMillis(4_500));
    call(limiter, "ann");

    Over over = over(call(limiter, "ann"));
    assertThat(over.retryAfter()).as("25.5 s, rounded up").isEqualTo(Duration.ofSeconds(26));
    time.advance(Duration.ofMillis(25_499));
    over(call(limiter, "ann"));
    time.advance(Duration.ofMillis(1));
    ticket(call(limiter, "ann"));
  }

  @Test
  void aCallThatGivesUpWaitingDoesNotUseUpTheRate() {
    Limiter limiter = limiter(1, 9, "2/m");
    ticket(call(limiter, "ann"));
    List<Admission> waits = call(limiter, "ann");
    over(call(limiter, "ann"));
    time.advance(Duration.ofSeconds(2));
    loop.run();
    assertThat(over(waits).kind()).isEqualTo(LimitKind.UPSTREAM);

    List<Admission> again = call(limiter, "ann");

    assertThat(again).as("waits for the upstream: the rate has room").isEmpty();
  }

  @Test
  void aPolicyMayHoldWhatItCountsTogetherLowerThanTheConfiguration() {
    Limiter limiter = limiter(0, null);
    PolicyLimit deploys = new PolicyLimit("deploys", 1, null);
    Ticket running = ticket(call(limiter, "ann", deploys));

    Over over = over(call(limiter, "bob", deploys));
    assertThat(over.kind()).isEqualTo(LimitKind.POLICY);
    assertThat(over.key()).isEqualTo("deploys");
    assertThat(over.limit()).isEqualTo(1);
    ticket(call(limiter, "bob"));

    running.completed();
    ticket(call(limiter, "bob", deploys));
  }

  @Test
  void aCallThatWaitsForAPolicyLimitGoesWhenThereIsRoom() {
    Limiter limiter = limiter(9, null);
    PolicyLimit deploys = new PolicyLimit("deploys", 1, null);
    Ticket running = ticket(call(limiter, "ann", deploys));
    List<Admission> waits = call(limiter, "bob", deploys);
    assertThat(waits).isEmpty();

    running.dropped();
    loop.run();

    ticket(waits);
  }

  @Test
  void callsWithDifferentLimitsOnOneKeyAreCountedTogether() {
    Limiter limiter = limiter(9, null);
    Ticket first = ticket(call(limiter, "ann", new PolicyLimit("k", 2, null)));
    List<Admission> strict = call(limiter, "bob", new PolicyLimit("k", 1, null));
    Ticket second = ticket(call(limiter, "cid", new PolicyLimit("k", 2, null)));

    first.completed();
    loop.run();
    assertThat(strict).as("one is still under way, and that is its limit").isEmpty();
    second.completed();
    loop.run();
    ticket(strict);
  }

  @Test
  void aPolicyRateHoldsBesideTheConfiguredOne() {
    Limiter limiter = limiter(9, "100/s");
    PolicyLimit slow = new PolicyLimit("mail", MANY, Rate.parse("1/m"));
    ticket(call(limiter, "ann", slow));

    Over over = over(call(limiter, "bob", slow));

    assertThat(over.kind()).isEqualTo(LimitKind.POLICY_RATE);
    assertThat(over.key()).isEqualTo("mail");
    assertThat(over.retryAfter()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void severalLimitsOnOneKeyBecomeTheSmallestOfEach() {
    LimitKeys keys =
        new LimitKeys(
            "files",
            "read",
            "ann",
            List.of(
                new PolicyLimit("k", 5, Rate.parse("10/s")),
                new PolicyLimit("other", 7, null),
                new PolicyLimit("k", 3, null),
                new PolicyLimit("k", 9, Rate.parse("10/m"))));

    assertThat(keys.policy())
        .containsExactly(
            new PolicyLimit("k", 3, Rate.parse("10/m")), new PolicyLimit("other", 7, null));
  }

  @Test
  void inventedToolNamesDoNotFillTheMemory() {
    Limiter limiter = limiter(0, null);
    String padding = "x".repeat(100_000);
    for (int i = 0; i < 20_000; i++) {
      LimitKeys keys = new LimitKeys("files", i + padding, "ann");
      limiter.acquire(keys, loop, a -> ((Granted) a).ticket().dropped());
    }

    assertThat(limiter.snapshot().keys()).isLessThanOrEqualTo(CellTable.KEEP + 2);
  }

  @Test
  void principalsAreRememberedUntilTheirBucketIsFull() {
    Limiter limiter = limiter(0, "2/m");
    for (int i = 0; i < 900; i++) {
      ticket(call(limiter, "p" + i)).completed();
    }
    assertThat(limiter.snapshot().keys()).isGreaterThanOrEqualTo(900);

    time.advance(Duration.ofMinutes(1));
    for (int i = 0; i < 2000; i++) {
      ticket(call(limiter, "q" + i % 200)).completed();
      time.advance(Duration.ofSeconds(31));
    }
    assertThat(limiter.snapshot().keys()).isLessThan(2 * CellTable.KEEP);
  }

  @Test
  void moreNamesInUseThanTheBoundAreRefusedUntilSomeComeFree() {
    Limiter limiter = limiter(0, "1/m");
    for (int i = 0; i < 1000; i++) {
      ticket(call(limiter, "p" + i)).completed();
    }

    Over over = over(call(limiter, "one more"));
    assertThat(over.kind()).isEqualTo(LimitKind.KEYS);
    assertThat(over.limit()).isEqualTo(1000);
    assertThat(over(call(limiter, "p7")).kind()).isEqualTo(LimitKind.PRINCIPAL_RATE);

    time.advance(Duration.ofMinutes(1));
    ticket(call(limiter, "one more"));
  }
}
