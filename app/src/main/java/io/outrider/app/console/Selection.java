package io.outrider.app.console;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.verify.LogEntry;
import io.outrider.review.index.LogIndex;
import io.outrider.review.index.Page;
import io.outrider.review.index.Row;
import io.outrider.review.query.Query;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/// Everything a query finds, as a file: the records as they stand in the log, byte for byte, in
/// order of the calls they begin.
final class Selection {
  private static final int PAGE = 1_000;

  private final LogIndex index;
  private final Query query;

  Selection(LogIndex index, Query query) {
    this.index = index;
    this.query = query;
  }

  void write(OutputStream out) throws IOException {
    Optional<Page.Cursor> at = Optional.empty();
    try {
      do {
        Page page = index.search(query, at.orElse(null), Page.Order.OLDEST, PAGE);
        for (Row row : page.rows()) {
          line(out, row.entry());
          if (row.end().isPresent()) {
            line(out, row.end().get());
          }
        }
        at = page.next();
      } while (at.isPresent());
    } catch (FormatException e) {
      throw new IOException("the log is damaged: " + e.getMessage(), e);
    }
  }

  private static void line(OutputStream out, LogEntry entry) throws IOException {
    out.write(entry.leaf().bytes());
    out.write('\n');
  }
}
