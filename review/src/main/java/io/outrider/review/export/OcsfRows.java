package io.outrider.review.export;

import io.outrider.audit.verify.SafeText;
import io.outrider.review.index.Row;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/// Rows as OCSF events, one a line.
final class OcsfRows implements RowWriter {
  private final OutputStream out;
  private final Ocsf ocsf;
  private final JsonMapper json = JsonMapper.shared();

  OcsfRows(OutputStream out, Ocsf ocsf) {
    this.out = out;
    this.ocsf = ocsf;
  }

  @Override
  public void row(Row row) throws IOException {
    String line = SafeText.json(json.writeValueAsString(ocsf.event(row)));
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void end() throws IOException {
    out.flush();
  }
}
