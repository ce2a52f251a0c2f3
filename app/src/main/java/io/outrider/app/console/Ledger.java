package io.outrider.app.console;

import io.outrider.audit.record.Event;
import java.util.Map;

/// Puts into the audit log that it was read.
@FunctionalInterface
public interface Ledger {
  /// Returns when the record is durable, or will be: nothing is shown before.
  ///
  /// @throws NotRecordedException if it cannot be recorded; then nothing is shown
  void record(Event.Kind kind, Map<String, String> fields) throws NotRecordedException;
}
