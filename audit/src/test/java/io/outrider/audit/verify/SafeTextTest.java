package io.outrider.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SafeTextTest {
  @Test
  void nothingThatMovesTheCursorOrTurnsTheTextGetsThrough() {
    assertThat(SafeText.of("a\u001b[2Jb\nc\rd\u202ee\u2066f\u200bg\u2028h\u0085i\ufeffj\ud800k"))
        .isEqualTo(
            "a<U+001B>[2Jb<U+000A>c<U+000D>d<U+202E>e<U+2066>f<U+200B>g<U+2028>h<U+0085>i<U+FEFF>j<U+D800>k");
    assertThat(SafeText.of("caf\u00e9 \u65e5\u672c \ud83d\ude00"))
        .isEqualTo("caf\u00e9 \u65e5\u672c \ud83d\ude00");
    assertThat(SafeText.of("abcdef", 3)).isEqualTo("abc\u2026");
  }

  @Test
  void jsonKeepsItsMeaning() {
    assertThat(SafeText.json("{\"a\":\"x\u202ey\u007f\"}"))
        .isEqualTo("{\"a\":\"x\\u202ey\\u007f\"}");
  }
}
