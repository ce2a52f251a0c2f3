package io.outrider.upstream.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PlainTextTest {

  private static String clean(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    PlainText cleaner = new PlainText();
    String whole = cleaner.next(bytes, bytes.length) + cleaner.end();
    for (int cut = 0; cut <= bytes.length; cut++) {
      byte[] rest = Arrays.copyOfRange(bytes, cut, bytes.length);
      String parts = cleaner.next(bytes, cut) + cleaner.next(rest, rest.length) + cleaner.end();
      assertThat(parts).as("cut at %d", cut).isEqualTo(whole);
    }
    return whole;
  }

  @Test
  void whatWouldForgeLogLinesOrMoveTheCursorIsTakenOut() {
    assertThat(clean("\u001b[1;31mred\u001b[0m\tplain")).isEqualTo("red\tplain");
    assertThat(clean("a\rb\u0000c\u0085d\u2028e\u202ef"))
        .isEqualTo("a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf");
    assertThat(clean("cut \u001b[")).isEqualTo("cut ");
    assertThat(clean("\u001b]0;title\u0007")).isEqualTo("\ufffd]0;title\ufffd");
    assertThat(clean("\u001b\u001b[1mx\u001b")).isEqualTo("\ufffdx\ufffd");
    assertThat(clean("grüße, 世界 🙂")).isEqualTo("grüße, 世界 🙂");
  }

  @Test
  void aLineEndIsOneHoweverItIsWritten() {
    assertThat(clean("one\r\ntwo\nthree\u001b[3\nfour\r")).isEqualTo("one\ntwo\nthree\nfour\ufffd");
  }

  @Test
  void brokenCharactersAreMarked() {
    PlainText cleaner = new PlainText();
    byte[] bytes = {'a', (byte) 0xff, 'b', (byte) 0xe4, (byte) 0xb8};
    assertThat(cleaner.next(bytes, bytes.length) + cleaner.end()).isEqualTo("a\ufffdb\ufffd");
  }
}
