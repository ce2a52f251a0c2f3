package io.outrider.upstream.stdio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.upstream.stdio.Restart.Backoff;
import io.outrider.upstream.stdio.Restart.State.Down;
import io.outrider.upstream.stdio.Restart.State.Startable;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RestartTest {

  private static final Backoff PLAIN =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10), 0, Duration.ofMinutes(1));

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final Restart restart = new Restart(PLAIN, now::get, new Random(1));

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private static Restart.Run start(Restart restart) {
    return Objects.requireNonNull(restart.tryStart(), "startable");
  }

  private Duration crash() {
    return start(restart).exited("exit code 1");
  }

  @Test
  void severalMayRunAtATime() {
    Restart.Run first = start(restart);
    Restart.Run second = start(restart);
    assertThat(first.exited("exit code 1")).isZero();
    assertThat(second.exited("exit code 2")).isEqualTo(Duration.ofSeconds(1));
    assertThat(restart.state()).isEqualTo(new Down("exit code 2", 2, Duration.ofSeconds(1)));
  }

  @Test
  void aRunEndsOnce() {
    Restart.Run run = start(restart);
    run.exited("exit code 1");
    run.exited("again");
    assertThat(restart.state()).isEqualTo(new Startable());
  }

  @Test
  void theFirstEndIsFollowedByANewStartAtOnceAndFurtherOnesByGrowingWaits() {
    assertThat(crash()).isZero();
    Duration expected = Duration.ofSeconds(1);
    for (int i = 2; i <= 5; i++) {
      assertThat(crash()).isEqualTo(expected);
      assertThat(restart.state()).isEqualTo(new Down("exit code 1", i, expected));
      assertThat(restart.tryStart()).isNull();
      pass(expected);
      expected = expected.multipliedBy(2);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(crash()).as("bounded").isEqualTo(Duration.ofSeconds(10));
      pass(Duration.ofSeconds(10));
    }
  }

  @Test
  void aStableRunWipesTheSlateClean() {
    crash();
    crash();
    pass(Duration.ofSeconds(1));
    Restart.Run run = start(restart);
    pass(Duration.ofMinutes(1));

    assertThat(run.exited("exit code 1")).isZero();
    assertThat(restart.state()).isEqualTo(new Startable());
  }

  @Test
  void anEndThatWasAskedForIsNoFailure() {
    crash();
    Restart.Run run = start(restart);
    run.stopped();
    assertThat(run.exited("late news")).isZero();

    assertThat(restart.state()).isEqualTo(new Startable());
  }

  @Test
  void jitterStaysWithinItsShareAndBelowTheBound() {
    long seed = Long.getLong("test.seed", 1);
    Backoff jittery = new Backoff(PLAIN.initial(), PLAIN.max(), 0.2, PLAIN.stableAfter());
    Restart shaken = new Restart(jittery, now::get, new Random(seed));
    double nominal = 1;
    for (int i = 0; i < 50; i++) {
      double wait = start(shaken).exited("x").toMillis() / 1000.0;
      pass(Duration.ofSeconds(20));
      if (i > 0) {
        assertThat(wait).as("seed %d", seed).isBetween(nominal * 0.79, Math.min(10, nominal * 1.2));
        nominal = Math.min(10, nominal * 2);
      }
    }
  }

  @Test
  void senselessSettingsAreRefused() {
    assertThatThrownBy(
            () -> new Backoff(Duration.ZERO, Duration.ofSeconds(1), 0, Duration.ofSeconds(1)))
        .hasMessageContaining("expected");
    assertThatThrownBy(() ->
            new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), 0, Duration.ofSeconds(1)))
        .hasMessageContaining("expected");
    assertThatThrownBy(() ->
            new Backoff(
                Duration.ofSeconds(1), Duration.ofSeconds(1), Double.NaN, Duration.ofSeconds(1)))
        .hasMessageContaining("expected");
  }
}
