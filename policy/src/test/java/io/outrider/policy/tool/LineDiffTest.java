package io.outrider.policy.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LineDiffTest {
  private static final Pattern HUNK = Pattern.compile("@@ -(\\d+),(\\d+) \\+(\\d+),(\\d+) @@");

  @Test
  void equalTextsHaveNoDifference() {
    assertThat(LineDiff.unified("x", "a\nb\n", "a\nb\n")).isEmpty();
  }

  @Test
  void distantChangesAreHunksOfTheirOwn() {
    String before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
    String after = before.replace("2\n3", "two\n3").replace("11\n", "");

    assertThat(LineDiff.unified("x", "a\n" + "=\n".repeat(8) + "b\n", "A\n" + "=\n".repeat(8)))
        .isEqualTo(
            """
            --- x
            +++ x
            @@ -1,4 +1,4 @@
            -a
            +A
             =
             =
             =
            @@ -7,4 +7,3 @@
             =
             =
             =
            -b
            """);
    assertThat(patched(before, LineDiff.unified("x", before, after))).isEqualTo(after);
  }

  @Test
  void differencesLeadFromOneTextToTheOther() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      String before = text(random);
      String after = text(random);
      assertThat(patched(before, LineDiff.unified("x", before, after)))
          .as("%s -> %s", before, after)
          .isEqualTo(after);
    }
  }

  private static String text(Random random) {
    StringBuilder out = new StringBuilder();
    for (int n = random.nextInt(30); n > 0; n--) {
      out.append((char) ('a' + random.nextInt(4))).append('\n');
    }
    return out.toString();
  }

  /// What `patch` makes of a text.
  private static String patched(String before, String difference) {
    List<String> lines = before.lines().toList();
    List<String> out = new ArrayList<>();
    int at = 0;
    for (String line : difference.lines().skip(2).toList()) {
      Matcher hunk = HUNK.matcher(line);
      if (hunk.matches()) {
        int start = Integer.parseInt(hunk.group(1)) - 1;
        out.addAll(lines.subList(at, start));
        at = start;
        assertThat(out).hasSize(Integer.parseInt(hunk.group(3)) - 1);
      } else if (line.startsWith("+")) {
        out.add(line.substring(1));
      } else {
        assertThat(lines.get(at++)).isEqualTo(line.substring(1));
        if (line.startsWith(" ")) {
          out.add(line.substring(1));
        }
      }
    }
    out.addAll(lines.subList(at, lines.size()));
    return out.isEmpty() ? "" : String.join("\n", out) + "\n";
  }
}
