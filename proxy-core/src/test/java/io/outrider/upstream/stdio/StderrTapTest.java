package io.outrider.upstream.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StderrTapTest {

  private final AtomicLong now = new AtomicLong(77);
  private final Recorder heard = new Recorder();
  private final StderrTap tap = new StderrTap(heard, now::get);

  private void say(int lines) {
    for (int i = 0; i < lines; i++) {
      tap.line(("line " + i).getBytes(UTF_8));
    }
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
  void whatWouldForgeLogLinesOrMoveTheCursorIsTakenOut() {
    assertThat(StderrTap.clean("\u001b[1;31mred\u001b[0m\tplain")).isEqualTo("red\tplain");
    assertThat(StderrTap.clean("a\rb\u0000c\u0085d\u2028e\u202ef"))
        .isEqualTo("a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf");
    assertThat(StderrTap.clean("cut \u001b[")).isEqualTo("cut ");
    assertThat(StderrTap.clean("\u001b]0;title\u0007")).isEqualTo("\ufffd]0;title\ufffd");
    assertThat(StderrTap.clean("grüße, 世界 🙂")).isEqualTo("grüße, 世界 🙂");
  }

  @Test
  void aLongLineIsCutAndSaysSo() {
    tap.oversized("beginning".getBytes(UTF_8));

    assertThat(heard.stderr).containsExactly("beginning [cut]");
  }
}
