package io.outrider.review.index;

import io.outrider.audit.verify.LogEntry;
import java.util.List;

/// One call from its intent or refusal to its end.
///
/// @param records all records with the call's id, in the order of the log
public record Timeline(Row row, List<LogEntry> records) {
  public Timeline {
    records = List.copyOf(records);
  }
}
