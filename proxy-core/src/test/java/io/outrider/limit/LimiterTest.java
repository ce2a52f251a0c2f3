package io.outrider.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.limit.Admission.Abandoned;
import io.outrider.limit.Admission.Granted;
import io.outrider.limit.Admission.Over;
import io.outrider.settings.LimitSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LimiterTest {

  private static final Duration WAIT = Duration.ofSeconds(2);

  private final FakeTime time = new FakeTime();
  private final FakeTime.Loop loop = new FakeTime.Loop();

  private static LimitConfig caps(int upstream, int tool, int principal, int queue) {
    return new LimitConfig(upstream, tool, principal, queue, WAIT, null, 1000);
  }

  private Limiter limiter(LimitConfig config) {
    return new Limiter(config, time, time);
  }

  private Call call(Limiter limiter, String upstream, @Nullable String tool, String principal) {
    return call(limiter, new LimitKeys(upstream, tool, principal));
  }

  private Call call(Limiter limiter, LimitKeys keys) {
    Call call = new Call();
    call.request = limiter.acquire(keys, loop, call.answers::add);
    return call;
  }

  /// One call and every answer it got: a second one would show.
  private static final class Call {
    final List<Admission> answers = new ArrayList<>();
    Cancellable request = () -> false;

    Ticket ticket() {
      assertThat(answers).singleElement().isInstanceOf(Granted.class);
      return ((Granted) answers.getFirst()).ticket();
    }

    Over over() {
      assertThat(answers).singleElement().isInstanceOf(Over.class);
      return (Over) answers.getFirst();
    }

    boolean waits() {
      return answers.isEmpty();
    }
  }

  @Test
  void aCallThatFitsIsGrantedBeforeAcquireReturns() {
    Call call = call(limiter(caps(1, 1, 1, 0)), "files", "read", "ann");

    assertThat(call.ticket()).isNotNull();
    assertThat(call.answers.getFirst().waitedNanos()).isZero();
    assertThat(call.request.cancel()).isFalse();
  }

  @Test
  void eachCapIsNamedWhenItIsInTheWay() {
    Limiter perTool = limiter(caps(9, 2, 9, 0));
    call(perTool, "files", "read", "ann");
    call(perTool, "files", "read", "bob");
    Over tool = call(perTool, "files", "read", "cid").over();
    assertThat(tool.kind()).isEqualTo(LimitKind.TOOL);
    assertThat(tool.key()).isEqualTo("files/read");
    assertThat(tool.limit()).isEqualTo(2);
    assertThat(tool.retryAfter()).isEqualTo(Duration.ofSeconds(1));

    Limiter perPrincipal = limiter(caps(9, 9, 1, 0));
    call(perPrincipal, "files", "read", "ann");
    Over principal = call(perPrincipal, "mail", "send", "ann").over();
    assertThat(principal.kind()).isEqualTo(LimitKind.PRINCIPAL);
    assertThat(principal.key()).isEqualTo("ann");

    Limiter perUpstream = limiter(caps(1, 9, 9, 0));
    call(perUpstream, "files", "read", "ann");
    Over upstream = call(perUpstream, "files", null, "bob").over();
    assertThat(upstream.kind()).isEqualTo(LimitKind.UPSTREAM);
    assertThat(upstream.key()).isEqualTo("files");
  }

  @Test
  void aToolOfTheSameNameElsewhereIsAnotherTool() {
    Limiter limiter = limiter(caps(9, 1, 9, 0));
    call(limiter, "files", "read", "ann").ticket();

    call(limiter, "mail", "read", "ann").ticket();
  }

  @Test
  void aRefusedCallHoldsNothing() {
    Limiter limiter = limiter(caps(9, 1, 9, 0));
    Ticket first = call(limiter, "files", "read", "ann").ticket();
    call(limiter, "files", "read", "bob").over();

    first.completed();

    assertThat(limiter.snapshot().inFlight()).isZero();
    assertThat(limiter.snapshot().inFlightByUpstream()).containsEntry("files", 0);
    call(limiter, "files", "read", "bob").ticket();
  }

  @Test
  void aTicketEndsOnceHoweverOftenItIsEnded() {
    Limiter limiter = limiter(caps(2, 9, 9, 0));
    Ticket ticket = call(limiter, "files", "read", "ann").ticket();
    call(limiter, "files", "read", "ann").ticket();

    ticket.dropped();
    ticket.completed();
    ticket.dropped();

    assertThat(limiter.snapshot().inFlight()).isEqualTo(1);
    assertThat(limiter.snapshot().dropped()).isEqualTo(1);
    assertThat(limiter.snapshot().completed()).isZero();
  }

  @Test
  void waitingCallsGoInOrderOfArrivalAndOnTheirOwnLoop() {
    Limiter limiter = limiter(caps(1, 9, 9, 9));
    Ticket running = call(limiter, "files", "read", "ann").ticket();
    Call second = call(limiter, "files", "read", "bob");
    Call third = call(limiter, "files", "list", "cid");

    time.advance(Duration.ofMillis(300));
    running.completed();
    assertThat(second.waits()).as("delivered on the loop, not by whoever ended a ticket").isTrue();
    loop.run();

    second.ticket().completed();
    assertThat(second.answers.getFirst().waitedNanos()).isEqualTo(300_000_000L);
    loop.run();
    third.ticket().completed();
    assertThat(time.pending()).as("deadlines left over").isZero();
  }

  @Test
  void aCallThatWaitsForABusyToolStandsInNobodysWay() {
    Limiter limiter = limiter(caps(9, 1, 9, 9));
    call(limiter, "files", "slow", "ann").ticket();
    Call stuck = call(limiter, "files", "slow", "bob");

    Ticket quick = call(limiter, "files", "quick", "cid").ticket();
    Call behind = call(limiter, "files", "quick", "dan");
    quick.completed();
    loop.run();

    behind.ticket();
    assertThat(stuck.waits()).isTrue();
  }

  @Test
  void aWaitingCallHoldsNoPlaceOfTheLimitsThatHaveRoom() {
    Limiter limiter = limiter(caps(2, 1, 9, 9));
    call(limiter, "files", "slow", "ann").ticket();
    Call stuck = call(limiter, "files", "slow", "bob");

    call(limiter, "files", "quick", "cid").ticket();
    assertThat(stuck.waits()).isTrue();
    assertThat(limiter.snapshot().waitingFor())
        .containsExactly(java.util.Map.entry(LimitKind.TOOL, 1));
  }

  @Test
  void onePlaceThatComesFreeMayLetSeveralGo() {
    Limiter limiter = limiter(caps(9, 1, 1, 9));
    Ticket running = call(limiter, "files", "read", "ann").ticket();
    Call sameTool = call(limiter, "files", "read", "bob");
    Call samePrincipal = call(limiter, "files", "list", "ann");

    running.completed();
    loop.run();

    sameTool.ticket();
    samePrincipal.ticket();
  }

  @Test
  void aCallThatMeetsASecondObstacleWaitsForThatOne() {
    Limiter limiter = limiter(caps(9, 1, 1, 9));
    Ticket read = call(limiter, "files", "read", "ann").ticket();
    Ticket list = call(limiter, "files", "list", "bob").ticket();
    Call both = call(limiter, "files", "read", "bob");

    read.completed();
    loop.run();
    assertThat(both.waits()).isTrue();
    assertThat(limiter.snapshot().waitingFor()).containsOnlyKeys(LimitKind.PRINCIPAL);

    list.completed();
    loop.run();
    both.ticket();
  }

  @Test
  void theDeadlineRefusesWithTheLimitThatWasInTheWay() {
    Limiter limiter = limiter(caps(9, 1, 9, 9));
    Ticket running = call(limiter, "files", "read", "ann").ticket();
    Call late = call(limiter, "files", "read", "bob");

    time.advance(WAIT);
    loop.run();

    Over over = late.over();
    assertThat(over.kind()).isEqualTo(LimitKind.TOOL);
    assertThat(over.limit()).isEqualTo(1);
    assertThat(over.waitedNanos()).isEqualTo(WAIT.toNanos());
    running.completed();
    loop.run();
    assertThat(late.answers).hasSize(1);
    assertThat(limiter.snapshot().inFlight()).isZero();
  }

  @Test
  void aFullQueueRefusesAtOnce() {
    Limiter limiter = limiter(caps(1, 9, 9, 1));
    call(limiter, "files", "read", "ann").ticket();
    call(limiter, "files", "read", "ann");

    Over over = call(limiter, "files", "read", "ann").over();

    assertThat(over.kind()).isEqualTo(LimitKind.QUEUE);
    assertThat(over.key()).isEqualTo("files");
    assertThat(over.limit()).isEqualTo(1);
  }

  @Test
  void aFloodGivesUpWaitingPlacesToOthersAndNoFurtherThanEquality() {
    Limiter limiter = limiter(caps(1, 9, 9, 4));
    call(limiter, "files", "read", "quiet").ticket();
    List<Call> flood = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      flood.add(call(limiter, "files", "read", "flood"));
    }

    Call first = call(limiter, "files", "read", "ann");
    Call second = call(limiter, "files", "read", "ann");
    Over third = call(limiter, "files", "read", "ann").over();
    loop.run();

    assertThat(third.kind()).isEqualTo(LimitKind.QUEUE);
    assertThat(first.waits()).isTrue();
    assertThat(second.waits()).isTrue();
    assertThat(flood.get(0).waits()).isTrue();
    assertThat(flood.get(1).waits()).isTrue();
    assertThat(flood.get(2).over().kind()).as("newest gives way").isEqualTo(LimitKind.QUEUE);
    assertThat(flood.get(3).over().kind()).isEqualTo(LimitKind.QUEUE);
  }

  @Test
  void aCallCalledOffWhileItWaitsLeavesTheQueue() {
    Limiter limiter = limiter(caps(1, 9, 9, 9));
    Ticket running = call(limiter, "files", "read", "ann").ticket();
    Call gone = call(limiter, "files", "read", "bob");
    Call next = call(limiter, "files", "read", "cid");

    assertThat(gone.request.cancel()).isTrue();
    assertThat(gone.request.cancel()).isFalse();
    running.completed();
    loop.run();

    assertThat(gone.answers).singleElement().isInstanceOf(Abandoned.class);
    next.ticket();
  }

  @Test
  void aCallCalledOffWhileItsTicketIsOnTheWayNeverGetsIt() {
    Limiter limiter = limiter(caps(1, 9, 9, 9));
    Ticket running = call(limiter, "files", "read", "ann").ticket();
    Call gone = call(limiter, "files", "read", "bob");
    Call next = call(limiter, "files", "read", "cid");

    running.completed();
    assertThat(gone.request.cancel()).isTrue();
    loop.run();

    assertThat(gone.answers).singleElement().isInstanceOf(Abandoned.class);
    next.ticket().completed();
    assertThat(limiter.snapshot().inFlight()).isZero();
  }

  @Test
  void aTicketForALoopThatHasShutDownGoesToTheNext() {
    Limiter limiter = limiter(caps(1, 9, 9, 9));
    Ticket running = call(limiter, "files", "read", "ann").ticket();
    List<Admission> lost = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      limiter.acquire(
          new LimitKeys("files", "read", "bob"),
          r -> {
            throw new RejectedExecutionException();
          },
          lost::add);
    }
    Call next = call(limiter, "files", "read", "cid");

    running.completed();
    loop.run();

    assertThat(lost).isEmpty();
    next.ticket().completed();
    assertThat(limiter.snapshot().inFlight()).isZero();
    assertThat(limiter.snapshot().waiting()).isZero();
  }

  @Test
  void aTicketThatItsReceiverChokesOnIsGivenBack() {
    Limiter limiter = limiter(caps(1, 9, 9, 9));

    assertThatThrownBy(() ->
            limiter.acquire(
                new LimitKeys("files", "read", "ann"),
                loop,
                a -> {
                  throw new IllegalStateException("choked");
                }))
        .hasMessage("choked");

    assertThat(limiter.snapshot().inFlight()).isZero();
  }

  @Test
  void aTimerThatTakesNothingMeansNoWaiting() {
    Limiter limiter =
        new Limiter(
            caps(1, 9, 9, 9),
            time,
            (task, delay) -> {
              throw new RejectedExecutionException();
            });
    call(limiter, "files", "read", "ann").ticket();

    Call call = call(limiter, "files", "read", "bob");
    loop.run();

    assertThat(call.over().kind()).isEqualTo(LimitKind.UPSTREAM);
    assertThat(limiter.snapshot().waiting()).isZero();
  }

  @Test
  void raisedCapsLetWaitingCallsGoAndLoweredOnesHoldNewOnesBack() {
    Limiter limiter = limiter(caps(1, 9, 9, 9));
    Ticket first = call(limiter, "files", "read", "ann").ticket();
    Call second = call(limiter, "files", "read", "bob");
    Call third = call(limiter, "files", "read", "cid");

    limiter.reconfigure(caps(3, 9, 9, 9));
    loop.run();
    Ticket b = second.ticket();
    Ticket c = third.ticket();
    assertThat(limiter.snapshot().inFlight()).isEqualTo(3);

    limiter.reconfigure(caps(1, 9, 9, 9));
    Call fourth = call(limiter, "files", "read", "dan");
    first.completed();
    b.completed();
    loop.run();
    assertThat(fourth.waits()).isTrue();
    c.completed();
    loop.run();
    fourth.ticket();
  }

  @Test
  void retryAfterFollowsWhatCallsTakeAndHowManyWaitAlready() {
    Limiter limiter = limiter(caps(9, 1, 9, 1));
    Ticket ticket = call(limiter, "files", "slow", "ann").ticket();
    time.advance(Duration.ofSeconds(7));
    ticket.completed();
    call(limiter, "files", "slow", "ann").ticket();
    call(limiter, "files", "slow", "ann");

    Over over = call(limiter, "files", "slow", "ann").over();

    assertThat(over.retryAfter()).as("7 s each, one before us").isEqualTo(Duration.ofSeconds(14));
  }

  @Test
  void retryAfterFollowsTheAgeOfCallsThatNeverEnd() {
    Limiter limiter = limiter(caps(9, 1, 9, 0));
    call(limiter, "files", "hangs", "ann").ticket();
    time.advance(Duration.ofSeconds(20));

    Over over = call(limiter, "files", "hangs", "ann").over();

    assertThat(over.retryAfter()).isEqualTo(Duration.ofSeconds(20));
    time.advance(Duration.ofHours(1));
    assertThat(call(limiter, "files", "hangs", "ann").over().retryAfter())
        .isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void configuredLimitsAreTakenOver() {
    LimitConfig config =
        LimitConfig.of(
            new LimitSettings(7, 6, 5, 4, WAIT, new LimitSettings.Rate(30, Duration.ofMinutes(1))));

    assertThat(config)
        .isEqualTo(
            new LimitConfig(7, 6, 5, 4, WAIT, Rate.parse("30/m"), LimitConfig.DEFAULT_MAX_KEYS));
  }

  @Test
  void aWaitOfNothingRefusesAtOnce() {
    Limiter limiter = limiter(new LimitConfig(1, 9, 9, 9, Duration.ZERO, null, 1000));
    call(limiter, "files", "read", "ann").ticket();

    assertThat(call(limiter, "files", "read", "bob").over().kind()).isEqualTo(LimitKind.UPSTREAM);
  }
}
