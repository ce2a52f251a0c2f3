package io.outrider.upstream.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StderrTapTest {

  private final AtomicLong now = new AtomicLong(77);
  private final Recorder heard = new Recorder();

  /// What waits for a pause to go by.
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  private final StderrTap tap = new StderrTap(heard, Secrets.redactor(), now::get, waiting::add);

  private void write(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    tap.piece(bytes, bytes.length);
  }

  private void say(int lines) {
    for (int i = 0; i < lines; i++) {
      write("line " + i + "\n");
    }
    while (!waiting.isEmpty()) {
      pause();
    }
  }

  private void pause() {
    waiting.remove().run();
  }

  @Test
  void aBurstPassesAndAFloodIsCountedInstead() {
    say(StderrTap.BURST + 50);
    assertThat(heard.stderr).hasSize(StderrTap.BURST);
    assertThat(heard.dropped).isEmpty();

    now.addAndGet(1_000_000_000L);
    say(StderrTap.PER_SECOND + 5);
    assertThat(heard.stderr).hasSize(StderrTap.BURST + StderrTap.PER_SECOND);
    assertThat(heard.dropped).containsExactly(50L);

    tap.end();
    assertThat(heard.dropped).containsExactly(50L, 5L);
  }

  @Test
  void aSteadyVoiceIsNeverCut() {
    for (int i = 0; i < 1000; i++) {
      say(1);
      now.addAndGet(1_000_000_000L / StderrTap.PER_SECOND);
    }
    tap.end();

    assertThat(heard.stderr).hasSize(1000);
    assertThat(heard.dropped).isEmpty();
  }

  @Test
  void aLongLineIsCutAndSaysSo() {
    String words = "beginning and so on, ".repeat(300);
    write(words.substring(0, 5000));
    write(words.substring(5000) + "\nnext\r\n");
    tap.end();

    assertThat(heard.stderr)
        .containsExactly(words.substring(0, StderrTap.MAX_LINE) + " [cut]", "next");
  }

  @Test
  void aSecretThatTheCutWouldHalveIsTakenOutFirst() {
    String before = "beginning and so on, ".repeat(300).substring(0, StderrTap.MAX_LINE - 35);
    write(before + " " + Secrets.TOKEN + " and more\n");
    tap.end();

    assertThat(heard.stderr).hasSize(1);
    assertThat(heard.stderr.getFirst()).startsWith(before).doesNotContain("ghp_");
  }

  @Test
  void aSecretIsTakenOutHoweverItComes() {
    String text = "using " + Secrets.TOKEN + " now\n";
    for (char c : text.toCharArray()) {
      write(String.valueOf(c));
    }
    write("using \u001b[1m" + Secrets.TOKEN.substring(0, 9) + "\u001b[31m");
    write(Secrets.TOKEN.substring(9) + "\u001b[0m now\n");
    tap.end();

    String clean = "using [REDACTED:github-ghp] now";
    assertThat(heard.stderr).containsExactly(clean, clean);
  }

  @Test
  void whatIsOnlyToldOfElsewhereIsTakenOutOfALog() {
    write("myKey = q8Zt3vLx0RbN5wYcTf6hJd92kSaPoE4u\n");
    tap.end();

    assertThat(heard.stderr).hasSize(1);
    assertThat(heard.stderr.getFirst()).contains("generic-assigned-secret");
  }

  @Test
  void aPrivateKeyOfManyLinesIsOneLine() {
    String[] key = Secrets.key(25);
    write("loaded:\n");
    for (String line : key) {
      write(line + "\r\n");
    }
    write("ready\n");
    tap.end();

    assertThat(heard.stderr).containsExactly("loaded:", "[REDACTED:private-key]", "ready");
  }

  @Test
  void aPrivateKeyThatTricklesIsStillOne() {
    String[] key = Secrets.key(5);
    for (String line : key) {
      write(line + "\n");
      while (!waiting.isEmpty()) {
        pause();
      }
    }
    write("ready\n");
    tap.end();

    assertThat(heard.stderr).containsExactly("[REDACTED:private-key]", "ready");
  }

  @Test
  void aPrivateKeyThatIsDroppedForItsHasteHidesTheRestOfItself() {
    String[] key = Secrets.key(25);
    say(StderrTap.BURST);
    write(String.join("\n", Arrays.copyOf(key, 12)) + "\n");
    now.addAndGet(3_000_000_000L);
    write(String.join("\n", Arrays.copyOfRange(key, 12, key.length)) + "\nready\n");
    tap.end();

    assertThat(heard.stderr.subList(StderrTap.BURST, heard.stderr.size()))
        .containsExactly("[REDACTED:private-key]", "ready");
  }

  @Test
  void theLastWordsDoNotWaitForMore() {
    write("failed to open the database\n");
    int before = heard.stderr.size();
    assertThat(waiting).as("%s", heard.stderr).hasSize(1 - before);
    if (before == 0) {
      pause();
    }

    assertThat(heard.stderr).containsExactly("failed to open the database");
  }

  @Test
  void whoGoesOnTalkingIsWaitedForOnce() {
    write("the first of them\n");
    write("the second\n");
    write("and a third of ");
    assertThat(waiting).hasSizeLessThanOrEqualTo(1);
    while (!waiting.isEmpty()) {
      pause();
    }
    write("three\n");
    tap.end();

    assertThat(heard.stderr)
        .containsExactly("the first of them", "the second", "and a third of three");
  }

  @Test
  void nothingIsSaidAfterTheEnd() {
    write("last words");
    tap.end();
    write("too late\n");
    tap.end();
    while (!waiting.isEmpty()) {
      pause();
    }

    assertThat(heard.stderr).containsExactly("last words");
  }
}
