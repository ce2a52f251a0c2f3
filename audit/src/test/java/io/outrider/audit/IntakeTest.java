package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class IntakeTest {
  /// Longer than any test may take, so that only a wake-up ends a wait.
  private static final Duration FOR_EVER = Duration.ofHours(1);

  private static final Duration STALL_LIMIT = Duration.ofSeconds(1);

  private long now = 1;
  private final Intake intake = new Intake(1_000, 1 << 20, STALL_LIMIT, () -> now);

  @BeforeEach
  void thisIsTheWriter() {
    intake.writer(Thread.currentThread());
  }

  @Test
  void urgentRecordEndsTheGathering() throws InterruptedException {
    Thread caller = Thread.ofPlatform().start(() -> offer(1, true));
    gatherUntil(() -> intake.depth() == 1);
    caller.join();
  }

  @Test
  void urgentRecordThatWaitsAlreadyAllowsNoGathering() {
    offer(1, true);
    intake.gather(FOR_EVER);
    assertThat(intake.poll()).isNotNull();
  }

  @Test
  void backlogEndsTheGathering() throws InterruptedException {
    Thread caller = Thread.ofPlatform().start(() -> offer(251, false));
    gatherUntil(() -> intake.depth() == 251);
    caller.join();
  }

  @Test
  void recordsThatHoldNobodyUpWaitForTheGatheringToEnd() {
    offer(250, false);
    intake.gather(Duration.ofNanos(1));
    assertThat(intake.depth()).isEqualTo(250);
  }

  @Test
  void closingEndsTheGathering() throws InterruptedException {
    Thread closer = Thread.ofPlatform().start(intake::beginClosing);
    gatherUntil(intake::closing);
    closer.join();
  }

  @Test
  void anyRecordWakesAnIdleWriter() throws InterruptedException {
    Thread caller = Thread.ofPlatform().start(() -> offer(1, false));
    while (intake.depth() == 0) {
      intake.await(FOR_EVER.toNanos());
    }
    caller.join();
  }

  @Test
  void diskThatHasNotAnsweredForTheLimitRefusesWhatComesAndWhatWaits() {
    intake.diskBusy();
    now += STALL_LIMIT.toNanos();
    Listening waiting = new Listening();
    assertThat(intake.offer(pending("c-1", waiting))).isNull();
    intake.drainIfStalled();
    assertThat(waiting.told()).isZero();

    now++;
    assertThat(intake.offer(pending("c-2", new Listening())))
        .isNotNull()
        .extracting(AuditUnavailable::reason)
        .isEqualTo(AuditUnavailable.Reason.STALLED);
    intake.drainIfStalled();
    assertThat(waiting.told()).isEqualTo(1);
    assertThat(waiting.refusal().reason()).isEqualTo(AuditUnavailable.Reason.STALLED);
    assertThat(intake.refused()).isEqualTo(2);

    intake.diskIdle();
    assertThat(intake.offer(pending("c-3", new Listening()))).isNull();
  }

  /// Whoever waits when the disk is found not to answer hears of it by the next look.
  @Test
  void somebodyLooksOftenEnoughToRefuseWithinATenthOfASecond() {
    assertThat(AuditLog.WATCH_INTERVAL).isLessThan(Duration.ofMillis(100));
  }

  private static Pending pending(String call, Listening told) {
    return new Pending(Samples.refusal(call), Runnable::run, told, true, true);
  }

  /// A wait may end early, as every park may; what counts is that it does not go on.
  private void gatherUntil(BooleanSupplier happened) {
    while (!happened.getAsBoolean()) {
      intake.gather(FOR_EVER);
    }
  }

  private void offer(int records, boolean urgent) {
    for (int i = 0; i < records; i++) {
      assertThat(
              intake.offer(
                  new Pending(
                      Samples.refusal("c-" + i), Runnable::run, new Listening(), true, urgent)))
          .isNull();
    }
  }
}
