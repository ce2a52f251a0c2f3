package io.outrider.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTest {

  private static final int LARGE = 1000;

  private final EventLoop loop = new DefaultEventLoop();
  private final ArrayDeque<Runnable> workers = new ArrayDeque<>();
  private final List<Integer> seen = new ArrayList<>();

  @AfterEach
  void stopTheLoop() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private void onLoop(Runnable task) throws Exception {
    loop.submit(task).get(30, TimeUnit.SECONDS);
  }

  @Test
  void whatComesBehindALargeMessageWaitsForItHoweverMuchItIs() throws Exception {
    int behind = 200_000;
    CompletableFuture<Void> idle = new CompletableFuture<>();
    Lane lane = new Lane(loop, workers::add, LARGE - 1, () -> idle.complete(null));
    onLoop(() -> {
      lane.run(LARGE, () -> 0, seen::add);
      for (int i = 1; i <= behind; i++) {
        int n = i;
        lane.run(1, () -> n, seen::add);
      }
      assertThat(lane.isBusy()).isTrue();
    });
    assertThat(seen).isEmpty();

    workers.remove().run();

    idle.get(30, TimeUnit.SECONDS);
    onLoop(() -> assertThat(lane.isBusy()).isFalse());
    assertThat(seen).isEqualTo(IntStream.rangeClosed(0, behind).boxed().toList());
  }

  @Test
  void aStepThatThrowsDoesNotBlockTheLane() throws Exception {
    CompletableFuture<Void> idle = new CompletableFuture<>();
    Lane lane = new Lane(loop, Runnable::run, LARGE - 1, () -> idle.complete(null));
    onLoop(() -> {
      lane.run(
          LARGE,
          () -> 0,
          n -> {
            throw new IllegalStateException("a step that throws");
          });
      lane.run(1, () -> 1, seen::add);
    });

    idle.get(30, TimeUnit.SECONDS);
    assertThat(seen).containsExactly(1);
  }

  @Test
  void workersThatTakeNothingDoNotBlockTheLane() throws Exception {
    CompletableFuture<Void> idle = new CompletableFuture<>();
    Lane lane =
        new Lane(
            loop,
            r -> {
              throw new java.util.concurrent.RejectedExecutionException("shut down");
            },
            LARGE - 1,
            () -> idle.complete(null));
    onLoop(() -> lane.run(LARGE, () -> 7, seen::add));

    idle.get(30, TimeUnit.SECONDS);
    assertThat(seen).as("judged on the loop rather than not at all").containsExactly(7);
  }
}
