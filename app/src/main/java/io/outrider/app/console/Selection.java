package io.outrider.app.console;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import io.outrider.review.export.Evidence;
import io.outrider.review.export.RowWriter;
import io.outrider.review.index.LogIndex;
import io.outrider.review.index.Page;
import io.outrider.review.index.Row;
import io.outrider.review.query.Query;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.LongStream;

/// Everything a query finds, oldest first, as a file of one format.
final class Selection {
  private static final int PAGE = 1_000;

  private final LogSource source;
  private final LogIndex index;
  private final Query query;

  Selection(LogSource source, LogIndex index, Query query) {
    this.source = source;
    this.index = index;
    this.query = query;
  }

  /// What a file can be.
  enum Format {
    /// One flat object a row.
    JSONL("jsonl", "application/x-ndjson"),
    /// The same for spreadsheets.
    CSV("csv", "text/csv; charset=utf-8"),
    /// Open Cybersecurity Schema Framework.
    OCSF("ocsf", "application/x-ndjson"),
    /// The leaves, byte for byte.
    RECORDS("records", "application/x-ndjson"),
    /// Records, proofs, checkpoint and policies in a zip.
    EVIDENCE("evidence", "application/zip");

    private final String slug;
    private final String type;

    Format(String slug, String type) {
      this.slug = slug;
      this.type = type;
    }

    static Format of(String slug) throws BadRequest {
      for (Format format : values()) {
        if (format.slug.equals(slug)) {
          return format;
        }
      }
      throw new BadRequest("as: '" + slug + "' (expected: jsonl, csv, ocsf, records or evidence)");
    }

    String slug() {
      return slug;
    }

    String type() {
      return type;
    }

    String fileName() {
      return switch (this) {
        case JSONL -> "outrider-audit.jsonl";
        case CSV -> "outrider-audit.csv";
        case OCSF -> "outrider-audit.ocsf.jsonl";
        case RECORDS -> "outrider-audit.records.jsonl";
        case EVIDENCE -> "outrider-evidence.zip";
      };
    }
  }

  /// @param origin name of the log
  /// @param version of this product
  void write(Format format, String origin, String version, Instant now, OutputStream out)
      throws IOException, FormatException {
    switch (format) {
      case JSONL -> rows(RowWriter.jsonLines(out));
      case CSV -> rows(RowWriter.csv(out));
      case OCSF -> rows(RowWriter.ocsf(out, origin, version));
      case RECORDS ->
          each(row -> {
            line(out, row.entry());
            if (row.end().isPresent()) {
              line(out, row.end().get());
            }
          });
      case EVIDENCE ->
          Evidence.write(
              source, indices(), query.text(), "", format.fileName(), now, out, written -> {});
    }
  }

  private void rows(RowWriter writer) throws IOException, FormatException {
    each(writer::row);
    writer.end();
  }

  private long[] indices() throws IOException, FormatException {
    LongStream.Builder indices = LongStream.builder();
    each(row -> {
      indices.add(row.index());
      row.end().ifPresent(end -> indices.add(end.index()));
    });
    return indices.build().sorted().distinct().toArray();
  }

  private interface Each {
    void row(Row row) throws IOException;
  }

  private void each(Each take) throws IOException, FormatException {
    Optional<Page.Cursor> at = Optional.empty();
    do {
      Page page = index.search(query, at.orElse(null), Page.Order.OLDEST, PAGE);
      for (Row row : page.whole()) {
        take.row(row);
      }
      at = page.next();
    } while (at.isPresent());
  }

  private static void line(OutputStream out, LogEntry entry) throws IOException {
    out.write(entry.leaf().bytes());
    out.write('\n');
  }
}
