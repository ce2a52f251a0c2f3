package io.outrider.app.cli;

import io.outrider.app.terminal.Terminal;
import io.outrider.audit.verify.SafeText;
import io.outrider.review.export.Csv;
import io.outrider.review.sql.SqlAnswer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What an SQL statement gave.
final class SqlTable {
  private static final int PART = 80;

  private final Terminal terminal;
  private final SqlAnswer answer;

  SqlTable(Terminal terminal, SqlAnswer answer) {
    this.terminal = terminal;
    this.answer = answer;
  }

  void print(RowFormat format) {
    switch (format) {
      case table, ocsf -> table();
      case csv -> {
        terminal.out().print(csv(answer.columns()) + "\r\n");
        answer.rows().forEach(row -> terminal.out().print(csv(row) + "\r\n"));
      }
      case json -> terminal.out().println(SafeText.json(json(objects())));
      case jsonl -> objects().forEach(row -> terminal.out().println(SafeText.json(json(row))));
    }
  }

  private static String csv(List<? extends @Nullable Object> row) {
    return row.stream().map(SqlTable::text).map(Csv::cell).collect(Collectors.joining(","));
  }

  private static String json(Object value) {
    return JsonMapper.shared().writeValueAsString(value);
  }

  private List<Map<String, @Nullable Object>> objects() {
    List<Map<String, @Nullable Object>> objects = new ArrayList<>();
    for (List<@Nullable Object> row : answer.rows()) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      for (int i = 0; i < row.size(); i++) {
        object.put(
            answer.columns().get(i),
            row.get(i) instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : row.get(i));
      }
      objects.add(object);
    }
    return objects;
  }

  private void table() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(answer.columns());
    answer.rows().forEach(row -> lines.add(row.stream().map(SqlTable::text).toList()));
    int[] widths = new int[answer.columns().size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], SafeText.of(line.get(i), PART).length());
      }
    }
    for (int n = 0; n < lines.size(); n++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String cell = SafeText.of(lines.get(n).get(i), PART);
        text.append(i == 0 ? "" : "  ").append(cell).append(" ".repeat(widths[i] - cell.length()));
      }
      String line = text.toString().stripTrailing();
      terminal.out().println(n == 0 ? terminal.style().bold(line) : line);
    }
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      default -> value.toString();
    };
  }
}
