package io.outrider.upstream.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outrider.upstream.stdio.ExitStatus.Ended;
import io.outrider.upstream.stdio.ExitStatus.NotStarted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {

  private final List<ChildProcess> children = new ArrayList<>();
  private final Recorder heard = new Recorder();

  @BeforeEach
  void needsLinux() {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs /bin/sh");
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "needs Linux with /proc");
  }

  @AfterEach
  void leaveNothingBehind() throws Exception {
    for (ChildProcess child : children) {
      child.close();
      child.exit().toCompletableFuture().get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  private ChildProcess start(ChildSpec spec, ChildListener listener) {
    ChildProcess child = ChildProcess.start(spec, listener, Secrets.redactor());
    children.add(child);
    return child;
  }

  private ChildProcess sh(String script) {
    return start(spec(List.of("sh", "-c", script)), heard);
  }

  private static ChildSpec spec(List<String> command) {
    return new ChildSpec(
        "test",
        command,
        Map.of(),
        null,
        100_000,
        200_000,
        Duration.ofMillis(300),
        Duration.ofMillis(300));
  }

  private static ProcessHandle process(String pid) {
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  private static void awaitEnd(ProcessHandle process) throws Exception {
    process.onExit().get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void linesGoThereAndComeBackInOrder() throws Exception {
    ChildProcess cat = sh("exec cat");
    for (int i = 0; i < 1000; i++) {
      assertThat(cat.send(("{\"n\":" + i + ",\"text\":\"世界\"}").getBytes(UTF_8))).isTrue();
    }

    for (int i = 0; i < 1000; i++) {
      assertThat(heard.nextLine()).isEqualTo("{\"n\":" + i + ",\"text\":\"世界\"}");
    }
  }

  @Test
  void aLineEndInALineIsRefusedBecauseItWouldBeASecondMessage() {
    ChildProcess cat = sh("exec cat");

    assertThatThrownBy(() -> cat.send("{}\n{\"method\":\"x\"}".getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line end");
    assertThatThrownBy(() -> cat.send("{}\r{}".getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatWasSentIsWrittenBeforeTheInputEnds() throws Exception {
    ChildProcess cat = sh("exec cat");
    cat.send("last words".getBytes(UTF_8));
    cat.close();

    assertThat(cat.send("too late".getBytes(UTF_8))).isFalse();
    assertThat(heard.nextLine()).isEqualTo("last words");
    assertThat(heard.exit()).isEqualTo(new Ended(0, true));
  }

  @Test
  void aChildThatEndsByItselfIsReportedOnceAfterItsLastLine() throws Exception {
    ChildProcess child = sh("echo one; echo two; printf three; exit 3");

    assertThat(heard.exit()).isEqualTo(new Ended(3, false));
    assertThat(heard.exit().describe()).isEqualTo("exit code 3");
    assertThat(heard.lines).containsExactly("one", "two", "three");
    assertThat(child.exit().toCompletableFuture().get()).isEqualTo(new Ended(3, false));
    assertThat(child.send("hello?".getBytes(UTF_8))).isFalse();
    assertThat(heard.exits).hasSize(1);
  }

  @Test
  void aCommandThatDoesNotExistIsAnEndWithAReason() throws Exception {
    start(spec(List.of("no-such-program-here")), heard);

    assertThat(heard.exit()).isInstanceOf(NotStarted.class);
    assertThat(heard.exit().describe()).contains("command not found: no-such-program-here");
  }

  @Test
  void aChildThatIsClosedBeforeItIsStartedEndsToo() throws Exception {
    ChildProcess child = sh("exec cat");
    child.close();

    assertThat(heard.exit()).isEqualTo(new Ended(0, true));
  }

  @Test
  void aChildThatIgnoresTheEndOfItsInputGetsSigterm() throws Exception {
    ChildProcess child = sh("trap 'exit 7' TERM; echo ready; while :; do sleep 1000 & wait; done");
    heard.nextLine();
    child.close();

    assertThat(heard.exit()).isEqualTo(new Ended(7, true));
  }

  @Test
  void aChildThatIgnoresSigtermGetsSigkill() throws Exception {
    ChildProcess child = sh("trap '' TERM; echo ready; while :; do sleep 1000; done");
    heard.nextLine();
    child.close();

    assertThat(heard.exit()).isEqualTo(new Ended(137, true));
    assertThat(heard.exit().describe()).isEqualTo("ended by signal 9, as asked");
  }

  @Test
  void whatAChildStartedEndsWithIt() throws Exception {
    ChildProcess child = sh("sleep 1000 & echo $!; setsid sleep 1000 & echo $!; wait");
    ProcessHandle sleeper = process(heard.nextLine());
    ProcessHandle loner = process(heard.nextLine());
    child.close();

    awaitEnd(sleeper);
    awaitEnd(loner);
    heard.exit();
  }

  @Test
  void whatACrashedChildLeftBehindIsEnded() throws Exception {
    assumeTrue(onPath("setsid"), "needs setsid from util-linux");
    sh("trap '' TERM; sleep 1000 & echo $!; kill -9 $$");
    ProcessHandle left = process(heard.nextLine());

    assertThat(heard.exit()).isEqualTo(new Ended(137, false));
    awaitEnd(left);
  }

  @Test
  void aProcessThatHoldsTheStreamsOpenDoesNotDelayTheEndForEver() throws Exception {
    assumeTrue(onPath("setsid"), "needs setsid from util-linux");
    sh("setsid sleep 1000 & echo $!; exit 5");
    ProcessHandle daemon = process(heard.nextLine());

    assertThat(heard.exit()).isEqualTo(new Ended(5, false));
    daemon.destroyForcibly();
  }

  @Test
  void aChildThatDoesNotReadFillsTheQueueAndStopsNobody() throws Exception {
    ChildProcess deaf = sh("echo ready; exec sleep 1000");
    heard.nextLine();
    byte[] line = new byte[50_000];
    java.util.Arrays.fill(line, (byte) 'x');
    int taken = 0;
    while (deaf.send(line)) {
      taken++;
      assertThat(taken).as("lines taken for a child that reads none").isLessThan(20);
    }

    assertThat(taken).as("what fits into the queue").isGreaterThanOrEqualTo(4);
    deaf.close();
    assertThat(heard.exit())
        .as("the writer, stuck in the pipe, is no obstacle")
        .isEqualTo(new Ended(143, true));
  }

  @Test
  void anOversizedLineIsSkippedAndTheNextOneArrives() throws Exception {
    sh("head -c 3000000 /dev/zero | tr '\\0' z; echo; echo next");

    assertThat(heard.nextLine()).isEqualTo("next");
    assertThat(heard.oversized.poll()).isEqualTo("z".repeat(LineReader.HEAD));
    assertThat(heard.oversized).isEmpty();
    heard.exit();
  }

  @Test
  void aPauseHoldsLinesBackAndLosesNone() throws Exception {
    CountDownLatch paused = new CountDownLatch(1);
    ChildProcess[] child = new ChildProcess[1];
    CountDownLatch assigned = new CountDownLatch(1);
    Recorder pausing =
        new Recorder() {
          @Override
          public void line(byte[] line) {
            super.line(line);
            if (paused.getCount() > 0) {
              awaitQuietly(assigned);
              child[0].pauseReading();
              paused.countDown();
            }
          }
        };
    child[0] = start(spec(List.of("sh", "-c", "seq 1 50000")), pausing);
    assigned.countDown();

    assertThat(paused.await(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(pausing.lines).containsExactly("1");
    assertThat(pausing.exits).isEmpty();
    child[0].resumeReading();
    assertThat(pausing.exit()).isEqualTo(new Ended(0, false));
    assertThat(pausing.lines).hasSize(50_000).endsWith("50000");
  }

  @Test
  void closingEndsAPause() throws Exception {
    ChildProcess cat = sh("exec cat");
    cat.pauseReading();
    cat.send("said while paused".getBytes(UTF_8));
    cat.close();

    assertThat(heard.exit()).isEqualTo(new Ended(0, true));
    assertThat(heard.lines).containsExactly("said while paused");
  }

  @Test
  void aListenerThatThrowsLosesOneLineOnly() throws Exception {
    Recorder choosy =
        new Recorder() {
          @Override
          public void line(byte[] line) {
            if (line[0] == '2') {
              throw new IllegalStateException("not this one");
            }
            super.line(line);
          }
        };
    start(spec(List.of("sh", "-c", "echo 1; echo 2; echo 3")), choosy);

    assertThat(choosy.exit()).isEqualTo(new Ended(0, false));
    assertThat(choosy.lines).containsExactly("1", "3");
  }

  @Test
  void stderrIsHeardLineByLine() throws Exception {
    sh("echo first >&2; printf 'second\\033[31m red' >&2");

    heard.exit();
    assertThat(heard.stderr).containsExactly("first", "second red");
  }

  @Test
  void aSecretOnStderrIsNotHeardHoweverItIsWritten() throws Exception {
    String key = String.join("\n", Secrets.key(25));
    start(
        ChildSpec.of(
            "talkative",
            List.of(
                "sh",
                "-c",
                """
                printf '%s\n' "$KEY" | while IFS= read -r line; do echo "$line" >&2; done
                printf "with $FIRST" >&2; ls /dev/null; echo "$REST now" >&2
                printf '%5000s%s\n' '' "$FIRST$REST" >&2
                """),
            Map.of(
                "KEY",
                key,
                "FIRST",
                Secrets.TOKEN.substring(0, 17),
                "REST",
                Secrets.TOKEN.substring(17))),
        heard);

    heard.exit();
    assertThat(heard.stderr).hasSize(3);
    assertThat(heard.stderr.get(0)).isEqualTo("[REDACTED:private-key]");
    assertThat(heard.stderr.get(1)).isEqualTo("with [REDACTED:github-ghp] now");
    assertThat(heard.stderr.get(2)).endsWith(" [cut]").doesNotContain("ghp_");
  }

  @Test
  void theLastLineOfAChildThatFallsSilentIsHeard() throws Exception {
    sh("echo waiting for the database >&2; exec cat");

    assertThat(heard.firstStderr.get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS))
        .isEqualTo("waiting for the database");
  }

  @Test
  void aChildSeesOnlyTheBasicsOfOurEnvironmentAndWhatItWasGiven() throws Exception {
    ChildSpec spec = ChildSpec.of("env", List.of("env"), Map.of("API_KEY", "k1", "LANG", "xx"));
    start(spec, heard);
    heard.exit();

    List<String> names = heard.lines.stream().map(l -> l.substring(0, l.indexOf('='))).toList();
    assertThat(names).contains("PATH", "API_KEY");
    assertThat(names)
        .allMatch(name -> name.equals("API_KEY") || ChildEnvironment.INHERITED.contains(name));
    assertThat(heard.lines).contains("API_KEY=k1", "LANG=xx");
    assertThat(spec.toString()).doesNotContain("k1");
  }

  @Test
  void noShellReadsTheArguments() throws Exception {
    start(spec(List.of("echo", "$(echo pwned); `id` & $HOME")), heard);

    assertThat(heard.nextLine()).isEqualTo("$(echo pwned); `id` & $HOME");
    heard.exit();
  }

  @Test
  void theCommandIsFoundInTheChildsOwnPathAndFolder(@TempDir Path folder) throws Exception {
    Path tool = Files.writeString(folder.resolve("my-tool"), "#!/bin/sh\necho found; pwd\n");
    assertThat(tool.toFile().setExecutable(true)).isTrue();
    ChildSpec base = spec(List.of("my-tool"));
    start(
        new ChildSpec(
            "tool",
            base.command(),
            Map.of("PATH", folder + ":/usr/bin:/bin"),
            folder,
            base.maxLineBytes(),
            base.maxQueuedBytes(),
            base.exitGrace(),
            base.termGrace()),
        heard);

    assertThat(heard.nextLine()).isEqualTo("found");
    assertThat(Path.of(heard.nextLine()).toRealPath()).isEqualTo(folder.toRealPath());
    heard.exit();
  }

  private static boolean onPath(String tool) {
    return ChildEnvironment.find(tool, System.getenv(), null) != null;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
