package io.outrider.review.export;

import io.outrider.audit.verify.SafeText;
import io.outrider.review.index.Row;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Rows as JSON, one a line, with everything escaped that a terminal might obey.
final class JsonRows implements RowWriter {
  private final OutputStream out;
  private final boolean lines;
  private final JsonMapper json = JsonMapper.shared();
  private boolean first = true;

  JsonRows(OutputStream out, boolean lines) {
    this.out = out;
    this.lines = lines;
  }

  @Override
  public void row(Row row) throws IOException {
    Map<String, @Nullable Object> flat = Flat.of(row);
    flat.values().removeIf(value -> value == null || (value instanceof Map<?, ?> m && m.isEmpty()));
    String line = SafeText.json(json.writeValueAsString(flat));
    String begin = lines ? "" : first ? "[\n" : ",\n";
    out.write((begin + line + (lines ? "\n" : "")).getBytes(StandardCharsets.UTF_8));
    first = false;
  }

  @Override
  public void end() throws IOException {
    if (!lines) {
      out.write((first ? "[]\n" : "\n]\n").getBytes(StandardCharsets.UTF_8));
    }
    out.flush();
  }
}
