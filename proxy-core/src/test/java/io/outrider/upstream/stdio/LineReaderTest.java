package io.outrider.upstream.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LineReaderTest {

  private static final int MAX = 10;

  private static List<String> read(InputStream in) throws IOException {
    List<String> seen = new ArrayList<>();
    new LineReader(
            in,
            MAX,
            4,
            new LineReader.Sink() {
              @Override
              public void line(byte[] line) {
                seen.add(new String(line, UTF_8));
              }

              @Override
              public void oversized(byte[] head) {
                seen.add("!" + new String(head, UTF_8));
              }
            })
        .run();
    return seen;
  }

  private static List<String> read(String text) throws IOException {
    return read(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  @Test
  void linesEndWithLfOrCrLfAndEmptyOnesAreNone() throws IOException {
    assertThat(read("one\ntwo\r\n\n\r\nthree")).containsExactly("one", "two", "three");
  }

  @Test
  void aCarriageReturnInsideALineStays() throws IOException {
    assertThat(read("a\rb\r\r\n")).containsExactly("a\rb\r");
  }

  @Test
  void theBoundIsExactAndDoesNotCountTheLineEnd() throws IOException {
    assertThat(read("0123456789\n0123456789\r\n0123456789A\nz\n"))
        .containsExactly("0123456789", "0123456789", "!0123", "z");
    assertThat(read("0123456789")).containsExactly("0123456789");
    assertThat(read("0123456789A")).containsExactly("!0123");
  }

  @Test
  void anOversizedLineIsSkippedToItsEndAndReportedOnce() throws IOException {
    assertThat(read("x".repeat(1_000_000) + "\nnext\n" + "y".repeat(500)))
        .containsExactly("!xxxx", "next", "!yyyy");
  }

  @Test
  void anEndlessLineTakesNoMemory() throws IOException {
    InputStream endless =
        new InputStream() {
          private long left = 300_000_000L;

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int read(byte[] b, int off, int len) {
            int n = (int) Math.min(len, left);
            left -= n;
            java.util.Arrays.fill(b, off, off + n, (byte) 'z');
            return n == 0 ? -1 : n;
          }
        };

    assertThat(read(endless)).containsExactly("!zzzz");
  }

  @Test
  void howTheStreamIsCutUpDoesNotMatter() throws IOException {
    long seed = Long.getLong("test.seed", 1);
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      text.append("abcdefghijklmnopq", 0, random.nextInt(17));
      text.append(random.nextBoolean() ? "\n" : "\r\n");
    }
    byte[] bytes = text.toString().getBytes(UTF_8);
    InputStream dribbling =
        new ByteArrayInputStream(bytes) {
          @Override
          public int read(byte[] b, int off, int len) {
            return super.read(b, off, Math.min(len, 1 + random.nextInt(7)));
          }
        };

    assertThat(read(dribbling)).as("seed %d", seed).isEqualTo(read(text.toString()));
  }
}
