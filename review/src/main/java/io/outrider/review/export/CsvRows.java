package io.outrider.review.export;

import io.outrider.review.index.Row;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Rows as comma-separated values (RFC 4180).
final class CsvRows implements RowWriter {
  private final OutputStream out;
  private boolean begun;

  CsvRows(OutputStream out) {
    this.out = out;
  }

  @Override
  public void row(Row row) throws IOException {
    begin();
    line(Flat.of(row).values());
  }

  @Override
  public void end() throws IOException {
    begin();
    out.flush();
  }

  private void begin() throws IOException {
    if (!begun) {
      begun = true;
      line(Flat.NAMES);
    }
  }

  private void line(Collection<? extends @Nullable Object> values) throws IOException {
    String line =
        values.stream().map(CsvRows::text).map(Csv::cell).collect(Collectors.joining(","));
    out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case Collection<?> list ->
          list.stream().map(String::valueOf).collect(Collectors.joining("; "));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> e.getKey() + "=" + e.getValue())
              .collect(Collectors.joining("; "));
      default -> value.toString();
    };
  }
}
