package io.outrider.review.export;

import io.outrider.review.index.Row;
import java.io.IOException;
import java.io.OutputStream;

/// Writes rows one after the other in one format. Not thread-safe.
public interface RowWriter {

  void row(Row row) throws IOException;

  /// After the last row. Does not close what is written to.
  void end() throws IOException;

  /// One flat JSON object on a line for each row.
  static RowWriter jsonLines(OutputStream out) {
    return new JsonRows(out, true);
  }

  /// One JSON array.
  static RowWriter json(OutputStream out) {
    return new JsonRows(out, false);
  }

  /// Comma-separated values with a header line, safe to open in a spreadsheet.
  static RowWriter csv(OutputStream out) {
    return new CsvRows(out);
  }

  /// One OCSF event on a line for each row.
  ///
  /// @param origin name of the log
  /// @param version of this product
  static RowWriter ocsf(OutputStream out, String origin, String version) {
    return new OcsfRows(out, new Ocsf(origin, version));
  }
}
