package io.outrider.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` in the middle of work.
class CrashTest {
  private static final Pattern CALL = Pattern.compile("call-\\d{6}");

  /// Enough for several groups of records to be on their way to the disk at any moment; the caps of
  /// one principal are eight.
  private static final int CALLERS = 8;

  private static final int CALLS_BEFORE_THE_KILL = 400;

  @TempDir Path dir;

  @Test
  void everyCallTheServerSawHasItsIntentRecordAfterAKill() {
    try (CallRecorder server = CallRecorder.start()) {
      OutriderProcess.Setup setup = OutriderProcess.in(dir).upstream(server.link());
      int killed = 0;
      for (int round = 0; round < 3; round++) {
        killed = killUnderLoad(setup, server, killed);
      }

      try (OutriderProcess again = setup.run();
          WireClient client = WireClient.connect(again.link())) {
        assertThat(client.call("echo", WireClient.message("after the kill")).last().has("result"))
            .isTrue();
        again.stop();
      }

      setup.auditIsWhole("");
      Set<String> seen = calls(server.all());
      assertThat(seen).hasSizeGreaterThan(3 * CALLS_BEFORE_THE_KILL / 2);
      Child.Done intents = setup.records("--kind", "intent");
      assertThat(intents.code()).as("%s", intents.stderr()).isZero();
      Set<String> missing = new TreeSet<>(seen);
      missing.removeAll(calls(intents.stdout()));
      assertThat(missing).as("calls the server saw and the record does not have").isEmpty();
    }
  }

  /// The server that Outrider started must not be left behind, whoever kills Outrider.
  @Test
  void childrenOfAStdioServerAreGoneAfterAKill() {
    assumeTrue(Runtimes.onPath("setpriv"), "no setpriv on the PATH: it is part of util-linux");
    OutriderProcess.Setup setup =
        OutriderProcess.in(dir)
            .upstream(RecordingServer.stdio(dir.resolve("received.jsonl")))
            // The launcher's own helper may outlive it, on purpose.
            .environment("OUTRIDER_AOT", "off");
    try (OutriderProcess outrider = setup.run();
        WireClient client = WireClient.connect(outrider.link())) {
      assertThat(client.call("echo", WireClient.message("hello")).last().has("result")).isTrue();
      List<ProcessHandle> children = outrider.child().process().descendants().toList();
      assertThat(children).isNotEmpty();

      outrider.kill();

      for (ProcessHandle child : children) {
        Child.within(child.onExit(), Child.PATIENCE);
      }
    }
  }

  private static int killUnderLoad(OutriderProcess.Setup setup, CallRecorder server, int from) {
    AtomicInteger next = new AtomicInteger(from);
    AtomicBoolean going = new AtomicBoolean(true);
    try (OutriderProcess outrider = setup.run();
        WireClient client = WireClient.connect(outrider.link())) {
      int before = server.called().size();
      List<CompletableFuture<Void>> callers =
          IntStream.range(0, CALLERS)
              .mapToObj(i ->
                  CompletableFuture.runAsync(
                      () -> callAway(client, next, going), Thread::startVirtualThread))
              .toList();
      server.await("tools/call", before + CALLS_BEFORE_THE_KILL);

      outrider.kill();

      going.set(false);
      callers.forEach(caller -> Child.within(caller, Child.PATIENCE));
    }
    return next.get();
  }

  private static void callAway(WireClient client, AtomicInteger next, AtomicBoolean going) {
    while (going.get()) {
      try {
        // A tool of its own for each call: the record names tools in the clear.
        client.call("call-%06d".formatted(next.incrementAndGet()), WireClient.message("x"));
      } catch (UncheckedIOException e) {
        // The kill came while this call was under way.
        return;
      }
    }
  }

  private static Set<String> calls(String text) {
    return CALL.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
  }
}
