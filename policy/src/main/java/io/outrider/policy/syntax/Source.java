package io.outrider.policy.syntax;

import java.util.Arrays;
import java.util.Objects;

/// A text with a name and an index of its lines.
public final class Source {
  private final String name;
  private final String text;
  private final int[] lineStarts;

  public Source(String name, String text) {
    this.name = Objects.requireNonNull(name, "name");
    this.text = Objects.requireNonNull(text, "text");
    this.lineStarts = lineStarts(text);
  }

  private static int[] lineStarts(String text) {
    int[] starts = new int[16];
    int count = 1;
    for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, count * 2);
      }
      starts[count++] = i + 1;
    }
    return Arrays.copyOf(starts, count);
  }

  public String name() {
    return name;
  }

  public String text() {
    return text;
  }

  int row(int offset) {
    int found = Arrays.binarySearch(lineStarts, offset);
    return found >= 0 ? found + 1 : -found - 1;
  }

  int col(int offset) {
    int start = lineStarts[row(offset) - 1];
    return text.codePointCount(start, Math.min(offset, text.length())) + 1;
  }

  String line(int row) {
    int start = lineStarts[row - 1];
    int end = row < lineStarts.length ? lineStarts[row] - 1 : text.length();
    String line = text.substring(start, Math.max(start, end));
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  @Override
  public String toString() {
    return name;
  }
}
