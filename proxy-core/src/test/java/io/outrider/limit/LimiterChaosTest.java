package io.outrider.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.limit.Admission.Abandoned;
import io.outrider.limit.Admission.Granted;
import io.outrider.limit.Admission.Over;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/// 100,000 calls from four event loops that end in every way a call can end, in an order that a
/// seed decides as far as threads allow. Whatever happens, nothing may be left over and no cap
/// exceeded.
class LimiterChaosTest {

  private static final int LOOPS = 4;
  private static final int CALLS_PER_LOOP = 25_000;
  private static final LimitConfig WIDE =
      new LimitConfig(12, 5, 4, 20, Duration.ofMillis(50), Rate.parse("400/s"), 1000);
  private static final LimitConfig NARROW =
      new LimitConfig(6, 2, 3, 8, Duration.ofMillis(10), null, 1000);

  private final FakeTime time = new FakeTime();
  private final Map<String, AtomicInteger> underWay = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
  private final LongAdder answered = new LongAdder();
  private final LongAdder granted = new LongAdder();
  private final LongAdder over = new LongAdder();
  private final LongAdder abandoned = new LongAdder();

  @Test
  void nothingIsLeftOverAndNoCapIsExceeded() throws Exception {
    long seed = Long.getLong("test.seed", 1);
    System.out.println("LimiterChaosTest: -Dtest.seed=" + seed);
    Limiter limiter = new Limiter(WIDE, time, time);
    List<ExecutorService> loops = new ArrayList<>();
    List<Future<?>> work = new ArrayList<>();
    for (int i = 0; i < LOOPS; i++) {
      loops.add(Executors.newSingleThreadExecutor());
    }
    for (int i = 0; i < LOOPS; i++) {
      EventLoop loop =
          new EventLoop(limiter, loops.get(i), new SplittableRandom(seed + i), new ArrayList<>());
      work.add(loops.get(i).submit(() -> loop.turn(CALLS_PER_LOOP)));
    }
    for (ExecutorService loop : loops) {
      // A loop hands itself its next turn, so it is done when its last turn shuts it down.
      assertThat(loop.awaitTermination(120, TimeUnit.SECONDS)).as("seed %d", seed).isTrue();
    }
    for (Future<?> turn : work) {
      turn.get();
    }

    LimiterSnapshot end = limiter.snapshot();
    String context = "seed " + seed + ": " + end;
    assertThat(violations).as(context).isEmpty();
    assertThat(end.inFlight()).as(context).isZero();
    assertThat(end.waiting()).as(context).isZero();
    assertThat(end.waitingFor()).as(context).isEmpty();
    assertThat(end.inFlightByUpstream().values()).as(context).containsOnly(0);
    assertThat(time.pending()).as("deadlines left over, %s", context).isZero();
    assertThat(answered.sum()).as(context).isEqualTo((long) LOOPS * CALLS_PER_LOOP);
    assertThat(end.granted()).as(context).isEqualTo(end.completed() + end.dropped());
    assertThat(end.granted()).as(context).isGreaterThanOrEqualTo(granted.sum());
    assertThat(end.abandoned()).as(context).isEqualTo(abandoned.sum());
    assertThat(end.refused().values().stream().mapToLong(Long::longValue).sum())
        .as(context)
        .isEqualTo(over.sum());
    assertThat(granted.sum()).as("enough calls ran, %s", context).isGreaterThan(10_000);
    assertThat(over.sum()).as("enough calls were refused, %s", context).isGreaterThan(1_000);
    assertThat(abandoned.sum()).as("enough calls were called off, %s", context).isGreaterThan(100);
  }

  /// One loop's thread makes calls, ends those it was granted and calls off those that wait.
  private final class EventLoop {
    private final Limiter limiter;
    private final ExecutorService thread;
    private final SplittableRandom random;
    private final List<Runnable> running;
    private final List<Call> open = new ArrayList<>();
    private int unanswered;

    EventLoop(
        Limiter limiter, ExecutorService thread, SplittableRandom random, List<Runnable> running) {
      this.limiter = limiter;
      this.thread = thread;
      this.random = random;
      this.running = running;
    }

    void turn(int callsLeft) {
      int calls = Math.min(callsLeft, 1 + random.nextInt(8));
      for (int i = 0; i < calls; i++) {
        call();
      }
      while (!running.isEmpty() && random.nextInt(3) > 0) {
        running.remove(random.nextInt(running.size())).run();
      }
      if (!open.isEmpty() && random.nextInt(4) == 0) {
        open.get(random.nextInt(open.size())).request.cancel();
      }
      switch (random.nextInt(50)) {
        case 0 -> limiter.reconfigure(random.nextBoolean() ? WIDE : NARROW);
        case 1, 2, 3, 4, 5, 6, 7, 8 -> time.advance(Duration.ofMillis(random.nextInt(8)));
        default -> {}
      }
      int left = callsLeft - calls;
      if (left == 0) {
        running.forEach(Runnable::run);
        running.clear();
        if (unanswered == 0) {
          thread.shutdown();
          return;
        }
        time.advance(Duration.ofMillis(1));
      }
      thread.execute(() -> turn(left));
    }

    private void call() {
      String upstream = "u" + random.nextInt(2);
      String tool = "t" + random.nextInt(4);
      String principal = "p" + random.nextInt(6);
      List<PolicyLimit> policy =
          random.nextInt(5) > 0
              ? List.of()
              : List.of(new PolicyLimit("k" + random.nextInt(2), 2, Rate.parse("900/s")));
      LimitKeys keys = new LimitKeys(upstream, tool, principal, policy);
      Call call = new Call();
      unanswered++;
      open.add(call);
      call.request =
          limiter.acquire(
              keys,
              thread,
              answer -> {
                answered.increment();
                unanswered--;
                open.remove(call);
                switch (answer) {
                  case Granted(Ticket ticket, long _) -> run(keys, ticket);
                  case Over _ -> over.increment();
                  case Abandoned _ -> abandoned.increment();
                }
              });
    }

    private void run(LimitKeys keys, Ticket ticket) {
      granted.increment();
      enter(keys.upstream(), WIDE.perUpstream());
      enter(keys.upstream() + "/" + keys.tool(), WIDE.perTool());
      enter(keys.principal(), WIDE.perPrincipal());
      keys.policy().forEach(limit -> enter(limit.key(), limit.concurrency()));
      int ending = random.nextInt(10);
      Runnable end =
          () -> {
            leave(keys.upstream());
            leave(keys.upstream() + "/" + keys.tool());
            leave(keys.principal());
            keys.policy().forEach(limit -> leave(limit.key()));
            if (ending < 7) {
              ticket.completed();
            } else {
              ticket.dropped();
            }
            if (ending == 6) {
              ticket.dropped();
            }
          };
      if (random.nextInt(10) == 0) {
        end.run();
      } else {
        running.add(end);
      }
    }
  }

  private void enter(String key, int cap) {
    int now = underWay.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
    if (now > cap) {
      violations.add(key + ": " + now + " under way (cap: " + cap + ")");
    }
  }

  private void leave(String key) {
    underWay.computeIfAbsent(key, k -> new AtomicInteger()).decrementAndGet();
  }

  private static final class Call {
    Cancellable request = () -> false;
  }
}
