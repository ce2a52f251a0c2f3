package io.outrider.upstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.limit.Timer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamGateTest {

  private final StreamGate gate = new StreamGate();
  private final List<String> sent = new ArrayList<>();
  private final List<Runnable> alarms = new ArrayList<>();
  private final List<Long> delays = new ArrayList<>();
  private final Timer timer =
      (task, delay) -> {
        alarms.add(task);
        delays.add(delay);
        return () -> alarms.remove(task);
      };

  private void send(String message) {
    gate.pass(Runnable::run, () -> sent.add(message));
  }

  @Test
  void whatIsSentWhileNoStreamIsAskedForLeavesAtOnce() {
    send("a");
    assertThat(sent).containsExactly("a");
  }

  @Test
  void whatIsSentAfterTheStreamWasAskedForWaitsForItsAnswerAndKeepsItsOrder() {
    Runnable answered = gate.opening(timer);
    send("a");
    send("b");
    assertThat(sent).isEmpty();

    answered.run();
    send("c");

    assertThat(sent).containsExactly("a", "b", "c");
    assertThat(alarms).as("no alarm is left behind").isEmpty();
  }

  @Test
  void aServerThatDoesNotAnswerHoldsNothingBeyondItsTime() {
    Runnable answered = gate.opening(timer);
    send("a");

    alarms.getFirst().run();

    assertThat(delays).containsExactly(StreamGate.PATIENCE.toNanos());
    assertThat(sent).containsExactly("a");
    answered.run();
    send("b");
    assertThat(sent).containsExactly("a", "b");
  }

  @Test
  void twoStreamsAreBothWaitedFor() {
    Runnable first = gate.opening(timer);
    Runnable second = gate.opening(timer);
    send("a");

    first.run();
    first.run();
    assertThat(sent).isEmpty();

    second.run();
    assertThat(sent).containsExactly("a");
  }
}
