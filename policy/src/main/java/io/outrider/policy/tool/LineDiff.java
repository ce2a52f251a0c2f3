package io.outrider.policy.tool;

import java.util.ArrayList;
import java.util.List;

/// The difference between two texts in the unified form that `diff -u` and `patch` know.
public final class LineDiff {
  /// Equal lines shown around a difference.
  private static final int CONTEXT = 3;

  private LineDiff() {}

  private record Line(char mark, String text) {}

  /// Empty if the texts are equal.
  public static String unified(String name, String before, String after) {
    if (before.equals(after)) {
      return "";
    }
    List<Line> lines = lines(split(before), split(after));
    StringBuilder out = new StringBuilder();
    out.append("--- ").append(name).append("\n+++ ").append(name).append('\n');
    int from = 0;
    int oldRow = 1;
    int newRow = 1;
    while (from < lines.size()) {
      int first = nextChange(lines, from);
      if (first < 0) {
        break;
      }
      int start = Math.max(from, first - CONTEXT);
      for (int i = from; i < start; i++) {
        oldRow++;
        newRow++;
      }
      int end = hunkEnd(lines, first);
      long removed = lines.subList(start, end).stream().filter(l -> l.mark != '+').count();
      long added = lines.subList(start, end).stream().filter(l -> l.mark != '-').count();
      out.append("@@ -%d,%d +%d,%d @@\n".formatted(oldRow, removed, newRow, added));
      lines.subList(start, end).forEach(l -> out.append(l.mark).append(l.text).append('\n'));
      oldRow += (int) removed;
      newRow += (int) added;
      from = end;
    }
    return out.toString();
  }

  private static int nextChange(List<Line> lines, int from) {
    for (int i = from; i < lines.size(); i++) {
      if (lines.get(i).mark != ' ') {
        return i;
      }
    }
    return -1;
  }

  /// Changes with few equal lines between them are shown as one.
  private static int hunkEnd(List<Line> lines, int first) {
    int last = first;
    for (int next = first; next >= 0 && next - last <= 2 * CONTEXT; ) {
      last = next;
      next = nextChange(lines, next + 1);
    }
    return Math.min(lines.size(), last + 1 + CONTEXT);
  }

  private static List<String> split(String text) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    if (!text.isEmpty() && !text.endsWith("\n")) {
      lines.add("\\ No newline at end of file");
    }
    return lines;
  }

  /// The longest common subsequence, after what is equal at both ends has been set aside.
  private static List<Line> lines(List<String> a, List<String> b) {
    int head = 0;
    while (head < a.size() && head < b.size() && a.get(head).equals(b.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < a.size() - head
        && tail < b.size() - head
        && a.get(a.size() - 1 - tail).equals(b.get(b.size() - 1 - tail))) {
      tail++;
    }
    List<Line> out = new ArrayList<>();
    a.subList(0, head).forEach(line -> out.add(new Line(' ', line)));
    middle(a.subList(head, a.size() - tail), b.subList(head, b.size() - tail), out);
    a.subList(a.size() - tail, a.size()).forEach(line -> out.add(new Line(' ', line)));
    return out;
  }

  private static void middle(List<String> a, List<String> b, List<Line> out) {
    int[][] common = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        common[i][j] =
            a.get(i).equals(b.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
        out.add(new Line(' ', a.get(i++)));
        j++;
      } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
        out.add(new Line('-', a.get(i++)));
      } else {
        out.add(new Line('+', b.get(j++)));
      }
    }
  }
}
