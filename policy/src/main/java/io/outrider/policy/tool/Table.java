package io.outrider.policy.tool;

import java.util.ArrayList;
import java.util.List;

/// A table with ruled lines, as `opa` draws them.
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(List<String> header) {
    rows.add(header);
  }

  void row(List<String> cells) {
    rows.add(cells);
  }

  @Override
  public String toString() {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    StringBuilder out = new StringBuilder();
    rule(out, widths, "┌┬┐");
    for (int i = 0; i < rows.size(); i++) {
      List<String> row = rows.get(i);
      for (int c = 0; c < widths.length; c++) {
        int space = widths[c] - width(row.get(c));
        int before = i == 0 ? space / 2 : 0;
        out.append("│ ").repeat(' ', before).append(row.get(c)).repeat(' ', space - before + 1);
      }
      out.append("│\n");
      if (i == 0) {
        rule(out, widths, "├┼┤");
      }
    }
    rule(out, widths, "└┴┘");
    return out.toString();
  }

  private static void rule(StringBuilder out, int[] widths, String corners) {
    for (int i = 0; i < widths.length; i++) {
      out.append(corners.charAt(i == 0 ? 0 : 1)).repeat('─', widths[i] + 2);
    }
    out.append(corners.charAt(2)).append('\n');
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
