package io.outrider.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class NeedlesTest {
  private static final int SLACK = 16;

  private static byte[] bytes(String text) {
    return Arrays.copyOf(text.getBytes(StandardCharsets.ISO_8859_1), text.length() + SLACK);
  }

  @Test
  void everyPlaceOfEveryValueIsFound() {
    var random = new SplittableRandom(5);
    int some = 0;
    for (int round = 0; round < 3_000; round++) {
      var made = new StringBuilder();
      for (int i = 20 + random.nextInt(120); i > 0; i--) {
        made.append("\u00e9@1bbaaaaa".charAt(random.nextInt(10)));
        if (random.nextInt(20) == 0) {
          // Long values come again as well.
          int from = random.nextInt(made.length());
          made.append(made, from, Math.min(made.length(), from + random.nextInt(40)));
        }
      }
      String text = made.toString();
      var needles = new Needles(bytes(text), text.length());
      Set<String> expected = new HashSet<>();
      Set<String> values = new HashSet<>();
      for (int needle = 0; needle < 1 + round % 6; needle++) {
        int start = random.nextInt(text.length() - Needles.LEAST);
        int stop =
            Math.min(text.length(), start + Needles.LEAST + random.nextInt(random.nextInt(1, 30)));
        needles.add(start, stop, needle);
        String value = text.substring(start, stop);
        if (values.add(value)) {
          for (int at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
            if (at != start) {
              expected.add(needle + " at " + at + " to " + (at + value.length()));
            }
          }
        }
      }
      Set<String> found = new HashSet<>();
      needles.find((needle, start, stop) -> {
        assertThat(found.add(needle + " at " + start + " to " + stop)).as("found once").isTrue();
        return true;
      });
      assertThat(found).as(text).isEqualTo(expected);
      some += found.isEmpty() ? 0 : 1;
    }
    assertThat(some).isGreaterThan(300);
  }

  /// The time is not the point: each value against each other would take minutes.
  @Test
  void manyValuesThatBeginAlikeAreNotTriedOneByOne() {
    int count = 100_000;
    var made = new StringBuilder();
    for (int half = 0; half < 2; half++) {
      for (int i = 0; i < count; i++) {
        made.append("same-beginning-%06d ".formatted(i));
      }
    }
    String text = made.toString();
    int length = text.length() / 2 / count;
    var needles = new Needles(bytes(text), text.length());
    var found = new AtomicInteger();
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          for (int i = 0; i < count; i++) {
            needles.add(i * length, i * length + length - 1, i);
          }
          needles.find((needle, start, stop) -> found.incrementAndGet() > 0);
        });
    assertThat(found.get()).isEqualTo(count);
  }
}
